import type { Invoice, InvoiceContent } from './invoice.ts';
import type { RepContent } from './ledger-command.ts';
import { sameLines } from './same-invoice.ts';

/**
 * What a rep's edit makes of a draft's content. A total that the accounting system stated is about its lines: it stands while these and their
 * currency stay as they are, and gives way to the computed one where they change.
 */
export function editedContent(
  before: Invoice,
  content: RepContent,
): RepContent & Pick<InvoiceContent, 'statedTotal'> {
  const isAboutTheSame = before.currency === content.currency && sameLines(before.lines, content.lines);
  return isAboutTheSame ? { ...content, statedTotal: before.statedTotal } : content;
}
