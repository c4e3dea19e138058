import { describe, expect, test } from '@jest/globals';
import { allowedPdfUrl, sellerOf } from '../../functions/pages/show-pdf.ts';

describe('the accounting system’s own PDF', () => {
  const pdfHosts = ['accounting.example.com'];

  test('is shown where its host was allowed', () => {
    const pdfUrl = 'https://accounting.example.com/pdf/42?key=1';
    expect(allowedPdfUrl({ pdfUrl }, { pdfHosts })).toBe(pdfUrl);
  });

  test.each([
    'https://evil.example/pdf/42',
    'https://accounting.example.com.evil.example/42',
    'https://accounting.example.com:8443/42',
    'https://sub.accounting.example.com/42',
  ])('is not where its host is another: %s', (pdfUrl) => {
    expect(allowedPdfUrl({ pdfUrl }, { pdfHosts })).toBeUndefined();
  });

  test('is not where the invoice names none', () => {
    expect(allowedPdfUrl({}, { pdfHosts })).toBeUndefined();
  });
});

describe('the seller on the PDF', () => {
  test('is what the portal’s owner set', () => {
    const seller = {
      name: 'Bright Supplies GmbH',
      address: ['Hafenweg 1'],
      bank: ['IBAN DE02 1203 0000 0000 2020 51'],
    };
    expect(sellerOf({ seller })).toEqual(seller);
  });

  test.each([undefined, {}, { name: 7 }])('is said to be missing where it is not set up: %j', (seller) => {
    expect(sellerOf({ seller }).name).toBe('The seller is not set up yet');
  });
});
