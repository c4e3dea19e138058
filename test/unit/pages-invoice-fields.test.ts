import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { computeTotals } from '../../functions/invoices/totals.ts';
import { amountText } from '../../functions/pages/amount-text.ts';
import { editedLines, lineEditOf } from '../../functions/pages/edit-lines.ts';
import { invoiceMessages, paymentMessages } from '../../functions/pages/form-messages.ts';
import {
  BLANK_LINE,
  invoiceInput,
  type LineFields,
  readInvoiceFields,
} from '../../functions/pages/invoice-fields.ts';
import { uncountedWords } from '../../functions/pages/render-totals.ts';
import { totalsView } from '../../functions/pages/totals-view.ts';
import { readRepInvoice } from '../../functions/rep/rep-input.ts';

const line = (changes: Partial<LineFields> = {}): LineFields => ({
  ...BLANK_LINE,
  description: 'Work',
  unitPrice: '100',
  taxRate: '19',
  ...changes,
});

const fields = (lines: LineFields[], changes = {}) => ({
  ...readInvoiceFields([
    ['customer.name', 'Acme GmbH'],
    ['currency', 'EUR'],
    ['issueDate', '2026-11-22'],
    ['dueDate', '2026-12-22'],
  ]),
  lines,
  ...changes,
});

describe('the fields of the form as the ledger’s input', () => {
  test('what was left empty is left out, percentages become fractions, address lines a list', () => {
    const typed = readInvoiceFields([
      ['customer.name', ' Acme GmbH '],
      ['customer.address', 'Uferstraße 12\r\n\r\n 20457 Hamburg '],
      ['currency', 'EUR'],
      ['issueDate', '2026-11-22'],
      ['dueDate', '2026-12-22'],
      ['lines[1].description', 'Second\r\nline'],
      ['lines[1].unitPrice', '7,5'],
      ['lines[1].quantity', '2'],
      ['lines[1].discount', '10'],
      ['lines[1].discountKind', 'rate'],
      ['lines[0].description', 'First'],
      ['lines[0].unitPrice', '1'],
      ['lines[0].quantity', '1'],
      ['formToken', 'ignored'],
    ]);
    expect(invoiceInput(typed).input).toEqual({
      customer: { name: 'Acme GmbH', address: ['Uferstraße 12', '20457 Hamburg'] },
      currency: 'EUR',
      issueDate: '2026-11-22',
      dueDate: '2026-12-22',
      lines: [
        { description: 'First', quantity: '1', unitPrice: '1' },
        { description: 'Second\nline', quantity: '2', unitPrice: '7.5', discountRate: '0.1' },
      ],
    });
  });

  test('blank lines are no part of the invoice, and problems are shown at the control they came from', () => {
    const typed = fields([
      { ...BLANK_LINE },
      line({ unitPrice: '-1' }),
      line({ discount: '200', discountKind: 'rate' }),
    ]);
    expect(invoiceMessages(typed)).toEqual([
      {
        field: 'lines[1].unitPrice',
        message: 'A price can’t be negative. For a credit, make the quantity negative.',
      },
      { field: 'lines[2].discount', message: 'Enter a percentage from 0 to 100, such as 19.' },
    ]);
  });

  test.each([
    [{ lines: [] }, 'lines', 'Enter at least one line.'],
    [{ lines: [line({ discount: '-5' })] }, 'lines[0].discount', 'A discount can’t be negative.'],
    [{ dueDate: '2026-11-21' }, 'dueDate', 'The due date can’t be before the issue date.'],
    [{ issueDate: '' }, 'issueDate', 'Enter a date.'],
    [{ currency: '' }, 'currency', 'Choose a currency.'],
    [
      { currency: 'JPY', lines: [line({ discount: '0.5' })] },
      'lines[0].discount',
      'Enter an amount such as 150, without decimals.',
    ],
    [
      { lines: [line({ quantity: '1,000' })] },
      'lines[0].quantity',
      'Write the number with a point and without separators, such as 1190.50.',
    ],
  ])('%j is told in words', (changes, field, message) => {
    expect(invoiceMessages(fields([line()], changes))).toEqual([{ field, message }]);
  });

  test('too many lines are told as such', () => {
    const lines = Array.from({ length: 501 }, () => line());
    expect(invoiceMessages(fields(lines))).toEqual([{ field: 'lines', message: 'Use at most 500 lines.' }]);
  });

  test('what fields say together is told although others are wrong', () => {
    const typed = fields([line({ description: '', discount: '1.005' })], {
      customerName: '',
      dueDate: '2026-11-21',
    });
    expect(invoiceMessages(typed).map(({ field }) => field)).toEqual([
      'customer.name',
      'lines[0].description',
      'dueDate',
      'lines[0].discount',
    ]);
  });

  test('a payment is told in words too', () => {
    expect(paymentMessages({ amount: '1.005', paidAt: '' }, 'EUR')).toEqual([
      { field: 'paidAt', message: 'Enter a date.' },
    ]);
    expect(paymentMessages({ amount: '1.005', paidAt: '2026-11-22' }, 'EUR')).toEqual([
      { field: 'amount', message: 'Enter an amount such as 150.00, with at most 2 decimals.' },
    ]);
    expect(paymentMessages({ amount: '10,5', paidAt: '2026-11-22' }, 'EUR')).toEqual([]);
  });
});

describe('the totals that follow the typing', () => {
  const decimal = (most: number, scale: number) =>
    fc.integer({ min: 0, max: most }).map((units) => (units / 10 ** scale).toFixed(scale));
  const lines = fc.array(
    fc.record({
      description: fc.constant('Work'),
      quantity: decimal(9_999_999, 3),
      unitPrice: decimal(99_999_999, 4),
      discount: fc.oneof(fc.constant(''), decimal(100, 0)),
      discountKind: fc.constantFrom('amount' as const, 'rate' as const),
      taxRate: fc.constantFrom('', '0', '7', '19', '5.5'),
      productExternalId: fc.constant(''),
    }),
    { minLength: 1, maxLength: 8 },
  );

  test('are the ledger’s to the last minor unit, in every currency', () => {
    fc.assert(
      fc.property(lines, fc.constantFrom('EUR', 'JPY', 'KWD', 'CLF'), (typed, currency) => {
        const form = fields(typed, { currency });
        const reading = readRepInvoice(invoiceInput(form).input);
        if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
        const { subtotal, total } = computeTotals(reading.value);
        const view = totalsView(form);
        expect(view?.total).toBe(amountText(total, currency));
        expect(view?.subtotal).toBe(amountText(subtotal, currency));
        expect(view?.uncounted).toBe(0);
      }),
    );
  });

  test('leave out a line whose numbers can’t be read yet, and say so', () => {
    const view = totalsView(
      fields([line({ description: '' }), line({ unitPrice: '1,190' }), { ...BLANK_LINE }]),
    );
    expect(view).toMatchObject({ total: '119.00 EUR', uncounted: 1, lineAmounts: ['100.00', '', ''] });
    expect(view?.taxes).toEqual([{ label: 'Tax 19 % on 100.00 EUR', amount: '19.00 EUR' }]);
    expect(uncountedWords(1)).toBe('One line is not counted yet: a number is missing or wrong.');
  });
});

describe('the buttons of the lines', () => {
  const [a, b] = [line({ description: 'a' }), line({ description: 'b' })];

  test('add, move and remove lines, and never leave the form without one', () => {
    expect(editedLines([a, b], { kind: 'line-up', line: 1 })).toEqual([b, a]);
    expect(editedLines([a, b], { kind: 'line-down', line: 0 })).toEqual([b, a]);
    expect(editedLines([a, b], { kind: 'line-up', line: 0 })).toEqual([a, b]);
    expect(editedLines([a, b], { kind: 'line-remove', line: 0 })).toEqual([b]);
    expect(editedLines([a], { kind: 'line-remove', line: 0 })).toEqual([BLANK_LINE]);
    expect(editedLines([a], { kind: 'add-line' })).toEqual([a, { ...BLANK_LINE, taxRate: '19' }]);
  });

  test.each(['save', 'issue', 'line-up', 'line-up:x', 'take-product:1', '__proto__'])(
    '%j is none of them',
    (pressed) => {
      expect(lineEditOf(pressed)).toBeUndefined();
    },
  );
});
