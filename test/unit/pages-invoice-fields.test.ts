import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { editedContent } from '../../functions/invoices/edited-content.ts';
import type { Invoice, InvoiceLine } from '../../functions/invoices/invoice.ts';
import { computeTotals } from '../../functions/invoices/totals.ts';
import { amountText } from '../../functions/pages/amount-text.ts';
import { editedLines, lineEditOf } from '../../functions/pages/edit-lines.ts';
import { invoiceMessages, paymentMessages } from '../../functions/pages/form-messages.ts';
import {
  BLANK_LINE,
  type InvoiceFields,
  invoiceInput,
  type LineFields,
  readInvoiceFields,
} from '../../functions/pages/invoice-fields.ts';
import { totalsRows, uncountedWords } from '../../functions/pages/render-totals.ts';
import { invoiceFields } from '../../functions/pages/starting-fields.ts';
import {
  readStatedDraft,
  type StatedDraft,
  statedDraft,
  statedDraftText,
} from '../../functions/pages/stated-draft.ts';
import { type TotalsView, totalsView } from '../../functions/pages/totals-view.ts';
import { readRepEdit, readRepInvoice } from '../../functions/rep/rep-input.ts';
import { invoice } from '../support/invoice-factory.ts';

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

describe('the total that was stated for a draft', () => {
  const stated = (lines: InvoiceLine[]): Invoice => invoice({ state: 'draft', lines, statedTotal: 9_999n });
  const work: InvoiceLine = {
    description: 'Work',
    quantity: '1.0',
    unitPrice: '100.00',
    discount: 0n,
    taxRate: '0.19',
  };
  /** The draft as the script of its form reads it. */
  const inForm = (draft: Invoice): StatedDraft => {
    const known = statedDraft(draft);
    if (!known) throw new Error('The total was not stated.');
    return readStatedDraft(statedDraftText(known));
  };

  test.each<[string, (form: InvoiceFields) => InvoiceFields, Partial<TotalsView>]>([
    [
      'stands in the form that nobody touched, with what it differs by',
      (form) => form,
      { subtotal: '100.00 EUR', rounding: '-19.01 EUR', total: '99.99 EUR' },
    ],
    [
      'stands while another customer is typed',
      (form) => ({ ...form, customerName: 'Somebody else', dueDate: '2027-01-31' }),
      { total: '99.99 EUR' },
    ],
    [
      'gives way to a line that says something else',
      ({ lines: [first = BLANK_LINE], ...form }) => ({ ...form, lines: [{ ...first, quantity: '2' }] }),
      { total: '238.00 EUR' },
    ],
    [
      'gives way to a line more, also one that can’t be counted yet',
      ({ lines, ...form }) => ({ ...form, lines: [...lines, line({ unitPrice: 'x' })] }),
      { total: '119.00 EUR', uncounted: 1 },
    ],
    ['gives way to another currency', (form) => ({ ...form, currency: 'USD' }), { total: '119.00 USD' }],
  ])('%s: what is shown is what is saved', (_words, typed, expected) => {
    const draft = stated([work]);
    const form = typed(invoiceFields(draft));
    const view = totalsView(form, inForm(draft));
    expect(view).toMatchObject(expected);
    const reading = readRepEdit(draft, invoiceInput(form).input);
    if (!reading.ok) return expect(view?.uncounted).toBe(1);
    const { total, roundingAmount } = computeTotals(editedContent(draft, reading.value));
    expect(view?.total).toBe(amountText(total, form.currency));
    expect(view?.rounding).toBe(roundingAmount && amountText(roundingAmount, form.currency));
  });

  test('stands alone where it was stated without lines, and such a draft may go on without any', () => {
    const draft = stated([]);
    const form = invoiceFields(draft);
    const view = totalsView(form, inForm(draft));
    expect(totalsRows(view)).toEqual([{ label: 'Total', amount: '99.99 EUR', kind: 'total' }]);
    expect(invoiceMessages(form, inForm(draft))).toEqual([]);
    expect(readRepEdit(draft, invoiceInput(form).input)).toMatchObject({ ok: true, value: { lines: [] } });
  });

  test('is about its currency: in another one that draft needs lines', () => {
    const draft = stated([]);
    const form = { ...invoiceFields(draft), currency: 'USD' };
    expect(totalsView(form, inForm(draft))?.total).toBe('0.00 USD');
    expect(invoiceMessages(form, inForm(draft))).toEqual([
      { field: 'lines', message: 'Enter at least one line.' },
    ]);
    expect(readRepEdit(draft, { currency: 'USD' })).toMatchObject({ ok: false });
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

  test('name a product by the longest id that one may have, in characters of any script', () => {
    const externalId = '𝔓'.repeat(128);
    expect(lineEditOf(`take-product:7:${externalId}`)).toEqual({ kind: 'take-product', line: 7, externalId });
    expect(lineEditOf(`take-product:7:${externalId}x`)).toBeUndefined();
  });

  test.each(['save', 'issue', 'line-up', 'line-up:x', 'take-product:1', '__proto__'])(
    '%j is none of them',
    (pressed) => {
      expect(lineEditOf(pressed)).toBeUndefined();
    },
  );
});
