import type { InvoiceContent } from './invoice.ts';
import type { RepContent } from './ledger-command.ts';
import type { MinorUnits } from './money.ts';
import { sameLines } from './same-invoice.ts';

/** A content's total as far as it was stated, with what it is about. */
type Stated = Pick<InvoiceContent, 'lines' | 'currency' | 'statedTotal'>;

/**
 * The stated total that a draft keeps with another content; undefined where it had none. A total that the accounting system stated is about
 * its lines: it stands while these and their currency stay as they are, and gives way to the computed one where they change.
 */
export function standingTotal(
  before: Stated,
  content: Pick<InvoiceContent, 'lines' | 'currency'>,
): MinorUnits | undefined {
  const isAboutTheSame = before.currency === content.currency && sameLines(before.lines, content.lines);
  return isAboutTheSame ? before.statedTotal : undefined;
}

/** What a rep's edit makes of a draft's content, with the stated total where that stands. */
export function editedContent(
  before: Stated,
  content: RepContent,
): RepContent & Pick<InvoiceContent, 'statedTotal'> {
  const statedTotal = standingTotal(before, content);
  return statedTotal === undefined ? content : { ...content, statedTotal };
}
