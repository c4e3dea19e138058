import { currencyDecimals, isCurrencyCode } from '../invoices/currency.ts';
import { decimalProblem } from '../invoices/decimal.ts';
import type { InvoiceLine } from '../invoices/invoice.ts';
import { lineInput } from '../invoices/invoice-input.ts';
import { parseMoney, sum } from '../invoices/money.ts';
import { lineNet, taxGroups } from '../invoices/totals.ts';
import { amountText, groupedAmount } from './amount-text.ts';
import { percentOfFraction } from './decimal-text.ts';
import { type InvoiceFields, invoiceInput } from './invoice-fields.ts';

/** The totals of the form as they are shown, computed by the ledger's own functions on both sides. */
export interface TotalsView {
  /** For each line of the form its net amount; empty where it can't be told yet. */
  lineAmounts: string[];
  subtotal: string;
  taxes: { label: string; amount: string }[];
  total: string;
  /** How many lines are not in the sums, since a number in them is missing or can't be read. */
  uncounted: number;
}

/** The totals of what is entered so far; undefined where there is no currency to count in. */
export function totalsView(fields: InvoiceFields): TotalsView | undefined {
  const { currency } = fields;
  if (!isCurrencyCode(currency)) return undefined;
  const { input, lineIndexes } = invoiceInput(fields);
  const lineAmounts = fields.lines.map(() => '');
  const counted: InvoiceLine[] = [];
  for (const [position, sent] of input.lines.entries()) {
    const line = countable(sent, currency);
    const index = lineIndexes[position];
    if (!line || index === undefined) continue;
    counted.push(line);
    lineAmounts[index] = groupedAmount(lineNet(line, currency), currency);
  }
  const groups = taxGroups(counted, currency);
  const subtotal = sum(groups.map(({ net }) => net));
  const tax = sum(groups.map((group) => group.tax));
  return {
    lineAmounts,
    subtotal: amountText(subtotal, currency),
    taxes: groups.flatMap(({ rate, net, tax: amount }) =>
      rate === undefined
        ? []
        : [
            {
              label: `Tax ${percentOfFraction(rate)} % on ${amountText(net, currency)}`,
              amount: amountText(amount, currency),
            },
          ],
    ),
    total: amountText(subtotal + tax, currency),
    uncounted: input.lines.length - counted.length,
  };
}

/** The line with a stand-in for its text, so that its amount follows before it is described. */
function countable(sent: Record<string, string>, currency: string): InvoiceLine | undefined {
  const parsed = lineInput.safeParse({ ...sent, description: '-', productExternalId: undefined });
  if (!parsed.success) return undefined;
  const { discount, ...line } = parsed.data;
  if (discount === undefined) return line;
  if (decimalProblem(discount, currencyDecimals(currency)) !== undefined) return undefined;
  return { ...line, discount: parseMoney(discount, currency) };
}
