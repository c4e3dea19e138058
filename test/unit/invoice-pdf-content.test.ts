import { describe, expect, test } from '@jest/globals';
import type { InvoiceId } from '../../functions/invoices/identifiers.ts';
import { printedInvoice } from '../../functions/pages/pdf/printed-invoice.ts';
import { sellerInput } from '../../functions/pages/pdf/seller.ts';
import { invoiceWith, LINE, SELLER } from '../integration/invoice-pdf-sample.ts';

const printed = (...[parts]: Parameters<typeof invoiceWith>) =>
  printedInvoice(invoiceWith(parts), SELLER, 'Europe/Berlin');
const amountsOf = (...[parts]: Parameters<typeof invoiceWith>) =>
  Object.fromEntries(printed(parts).amounts.map(({ label, amount }) => [label, amount]));
const titles = (table: { columns: { title: string }[] } | undefined) =>
  table?.columns.map(({ title }) => title);

describe('what an invoice’s document says', () => {
  test('a line has quantity, price, discount, tax rate and net', () => {
    const { lines } = printed();
    expect(titles(lines)).toEqual(['Description', 'Quantity', 'Unit price', 'Discount', 'Tax', 'Net (EUR)']);
    expect(lines?.rows).toEqual([
      ['Calibration of a pressure sensor', '2', '1,250.00', '10%', '19%', '2,250.00'],
    ]);
  });

  test('a discount is printed as it was given, an amount or a rate, and nothing for none', () => {
    const lines = [
      { description: 'a', quantity: '1', unitPrice: '10', discount: 250n },
      { description: 'b', quantity: '1', unitPrice: '10', discountRate: '0' },
      LINE,
    ];
    expect(printed({ lines }).lines?.rows.map((row) => row[3])).toEqual(['2.50', '', '10%']);
  });

  test('discount and tax columns are left out where no line has either', () => {
    const { lines, taxes } = printed({ lines: [{ description: 'a', quantity: '1', unitPrice: '10' }] });
    expect(titles(lines)).toEqual(['Description', 'Quantity', 'Unit price', 'Net (EUR)']);
    expect(taxes).toBeUndefined();
  });

  test('tax is summed per rate, and no rate is another group than zero', () => {
    const line = { description: 'a', quantity: '1', unitPrice: '100' };
    const lines = [
      { ...line, taxRate: '0.19' },
      { ...line, taxRate: '0' },
      line,
      { ...line, taxRate: '0.190' },
    ];
    expect(printed({ lines }).taxes?.rows).toEqual([
      ['19%', '200.00', '38.00'],
      ['0%', '100.00', '0.00'],
      ['No tax rate', '100.00', '0.00'],
    ]);
  });

  test('the amounts go from subtotal to balance, with the rounding that a stated total makes', () => {
    const payments = [{ paymentId: 'p1', amount: 100000n, paidAt: '2026-11-12' }];
    expect(amountsOf({ statedTotal: 267800n, payments })).toEqual({
      Subtotal: '2,250.00 EUR',
      Tax: '427.50 EUR',
      Rounding: '0.50 EUR',
      Total: '2,678.00 EUR',
      'Amount paid': '1,000.00 EUR',
      Balance: '1,678.00 EUR',
    });
    expect(amountsOf()).not.toHaveProperty('Rounding');
  });

  test('an invoice of a total without lines shows that total, not a rounding of all of it', () => {
    expect(amountsOf({ lines: [], statedTotal: 119000n })).toEqual({
      Total: '1,190.00 EUR',
      'Amount paid': '0.00 EUR',
      Balance: '1,190.00 EUR',
    });
    expect(printed({ lines: [], statedTotal: 119000n }).lines).toBeUndefined();
  });

  test('an invoice marked paid owes nothing, though no payment is listed', () => {
    expect(amountsOf({ markedPaid: true })).toMatchObject({
      'Amount paid': '2,677.50 EUR',
      Balance: '0.00 EUR',
    });
    expect(printed({ markedPaid: true }).payments).toBeUndefined();
  });

  test('a reversed payment is printed with its sign', () => {
    const payments = [
      { paymentId: 'p1', amount: 1000n, paidAt: '2026-11-12' },
      { paymentId: 'p2', amount: -1000n, paidAt: '2026-11-12T23:30:00Z' },
    ];
    expect(printed({ payments }).payments?.rows).toEqual([
      ['12 Nov 2026', 'p1', '10.00'],
      ['13 Nov 2026', 'p2', '-10.00'],
    ]);
  });

  test('a draft without a number is called what the card calls it', () => {
    expect(printed({ state: 'draft', number: null, invoiceId: 'hs-0001a2b3c' as InvoiceId })).toMatchObject({
      number: 'Draft 1a2b3c',
      watermark: 'DRAFT',
    });
    expect(printed({ state: 'open' }).watermark).toBeUndefined();
  });

  test('a void invoice asks for no payment', () => {
    expect(printed({ state: 'void' })).toMatchObject({ watermark: 'VOID', seller: { bank: [] } });
    expect(amountsOf({ state: 'void' }).Balance).toBe('0.00 EUR');
    expect(printed().seller.bank).toEqual(SELLER.bank);
  });
});

describe('the seller in the configuration', () => {
  test('a name is enough', () => {
    expect(sellerInput.parse({ name: 'Northwind' })).toEqual({ name: 'Northwind', address: [], bank: [] });
  });

  test.each([{}, { name: ' ' }, { name: 'N', adress: [] }, { name: 'N', email: 'nobody' }])(
    '%j is refused',
    (input) => {
      expect(sellerInput.safeParse(input).success).toBe(false);
    },
  );
});
