import { describe, expect, test } from '@jest/globals';
import { parseJson } from '../../functions/input/parse-json.ts';
import { readAccountingInvoice } from '../../functions/invoices/read-invoice-input.ts';
import { bodyLine, invoiceBody } from '../support/invoice-factory.ts';

const problemsOf = (body: unknown) => {
  const reading = readAccountingInvoice(body);
  return reading.ok ? [] : reading.problems;
};
const fieldsOf = (body: unknown): string[] => problemsOf(body).map(({ field }) => field);
const withLine = (fields: Record<string, unknown>) => invoiceBody({ lines: [bodyLine(fields)] });
const sentPayment = (fields: Record<string, unknown> = {}) => ({
  paymentId: 'p1',
  amount: '595.00',
  paidAt: '2026-11-10',
  ...fields,
});
const withPayment = (fields: Record<string, unknown>) => invoiceBody({ payments: [sentPayment(fields)] });
const money = [
  '1e3',
  '+1',
  '01.00',
  ' 1',
  '1 ',
  'NaN',
  '',
  '1,00',
  '.5',
  '1.',
  'Infinity',
  '0x1',
  '1234567890123.456',
  1190,
  null,
  true,
];

describe('Each of these is one problem of its own field', () => {
  test.each(money)('an amount written as %j', (bad) => {
    expect(fieldsOf(invoiceBody({ total: bad }))).toEqual(['total']);
    expect(fieldsOf(withLine({ quantity: bad }))).toEqual(['lines[0].quantity']);
    expect(fieldsOf(withLine({ unitPrice: bad, description: 'x' }))).toEqual(['lines[0].unitPrice']);
    expect(fieldsOf(withLine({ taxRate: bad }))).toEqual(['lines[0].taxRate']);
    expect(fieldsOf(withLine({ discount: bad }))).toEqual(['lines[0].discount']);
    expect(fieldsOf(withPayment({ amount: bad }))).toEqual(['payments[0].amount']);
  });

  test.each<[string, string, Record<string, unknown>]>([
    ['a lower-case currency', 'currency', { currency: 'eur' }],
    ['an unknown currency', 'currency', { currency: 'XXX' }],
    ['a date that does not exist', 'issueDate', { issueDate: '2025-02-29' }],
    ['a due date that does not exist', 'dueDate', { dueDate: '2026-11-31' }],
    ['a date in another notation', 'dueDate', { dueDate: '30.11.2026' }],
    ['a date with a time', 'issueDate', { issueDate: '2026-11-01T00:00:00Z' }],
    ['due before issue', 'dueDate', { dueDate: '2026-10-31' }],
    ['an unknown status', 'status', { status: 'partially_paid' }],
    ['a javascript: link', 'link', { link: 'javascript:alert(1)' }],
    ['an http link', 'pdfUrl', { pdfUrl: 'http://books.example/1.pdf' }],
    ['a deal that is no number', 'dealId', { dealId: 'deal-5' }],
    ['a deal as a JSON number', 'dealId', { dealId: 5 }],
    ['no number', 'number', { number: undefined }],
    ['null for a number', 'number', { number: null }],
    ['no number on a void one', 'number', { number: undefined, status: 'void' }],
    ['a number that is too long', 'number', { number: 'x'.repeat(65) }],
    ['an empty number', 'number', { number: '' }],
    ['a number with a line break', 'number', { number: 'INV\n1' }],
    ['no customer', 'customer', { customer: undefined }],
    ['a customer without a name', 'customer.name', { customer: { email: 'anna@example.com' } }],
    ['a broken e-mail address', 'customer.email', { customer: { name: 'Anna', email: 'anna@' } }],
    ['an address that is no list', 'customer.address', { customer: { name: 'Anna', address: 'Main St 1' } }],
    ['lines that are no list', 'lines', { lines: {} }],
    ['null for lines', 'lines', { lines: null }],
    ['no lines and no total', 'lines', { lines: [] }],
    ['lines left out without a total', 'lines', { lines: undefined }],
    ['a time of the source without offset', 'sourceUpdatedAt', { sourceUpdatedAt: '2026-11-01T10:00:00' }],
    ['a time of the source that is a date', 'sourceUpdatedAt', { sourceUpdatedAt: '2026-11-01' }],
    ['a total with a decimal too many', 'total', { total: '1.000' }],
    ['a total with any decimal in yen', 'total', { currency: 'JPY', total: '1.0' }],
    ['a total with four decimals in dinars', 'total', { currency: 'KWD', total: '1.0000' }],
  ])('%s', (_title, field, fields) => {
    expect(fieldsOf(invoiceBody(fields))).toEqual([field]);
  });

  test.each<[string, string, Record<string, unknown>]>([
    ['a price with nine decimals', 'unitPrice', { unitPrice: '0.123456789' }],
    ['a negative price', 'unitPrice', { unitPrice: '-1' }],
    ['a quantity with seven decimals', 'quantity', { quantity: '0.1234567' }],
    ['a tax rate above 1', 'taxRate', { taxRate: '1.01' }],
    ['a tax rate in percent', 'taxRate', { taxRate: '19' }],
    ['a negative rate', 'discountRate', { discountRate: '-0.1' }],
    ['a discount rate above 1', 'discountRate', { discountRate: '1.00000001' }],
    ['discount and discount rate together', 'discountRate', { discount: '1.00', discountRate: '0.1' }],
    ['a discount with a decimal too many', 'discount', { discount: '1.001' }],
    ['a discount that would raise the amount', 'discount', { discount: '-1.00' }],
    ['a description of 1,001 characters', 'description', { description: '😀'.repeat(1001) }],
    ['an empty description', 'description', { description: '' }],
    ['a blank description', 'description', { description: ' \n ' }],
    ['a description with a control character', 'description', { description: 'a\u0000b' }],
    ['half a surrogate pair', 'description', { description: 'a\ud83d' }],
    ['an unknown field', 'unit', { unit: 'h' }],
  ])('on a line: %s', (_title, field, fields) => {
    expect(fieldsOf(withLine(fields))).toEqual([`lines[0].${field}`]);
  });

  test.each<[string, string, Record<string, unknown>]>([
    ['zero', 'amount', { amount: '0.00' }],
    ['minus zero', 'amount', { amount: '-0' }],
    ['a decimal too many', 'amount', { amount: '1.001' }],
    ['a day that does not exist', 'paidAt', { paidAt: '2026-02-30' }],
    ['a time that does not exist', 'paidAt', { paidAt: '2026-02-28T24:00:00Z' }],
    ['a time without offset', 'paidAt', { paidAt: '2026-02-28T10:00:00' }],
    ['a moment beyond the year 9999', 'paidAt', { paidAt: '9999-12-31T23:00:00-02:00' }],
    ['no id', 'paymentId', { paymentId: undefined }],
    ['an unknown field', 'currency', { currency: 'EUR' }],
  ])('on a payment: %s', (_title, field, fields) => {
    expect(fieldsOf(withPayment(fields))).toEqual([`payments[0].${field}`]);
  });

  test('what only two fields together show wrong, beside what is wrong with others', () => {
    const body = invoiceBody({
      number: '',
      dueDate: '2026-10-31',
      total: '1.001',
      lines: [
        bodyLine({ description: '', discount: '-1.001' }),
        bodyLine({ quantity: 'x', discount: '-1.00' }),
      ],
      payments: [sentPayment({ amount: '1.001', paidAt: 'x' }), sentPayment({ amount: 'x' })],
    });
    expect(fieldsOf(body).sort()).toEqual([
      'dueDate',
      'lines[0].description',
      'lines[0].discount',
      'lines[1].quantity',
      'number',
      'payments[0].amount',
      'payments[0].paidAt',
      'payments[1].amount',
      'payments[1].paymentId',
      'total',
    ]);
    expect(fieldsOf(invoiceBody({ number: '', lines: undefined }))).toEqual(['number', 'lines']);
    expect(fieldsOf(invoiceBody({ total: 'x', lines: [] }))).toEqual(['total']);
    expect(fieldsOf(invoiceBody({ dueDate: 'x', currency: 'x', total: '1.001' }))).toEqual([
      'currency',
      'dueDate',
    ]);
  });

  test('payments on a draft', () => {
    expect(fieldsOf(invoiceBody({ status: 'draft', payments: [sentPayment()] }))).toEqual(['payments']);
  });

  test('a payment id that stands in the list twice', () => {
    const payments = [sentPayment(), sentPayment({ paymentId: 'p2' }), sentPayment({ amount: '1.00' })];
    expect(fieldsOf(invoiceBody({ payments }))).toEqual(['payments[2].paymentId']);
  });
});

describe('Limits', () => {
  test('500 lines are taken and 501 refused', () => {
    const lines = Array.from({ length: 501 }, () => bodyLine());
    expect(problemsOf(invoiceBody({ lines: lines.slice(1) }))).toEqual([]);
    expect(problemsOf(invoiceBody({ lines }))).toEqual([
      { field: 'lines', problem: 'is a list of 501', expected: 'a list of at most 500 lines' },
    ]);
  });

  test('500 payments are taken and 501 refused', () => {
    const payments = Array.from({ length: 501 }, (_, i) => sentPayment({ paymentId: `p${i}` }));
    expect(problemsOf(invoiceBody({ payments: payments.slice(1) }))).toEqual([]);
    expect(fieldsOf(invoiceBody({ payments }))).toEqual(['payments']);
  });

  test('1,000 characters of a description are counted as characters, not as UTF-16 or bytes', () => {
    expect(problemsOf(withLine({ description: '😀'.repeat(1000) }))).toEqual([]);
    expect(problemsOf(invoiceBody({ number: '😀'.repeat(64) }))).toEqual([]);
  });

  test('15 digits are taken wherever they stand, and as many decimals as the currency has', () => {
    expect(problemsOf(invoiceBody({ total: '9999999999999.99' }))).toEqual([]);
    expect(problemsOf(invoiceBody({ total: '-999999999999999' }))).toEqual([]);
    expect(problemsOf(invoiceBody({ total: '0.0001', currency: 'CLF' }))).toEqual([]);
    expect(problemsOf(withLine({ taxRate: '0.123456789012345', quantity: '0.000001' }))).toEqual([]);
    expect(problemsOf(withLine({ unitPrice: '1234567.12345678' }))).toEqual([]);
  });
});

describe('Unknown fields are refused by name', () => {
  test('at every level, all at once', () => {
    const body = invoiceBody({
      balance: '0.00',
      customer: { name: 'Anna', phone: '1' },
      lines: [bodyLine(), bodyLine({ sku: 'x' })],
      payments: [sentPayment({ note: '' })],
    });
    expect(fieldsOf(body).sort()).toEqual(['balance', 'customer.phone', 'lines[1].sku', 'payments[0].note']);
    expect(problemsOf(body)[0]).toMatchObject({ problem: 'is not a known field' });
  });

  test.each(['constructor', 'toString', 'hasOwnProperty', '__defineGetter__'])('also %s', (name) => {
    expect(fieldsOf(invoiceBody({ [name]: 1 }))).toEqual([name]);
  });

  test('and __proto__ never gets as far as an object', () => {
    for (const text of [
      '{"__proto__":{"total":"1"}}',
      '{"customer":{"__proto__":null}}',
      '[{"\\u005f_proto__":1}]',
    ]) {
      expect(() => parseJson(text)).toThrow('The field __proto__ is not allowed.');
    }
  });
});

test.each([[null], [[]], ['text'], [7], [true]])(
  'a body that is %j is one problem of the whole body',
  (body) => {
    expect(problemsOf(body)).toEqual([
      { field: '', problem: expect.any(String), expected: 'a JSON object with the invoice' },
    ]);
  },
);
