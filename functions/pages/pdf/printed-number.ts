import { type CurrencyCode, currencyDecimals } from '../../invoices/currency.ts';
import { canonicalDecimal, formatUnits, parseDecimal } from '../../invoices/decimal.ts';
import type { DecimalText } from '../../invoices/invoice.ts';
import { formatMoney, type MinorUnits } from '../../invoices/money.ts';

/** Groups the digits before the point in threes: "-1190.00" is "-1,190.00". Never by the machine's locale: a document looks the same everywhere. */
export function groupDigits(text: DecimalText): string {
  const [whole = '', fraction] = text.split('.');
  const grouped = whole.replace(/\d(?=(?:\d{3})+$)/g, '$&,');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** An amount with all of its currency's decimals: "1,190.00" EUR, "1,190" JPY, "1,190.000" KWD. */
export const printedMoney = (amount: MinorUnits, currency: CurrencyCode): string =>
  groupDigits(formatMoney(amount, currency));

/** A unit price, which may have more decimals than its currency, but is never printed with fewer. */
export function printedPrice(price: DecimalText, currency: CurrencyCode): string {
  const [whole = '', fraction = ''] = canonicalDecimal(price).split('.');
  const decimals = fraction.padEnd(currencyDecimals(currency), '0');
  return groupDigits(decimals === '' ? whole : `${whole}.${decimals}`);
}

/** A quantity without trailing zeros: "1,000.5". */
export const printedQuantity = (quantity: DecimalText): string => groupDigits(canonicalDecimal(quantity));

/** A fraction as a percentage: "0.19" is "19%", "0.075" is "7.5%". */
export function printedRate(fraction: DecimalText): string {
  const { units, scale } = parseDecimal(fraction);
  return `${canonicalDecimal(formatUnits(units * 100n, scale))}%`;
}
