import { type CurrencyCode, currencyDecimals } from './currency.ts';
import { canonicalDecimal, multiply, parseDecimal, roundTo, subtract } from './decimal.ts';
import type { InvoiceContent, InvoiceLine } from './invoice.ts';
import { type MinorUnits, sum } from './money.ts';

/** The lines of one tax rate together. `rate` is undefined for lines that state none, which is another group than "0". */
export interface TaxGroup {
  rate: string | undefined;
  net: MinorUnits;
  tax: MinorUnits;
}

export interface Totals {
  subtotal: MinorUnits;
  taxTotal: MinorUnits;
  roundingAmount?: MinorUnits;
  total: MinorUnits;
}

/** A line's net amount: round(quantity × price − discount), where a rate's discount is itself rounded first (EN 16931, BT-131). */
export function lineNet(line: InvoiceLine, currency: CurrencyCode): MinorUnits {
  const decimals = currencyDecimals(currency);
  const gross = multiply(parseDecimal(line.quantity), parseDecimal(line.unitPrice));
  return roundTo(subtract(gross, { units: lineDiscount(line, currency), scale: decimals }), decimals);
}

/** What comes off a line: the stated amount, or round(quantity × price × rate); zero for neither. */
export function lineDiscount(line: InvoiceLine, currency: CurrencyCode): MinorUnits {
  if (line.discount !== undefined) return line.discount;
  if (line.discountRate === undefined) return 0n;
  const gross = multiply(parseDecimal(line.quantity), parseDecimal(line.unitPrice));
  return roundTo(multiply(gross, parseDecimal(line.discountRate)), currencyDecimals(currency));
}

/** Tax is computed once for each rate, on the sum of its lines (EN 16931, BG-23), in the order the rates first appear. */
export function taxGroups(lines: readonly InvoiceLine[], currency: CurrencyCode): TaxGroup[] {
  const nets = new Map<string | undefined, MinorUnits>();
  for (const line of lines) {
    const rate = line.taxRate === undefined ? undefined : canonicalDecimal(line.taxRate);
    nets.set(rate, (nets.get(rate) ?? 0n) + lineNet(line, currency));
  }
  const decimals = currencyDecimals(currency);
  return [...nets].map(([rate, net]) => ({
    rate,
    net,
    tax:
      rate === undefined
        ? 0n
        : roundTo(multiply({ units: net, scale: decimals }, parseDecimal(rate)), decimals),
  }));
}

/**
 * Totals in EN 16931's order. A stated total is the truth; what it differs by from the computed one is the rounding amount
 * (BT-114), absent where there is no difference.
 */
export function computeTotals(content: Pick<InvoiceContent, 'lines' | 'currency' | 'statedTotal'>): Totals {
  const groups = taxGroups(content.lines, content.currency);
  const subtotal = sum(groups.map((group) => group.net));
  const taxTotal = sum(groups.map((group) => group.tax));
  const computed = subtotal + taxTotal;
  const total = content.statedTotal ?? computed;
  return { subtotal, taxTotal, ...(total === computed ? {} : { roundingAmount: total - computed }), total };
}
