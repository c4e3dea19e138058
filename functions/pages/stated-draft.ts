import type { Invoice } from '../invoices/invoice.ts';
import type { LineInput } from '../invoices/invoice-input.ts';
import { formatMoney, type MinorUnits, parseMoney } from '../invoices/money.ts';
import { invoiceLine } from '../invoices/read-invoice-input.ts';
import { linesAsSent } from '../rep/rep-input.ts';

/** What a draft's form must know of a total that the accounting system stated: what it is about, since it stands while that stays. */
export type StatedDraft = Pick<Invoice, 'lines' | 'currency'> & { statedTotal: MinorUnits };

/** The draft as its form must know it; undefined where its total follows from its lines. */
export const statedDraft = ({ lines, currency, statedTotal }: Invoice): StatedDraft | undefined =>
  statedTotal === undefined ? undefined : { lines, currency, statedTotal };

interface StatedDraftJson {
  currency: string;
  total: string;
  lines: LineInput[];
}

/** The draft as a text of the form, for its script. */
export function statedDraftText(draft: StatedDraft): string {
  const { currency } = draft;
  const json: StatedDraftJson = {
    currency,
    total: formatMoney(draft.statedTotal, currency),
    lines: linesAsSent(draft),
  };
  return JSON.stringify(json);
}

/** Reads {@link statedDraftText}. */
export function readStatedDraft(text: string): StatedDraft {
  const { currency, total, lines }: StatedDraftJson = JSON.parse(text);
  return {
    currency,
    lines: lines.map((line) => invoiceLine(line, currency)),
    statedTotal: parseMoney(total, currency),
  };
}
