/** An exact decimal number: `units` × 10^-`scale`. Floats never take part. */
export interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

const DECIMAL = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?$/;

/** What is wrong with a text that should be a decimal number; undefined where nothing is. */
export type DecimalProblem = 'not-decimal' | 'too-many-decimals' | 'too-many-digits';

/** At most this many digits, before and after the point together: what every accounting system can hold. */
export const MAX_DIGITS = 15;

/**
 * Checks a decimal text: digits with an optional minus and an optional fraction; no exponent, no plus sign, no spaces, no leading zeros.
 * `maxDecimals` counts the digits after the point as written.
 */
export function decimalProblem(text: string, maxDecimals: number): DecimalProblem | undefined {
  const match = DECIMAL.exec(text);
  if (!match) return 'not-decimal';
  const [, , whole = '', fraction = ''] = match;
  if (fraction.length > maxDecimals) return 'too-many-decimals';
  const digits = (whole === '0' ? 0 : whole.length) + fraction.length;
  return digits > MAX_DIGITS ? 'too-many-digits' : undefined;
}

/** Parses a decimal text exactly. Throws a RangeError where {@link decimalProblem} would say `not-decimal`. */
export function parseDecimal(text: string): Decimal {
  const match = DECIMAL.exec(text);
  if (!match) throw new RangeError(`Not a decimal number: ${text}`);
  const [, sign = '', whole = '', fraction = ''] = match;
  return { units: BigInt(`${sign}${whole}${fraction}`), scale: fraction.length };
}

/** The exact product. */
export const multiply = (a: Decimal, b: Decimal): Decimal => ({
  units: a.units * b.units,
  scale: a.scale + b.scale,
});

/** The exact difference. */
export function subtract(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return { units: rescale(a, scale) - rescale(b, scale), scale };
}

const rescale = (value: Decimal, scale: number): bigint => value.units * 10n ** BigInt(scale - value.scale);

/** Rounds to `decimals` digits after the point, ties away from zero, and answers the integer in that unit. */
export function roundTo(value: Decimal, decimals: number): bigint {
  if (value.scale <= decimals) return rescale(value, decimals);
  const divisor = 10n ** BigInt(value.scale - decimals);
  const magnitude = value.units < 0n ? -value.units : value.units;
  const rounded = (magnitude + divisor / 2n) / divisor;
  return value.units < 0n ? -rounded : rounded;
}

/** One text for each value: no trailing zeros, no minus on zero. So "1.50" and "1.5" compare as equal. */
export function canonicalDecimal(text: string): string {
  const { units, scale } = parseDecimal(text);
  if (scale === 0) return units.toString();
  return formatUnits(units, scale).replace(/\.?0+$/, '');
}

/** Writes an integer of 10^-`decimals` units as a decimal text with exactly that many decimals: (-5n, 2) is "-0.05". */
export function formatUnits(units: bigint, decimals: number): string {
  const negative = units < 0n;
  const digits = (negative ? -units : units).toString().padStart(decimals + 1, '0');
  const sign = negative ? '-' : '';
  if (decimals === 0) return `${sign}${digits}`;
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
