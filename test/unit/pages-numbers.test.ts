import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { amountText } from '../../functions/pages/amount-text.ts';
import { decimalText, fractionOfPercent, percentOfFraction } from '../../functions/pages/decimal-text.ts';

describe('a number as it is typed', () => {
  test.each([
    ['12.50', '12.50'],
    [' 12,5 ', '12.5'],
    ['.5', '0.5'],
    ['12.', '12'],
    ['007', '7'],
    ['0,125', '0.125'],
    ['−3', '-3'],
    ['0', '0'],
  ])('%j is read as %j', (typed, read) => {
    expect(decimalText(typed)).toBe(read);
  });

  test.each(['1,190', '1,190.00', '1.190,00', '1 190', '12a', '-', '.', '', '1e3'])(
    '%j could be read in two ways or in none, and is left for the schema to refuse',
    (typed) => {
      expect(decimalText(typed)).toBe(typed.trim());
    },
  );
});

describe('a rate in percent', () => {
  test.each([
    ['19', '0.19'],
    ['19 %', '0.19'],
    ['7,7', '0.077'],
    ['100', '1'],
    ['0', '0'],
    ['0.5', '0.005'],
    ['much', 'much'],
  ])('%j is the fraction %j', (typed, fraction) => {
    expect(fractionOfPercent(typed)).toBe(fraction);
  });

  test('is shown as it was typed, whatever the rate', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000 }), (units) => {
        const percent = String(units / 100_000);
        expect(percentOfFraction(fractionOfPercent(percent))).toBe(percent);
      }),
    );
  });
});

test.each([
  [119_000n, 'EUR', '1,190.00 EUR'],
  [1_584_000n, 'JPY', '1,584,000 JPY'],
  [-1_234_567_890n, 'KWD', '-1,234,567.890 KWD'],
  [123_456_789n, 'CLF', '12,345.6789 CLF'],
  [5n, 'EUR', '0.05 EUR'],
])('%s minor units of %s are written %s', (amount, currency, text) => {
  expect(amountText(amount, currency)).toBe(text);
});
