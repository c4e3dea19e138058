import {
  canonicalDecimal,
  decimalProblem,
  formatUnits,
  MAX_DIGITS,
  parseDecimal,
} from '../invoices/decimal.ts';

/**
 * What a person types as a number, as the decimal text it stands for: blanks around it, a decimal comma, a missing zero before the point
 * and zeros too many are fine. What could be read in two ways ("1,190") or in none is left as it is, for the schema to refuse.
 */
export function decimalText(typed: string): string {
  const text = typed.trim().replace('−', '-');
  const match = /^(-?)(\d*)(?:[.,](\d*))?$/.exec(text);
  if (!match || !/\d/.test(text)) return text;
  const [, sign = '', whole = '', fraction = ''] = match;
  const mayBeThousands = text.includes(',') && fraction.length === 3 && whole !== '' && !/^0+$/.test(whole);
  if (mayBeThousands) return text;
  return `${sign}${whole.replace(/^0+(?=\d)/, '') || '0'}${fraction === '' ? '' : `.${fraction}`}`;
}

/** A percentage as it is typed, as the fraction the ledger takes: "19" is "0.19". What is no number is left as it is. */
export function fractionOfPercent(typed: string): string {
  const text = decimalText(typed.trim().replace(/\s*%$/, ''));
  if (decimalProblem(text, MAX_DIGITS) !== undefined) return text;
  const { units, scale } = parseDecimal(text);
  return canonicalDecimal(formatUnits(units, scale + 2));
}

/** A fraction as the percentage that is shown: "0.19" is "19". */
export function percentOfFraction(fraction: string): string {
  const { units, scale } = parseDecimal(fraction);
  return canonicalDecimal(
    scale >= 2 ? formatUnits(units, scale - 2) : formatUnits(units * 10n ** BigInt(2 - scale), 0),
  );
}
