import { describe, expect, test } from '@jest/globals';
import type { DealLineItem } from '../../functions/hubspot/deal-line-items.ts';
import { dealLines } from '../../functions/pages/deal-lines.ts';
import { invoiceMessages } from '../../functions/pages/form-messages.ts';
import { newInvoiceFields } from '../../functions/pages/starting-fields.ts';
import { bestMatches } from '../../functions/sync/operations/product-catalog.ts';

const item = (given: Partial<DealLineItem>): DealLineItem => ({
  name: 'Combi oven',
  quantity: '2',
  price: '1850.00',
  unitDiscount: '',
  discountPercentage: '',
  productId: '',
  ...given,
});
const lineOf = (given: Partial<DealLineItem>, externalIds = new Map<string, string>()) => {
  const lines = dealLines({ kind: 'items', items: [item(given)] }, externalIds);
  return lines.kind === 'lines' ? lines.lines[0] : undefined;
};

describe('a deal’s line item as a line of the form', () => {
  test('brings its name, quantity and price', () => {
    expect(lineOf({})).toMatchObject({
      description: 'Combi oven',
      quantity: '2',
      unitPrice: '1850',
      discount: '',
    });
  });

  test('takes a discount off each unit as one off the line', () => {
    expect(lineOf({ quantity: '3', unitDiscount: '12.50' })).toMatchObject({
      discount: '37.5',
      discountKind: 'amount',
    });
  });

  test.each([
    ['USD', '10'],
    ['KWD', '9.999'],
    ['JPY', '10'],
  ])('begins a form in %s with a discount that can be saved in it', (currency, discount) => {
    const read = { items: [item({ price: '100', quantity: '3', unitDiscount: '3.333' })], currency };
    const lines = dealLines({ kind: 'items', ...read }, new Map());
    const fields = newInvoiceFields('2026-11-22', { customer: { name: 'Acme' }, currency: 'EUR' }, lines);
    expect(fields.lines).toMatchObject([{ discount, discountKind: 'amount' }]);
    expect(invoiceMessages(fields)).toEqual([]);
  });

  test('takes no more decimals than an invoice may have', () => {
    expect(lineOf({ quantity: '0.33333333', price: '1.123456789' })).toMatchObject({
      quantity: '0.333333',
      unitPrice: '1.12345679',
    });
  });

  test('takes a percentage as a rate', () => {
    expect(lineOf({ discountPercentage: '10.00' })).toMatchObject({ discount: '10', discountKind: 'rate' });
  });

  test('names the accounting system’s product where the sync knows it', () => {
    expect(lineOf({ productId: '501' }, new Map([['501', 'A/100']]))).toMatchObject({
      productExternalId: 'A/100',
    });
  });

  test('leaves blank what is no number', () => {
    expect(lineOf({ price: 'on request', quantity: '' })).toMatchObject({ unitPrice: '', quantity: '1' });
  });
});

describe('the deal’s currency', () => {
  test.each([
    ['EUR', 'EUR'],
    ['points', undefined],
  ])('%s becomes %s', (currency, expected) => {
    const lines = dealLines({ kind: 'items', items: [], currency }, new Map());
    expect(lines.kind === 'lines' && lines.currency).toBe(expected);
  });
});

describe('looking for a product', () => {
  const products = [
    { externalId: 'A/1', name: 'Oven, combi', sku: 'OV-1' },
    { externalId: 'A/2', name: 'Combi oven' },
    { externalId: 'A/3', name: 'Fridge', sku: 'FR-9' },
  ];

  test('finds every word in name, SKU or id, whatever the case, names that begin with the text first', () => {
    expect(bestMatches(products, 'COMBI', 5).map(({ externalId }) => externalId)).toEqual(['A/2', 'A/1']);
    expect(bestMatches(products, 'oven ov-1', 5).map(({ externalId }) => externalId)).toEqual(['A/1']);
    expect(bestMatches(products, 'a/3', 5).map(({ externalId }) => externalId)).toEqual(['A/3']);
  });

  test('finds no more than asked for', () => {
    expect(bestMatches(products, '', 2)).toHaveLength(2);
  });
});
