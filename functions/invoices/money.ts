import { type CurrencyCode, currencyDecimals } from './currency.ts';
import { formatUnits, parseDecimal, roundTo } from './decimal.ts';

/** An integer of a currency's smallest unit: cents for EUR, yen for JPY, fils for KWD. A bigint, so that sums never lose a unit. */
export type MinorUnits = bigint;

/** Reads an amount such as "1190.00"; the text must have passed the border's checks (no more decimals than the currency has). */
export const parseMoney = (text: string, currency: CurrencyCode): MinorUnits =>
  roundTo(parseDecimal(text), currencyDecimals(currency));

/** Writes an amount with all of the currency's decimals: "1190.00" EUR, "1190" JPY, "1190.000" KWD. */
export const formatMoney = (amount: MinorUnits, currency: CurrencyCode): string =>
  formatUnits(amount, currencyDecimals(currency));

/** The amount without its sign. */
export const magnitude = (amount: MinorUnits): MinorUnits => (amount < 0n ? -amount : amount);

/** The sum, zero for none. */
export const sum = (amounts: readonly MinorUnits[]): MinorUnits =>
  amounts.reduce((total, amount) => total + amount, 0n);
