import { type CurrencyCode, currencyDecimals, isCurrencyCode } from '../invoices/currency.ts';
import { decimalProblem } from '../invoices/decimal.ts';
import { standingTotal } from '../invoices/edited-content.ts';
import type { InvoiceLine } from '../invoices/invoice.ts';
import { lineInput } from '../invoices/invoice-input.ts';
import type { MinorUnits } from '../invoices/money.ts';
import { invoiceLine } from '../invoices/read-invoice-input.ts';
import { computeTotals, lineNet, taxGroups } from '../invoices/totals.ts';
import { amountText, groupedAmount } from './amount-text.ts';
import { percentOfFraction } from './decimal-text.ts';
import { type InvoiceFields, invoiceInput } from './invoice-fields.ts';
import type { StatedDraft } from './stated-draft.ts';

/** The totals of the form as they are shown, computed by the ledger's own functions on both sides. */
export interface TotalsView {
  /** For each line of the form its net amount; empty where it can't be told yet. */
  lineAmounts: string[];
  /** Left out where there is only a total that was stated without lines. */
  subtotal?: string;
  taxes: { label: string; amount: string }[];
  /** What a stated total differs by from that of the lines; left out where it doesn't. */
  rounding?: string;
  total: string;
  /** How many lines are not in the sums, since a number in them is missing or can't be read. */
  uncounted: number;
}

/**
 * The totals of what is entered so far; undefined where there is no currency to count in. The total that was stated for the draft is the
 * total while it stands: what is shown is what would be saved.
 */
export function totalsView(fields: InvoiceFields, draft?: StatedDraft): TotalsView | undefined {
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
  const statedTotal = draft && totalStandingFor(draft, input.lines, currency);
  const { subtotal, roundingAmount, total } = computeTotals({ lines: counted, currency, statedTotal });
  const isStatedAlone = statedTotal !== undefined && counted.length === 0;
  return {
    lineAmounts,
    ...(isStatedAlone ? {} : { subtotal: amountText(subtotal, currency) }),
    taxes: taxGroups(counted, currency).flatMap(({ rate, net, tax }) =>
      rate === undefined
        ? []
        : [
            {
              label: `Tax ${percentOfFraction(rate)} % on ${amountText(net, currency)}`,
              amount: amountText(tax, currency),
            },
          ],
    ),
    ...(isStatedAlone || roundingAmount === undefined
      ? {}
      : { rounding: amountText(roundingAmount, currency) }),
    total: amountText(total, currency),
    uncounted: input.lines.length - counted.length,
  };
}

type SentLine = Record<string, string>;

/** A line that can't be read is none that the draft has: its stated total gives way. */
function totalStandingFor(
  draft: StatedDraft,
  sent: readonly SentLine[],
  currency: CurrencyCode,
): MinorUnits | undefined {
  const lines = sent.flatMap((line) => readLine(line, currency) ?? []);
  return lines.length === sent.length ? standingTotal(draft, { lines, currency }) : undefined;
}

/** The line with a stand-in for its text, so that its amount follows before it is described. */
const countable = (sent: SentLine, currency: CurrencyCode): InvoiceLine | undefined =>
  readLine({ ...sent, description: '-', productExternalId: undefined }, currency);

function readLine(sent: Record<string, string | undefined>, currency: CurrencyCode): InvoiceLine | undefined {
  const parsed = lineInput.safeParse(sent);
  if (!parsed.success) return undefined;
  const { discount } = parsed.data;
  if (discount !== undefined && decimalProblem(discount, currencyDecimals(currency)) !== undefined) {
    return undefined;
  }
  return invoiceLine(parsed.data, currency);
}
