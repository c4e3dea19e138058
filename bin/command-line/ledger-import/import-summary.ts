import type { ImportCounts } from './import-point.ts';
import type { RejectedLine } from './rejected-file.ts';

/** More refused lines than these are only in the file. */
const LISTED = 20;

/** A refused line as one line of text; `place` counts them from 1. Undefined for those that are only in the file. */
export function refusedLine(
  { line, invoiceId, problem }: RejectedLine,
  place: number,
  path: string,
): string | undefined {
  if (place > LISTED + 1) return undefined;
  if (place === LISTED + 1) return `… and more: ${path} has them all.`;
  return `Line ${line}${invoiceId === undefined ? '' : `, invoice ${invoiceId}`}: ${problem}`;
}

/** The closing sentences of an import, earlier calls for the same file included. */
export function importSummary(counts: ImportCounts, rejectedPath: string): string {
  const { created, updated, unchanged, stale, rejected } = counts;
  const all = created + updated + unchanged + stale + rejected;
  if (all === 0) return 'The file holds no invoice.';
  const sentences = [
    `${all} ${all === 1 ? 'invoice' : 'invoices'}: ${created} created, ${updated} updated, ${unchanged} unchanged, ${stale} stale, ${rejected} rejected.`,
  ];
  if (stale > 0) sentences.push('Stale: the ledger already has a newer change.');
  if (rejected > 0) sentences.push(`Rejected lines with their reasons: ${rejectedPath}`);
  return sentences.join('\n');
}
