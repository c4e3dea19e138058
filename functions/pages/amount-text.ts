import type { CurrencyCode } from '../invoices/currency.ts';
import { formatMoney, type MinorUnits } from '../invoices/money.ts';

/** An amount as people read it, without its currency: "1,190.00". */
export function groupedAmount(amount: MinorUnits, currency: CurrencyCode): string {
  const [whole = '', fraction] = formatMoney(amount, currency).split('.');
  const grouped = whole.replace(/\d(?=(?:\d{3})+$)/g, '$&,');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** An amount as people read it: "1,190.00 EUR". */
export const amountText = (amount: MinorUnits, currency: CurrencyCode): string =>
  `${groupedAmount(amount, currency)} ${currency}`;
