import { describe, expect, test } from '@jest/globals';
import { invoiceNumber, isNumberPattern } from '../../functions/invoices/invoice-number.ts';

describe('An invoice number', () => {
  test.each([
    ['HS-{year}-{0000}', 7, 'HS-2026-0007'],
    ['HS-{year}-{0000}', 12_345, 'HS-2026-12345'],
    ['{year}{0}', 1, '20261'],
    ['R/{year}/{000000} B', 42, 'R/2026/000042 B'],
    ['$&-{year}-{00}', 5, '$&-2026-05'],
  ])('of pattern %s and sequence %d is %s', (pattern, sequence, number) => {
    expect(isNumberPattern(pattern)).toBe(true);
    expect(invoiceNumber(pattern, '2026', sequence)).toBe(number);
  });
});

describe('A pattern', () => {
  test.each([
    '',
    'HS-{0000}',
    'HS-{year}',
    'HS-{0000}-{year}',
    'HS-{year}-{0000}-{0}',
    'HS-{year}-{0001}',
    'HS-{month}-{year}-{0000}',
    'HS\n{year}-{0000}',
    `${'x'.repeat(40)}{year}{0000}`,
  ])('without a year and then a sequence, once each and short, is none: %j', (pattern) => {
    expect(isNumberPattern(pattern)).toBe(false);
  });
});
