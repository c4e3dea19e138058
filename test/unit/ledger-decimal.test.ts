import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  canonicalDecimal,
  decimalProblem,
  formatUnits,
  multiply,
  parseDecimal,
  roundTo,
  subtract,
} from '../../functions/invoices/decimal.ts';

describe('A decimal text', () => {
  test.each(['0', '-0', '7', '-7', '0.5', '-0.50', '10.000', '123456789012345', '0.123456789012345'])(
    '%s is one',
    (text) => {
      expect(decimalProblem(text, 15)).toBeUndefined();
    },
  );

  test.each([
    ...[
      '',
      ' ',
      ' 1',
      '1 ',
      '1\n',
      '+1',
      '01',
      '-01',
      '00.5',
      '1.',
      '.5',
      '-',
      '--1',
      '1e3',
      '1E3',
      '1,5',
      '1_000',
    ],
    ...['NaN', 'Infinity', '-Infinity', '0x10', '1.2.3', '١٢', '１', '1190.00€', 'null'],
  ])('%j is none', (text) => {
    expect(decimalProblem(text, 15)).toBe('not-decimal');
    expect(() => parseDecimal(text)).toThrow(RangeError);
  });

  test('has at most 15 digits before and after the point together', () => {
    expect(decimalProblem('1234567890123.45', 2)).toBeUndefined();
    expect(decimalProblem('12345678901234.56', 2)).toBe('too-many-digits');
    expect(decimalProblem('-1234567890123456', 2)).toBe('too-many-digits');
  });

  test('has at most the decimals asked for, counted as written', () => {
    expect(decimalProblem('1.50', 2)).toBeUndefined();
    expect(decimalProblem('1.500', 2)).toBe('too-many-decimals');
    expect(decimalProblem('1.0', 0)).toBe('too-many-decimals');
  });
});

describe('Rounding', () => {
  test.each([
    ['0.005', 2, 1n],
    ['-0.005', 2, -1n],
    ['0.004999', 2, 0n],
    ['-0.004999', 2, 0n],
    ['2.675', 2, 268n],
    ['-2.675', 2, -268n],
    ['1.5', 0, 2n],
    ['-1.5', 0, -2n],
    ['-0.4', 0, 0n],
    ['1.5', 3, 1500n],
  ])('%s to %i decimals goes ties away from zero: %s', (text, decimals, units) => {
    expect(roundTo(parseDecimal(text), decimals)).toBe(units);
  });

  test('is off by at most half a unit and symmetric about zero', () => {
    fc.assert(
      fc.property(fc.bigInt(-(10n ** 20n), 10n ** 20n), fc.nat(8), fc.nat(8), (units, scale, decimals) => {
        const rounded = roundTo({ units, scale }, decimals);
        expect(roundTo({ units: -units, scale }, decimals)).toBe(-rounded);
        const twiceOff = 2n * (rounded * 10n ** BigInt(scale) - units * 10n ** BigInt(decimals));
        expect(twiceOff < 0n ? -twiceOff : twiceOff).toBeLessThanOrEqual(10n ** BigInt(scale));
      }),
    );
  });
});

describe('Decimal arithmetic', () => {
  test('multiplies and subtracts exactly where floats would not', () => {
    expect(multiply(parseDecimal('1.1'), parseDecimal('1.1'))).toEqual({ units: 121n, scale: 2 });
    expect(subtract(parseDecimal('0.3'), parseDecimal('0.1'))).toEqual({ units: 2n, scale: 1 });
    expect(subtract(parseDecimal('1'), parseDecimal('0.001'))).toEqual({ units: 999n, scale: 3 });
  });

  test('a formatted number reads back as it was', () => {
    fc.assert(
      fc.property(fc.bigInt(-(10n ** 30n), 10n ** 30n), fc.nat(6), (units, decimals) => {
        expect(parseDecimal(formatUnits(units, decimals))).toEqual({ units, scale: decimals });
      }),
    );
  });

  test.each([
    ['1.50', '1.5'],
    ['-0.00', '0'],
    ['-0', '0'],
    ['100', '100'],
    ['100.00', '100'],
    ['10.010', '10.01'],
    ['-0.10', '-0.1'],
  ])('%s is the same number as %s', (text, canonical) => {
    expect(canonicalDecimal(text)).toBe(canonical);
  });
});
