import { describe, expect, test } from '@jest/globals';
import { currencyDecimals, isCurrencyCode } from '../../functions/invoices/currency.ts';
import { formatMoney, parseMoney } from '../../functions/invoices/money.ts';

const ALL_THREE_LETTER_TEXTS = (() => {
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  return letters.flatMap((a) => letters.flatMap((b) => letters.map((c) => `${a}${b}${c}`)));
})();

describe('The currency table', () => {
  test.each([
    ['JPY', 0],
    ['KRW', 0],
    ['ISK', 0],
    ['UYI', 0],
    ['EUR', 2],
    ['HUF', 2],
    ['IDR', 2],
    ['MGA', 2],
    ['KWD', 3],
    ['TND', 3],
    ['CLF', 4],
    ['UYW', 4],
  ])('%s has %i decimals, as ISO 4217 says', (code, decimals) => {
    expect(currencyDecimals(code)).toBe(decimals);
  });

  test('knows about 160 to 190 codes, each of three upper-case letters', () => {
    const known = ALL_THREE_LETTER_TEXTS.filter(isCurrencyCode);
    expect(known.length).toBeGreaterThan(160);
    expect(known.length).toBeLessThan(190);
  });

  test('has the currencies of recent amendments', () => {
    for (const code of ['SLE', 'VED', 'ZWG', 'XCG', 'STN', 'MRU']) {
      expect([code, isCurrencyCode(code)]).toEqual([code, true]);
    }
  });

  test.each(['eur', 'Eur', 'EURO', 'EU', '', 'XXX', 'XTS', 'XAU', 'AAA', 'toString', '__proto__', ' EUR'])(
    'takes %j for no currency',
    (text) => {
      expect(isCurrencyCode(text)).toBe(false);
      expect(() => currencyDecimals(text)).toThrow(RangeError);
    },
  );
});

describe('Money', () => {
  test.each([
    ['1190.00', 'EUR', 119000n, '1190.00'],
    ['1190', 'EUR', 119000n, '1190.00'],
    ['1190', 'JPY', 1190n, '1190'],
    ['0.001', 'KWD', 1n, '0.001'],
    ['-0.05', 'EUR', -5n, '-0.05'],
    ['-0', 'EUR', 0n, '0.00'],
    ['99999999999.9999', 'CLF', 999999999999999n, '99999999999.9999'],
  ])(
    'reads %s %s exactly and writes it with all of the currency’s decimals',
    (text, currency, minor, written) => {
      expect(parseMoney(text, currency)).toBe(minor);
      expect(formatMoney(minor, currency)).toBe(written);
    },
  );
});
