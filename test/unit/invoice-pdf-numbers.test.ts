import { describe, expect, test } from '@jest/globals';
import { printedDate } from '../../functions/pages/pdf/printed-date.ts';
import {
  groupDigits,
  printedMoney,
  printedPrice,
  printedQuantity,
  printedRate,
} from '../../functions/pages/pdf/printed-number.ts';

describe('money on an invoice', () => {
  test.each([
    [119000n, 'EUR', '1,190.00'],
    [-5n, 'EUR', '-0.05'],
    [1190n, 'JPY', '1,190'],
    [1190000n, 'KWD', '1,190.000'],
    [999n, 'JPY', '999'],
    [123456789012345678901234567890n, 'EUR', '1,234,567,890,123,456,789,012,345,678.90'],
  ])('%s minor units of %s are printed as %s', (amount, currency, printed) => {
    expect(printedMoney(amount, currency)).toBe(printed);
  });

  test('only digits before the point are grouped, and a sign is no digit', () => {
    expect(groupDigits('-123456.1234567')).toBe('-123,456.1234567');
    expect(groupDigits('-123')).toBe('-123');
  });
});

describe('prices and quantities', () => {
  test('a price has at least its currency’s decimals, and all it was given beyond them', () => {
    expect(printedPrice('96', 'EUR')).toBe('96.00');
    expect(printedPrice('24.9', 'EUR')).toBe('24.90');
    expect(printedPrice('0.00123400', 'EUR')).toBe('0.001234');
    expect(printedPrice('125000', 'JPY')).toBe('125,000');
    expect(printedPrice('0.5', 'JPY')).toBe('0.5');
    expect(printedPrice('10', 'KWD')).toBe('10.000');
  });

  test('a quantity has no trailing zeros', () => {
    expect(printedQuantity('1000.500')).toBe('1,000.5');
    expect(printedQuantity('-2.000')).toBe('-2');
  });

  test('a fraction becomes a percentage without rounding', () => {
    expect(['0.19', '0.075', '0', '1', '0.00000001', '0.1900'].map(printedRate)).toEqual([
      '19%',
      '7.5%',
      '0%',
      '100%',
      '0.000001%',
      '19%',
    ]);
  });
});

describe('dates', () => {
  test('a date is printed with its month in letters, whatever the time zone', () => {
    expect(printedDate('2026-01-02', 'Pacific/Honolulu')).toBe('2 Jan 2026');
    expect(printedDate('2026-12-31', 'Pacific/Kiritimati')).toBe('31 Dec 2026');
  });

  test('a date-time is the day it was in the portal’s time zone', () => {
    expect(printedDate('2026-11-20T23:30:00Z', 'Europe/Berlin')).toBe('21 Nov 2026');
    expect(printedDate('2026-11-20T23:30:00Z', 'America/New_York')).toBe('20 Nov 2026');
  });
});
