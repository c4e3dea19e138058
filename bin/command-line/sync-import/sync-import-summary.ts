import type { ObjectType } from '../../../functions/hubspot/hubspot-api.ts';
import type { ImportCounts } from '../ledger-import/import-point.ts';
import type { RejectedLine } from '../ledger-import/rejected-file.ts';

/** More refused lines than these are only in the file. */
const LISTED = 20;

/** A refused line as one line of text; `place` counts them from 1. Undefined for those that are only in the file. */
export function refusedRecord(
  { line, invoiceId: externalId, problem }: RejectedLine,
  place: number,
  path: string,
): string | undefined {
  if (place > LISTED + 1) return undefined;
  if (place === LISTED + 1) return `… and more: ${path} has them all.`;
  return `Line ${line}${externalId === undefined ? '' : `, ${externalId}`}: ${problem}`;
}

/** The closing sentences of an import, earlier calls for the same file included. */
export function syncImportSummary(counts: ImportCounts, type: ObjectType, rejectedPath: string): string {
  const { updated: accepted, unchanged, stale, rejected } = counts;
  const all = accepted + unchanged + stale + rejected;
  if (all === 0) return `The file holds no ${type}.`;
  const sentences = [
    `${all} ${type}: ${accepted} accepted, ${unchanged} unchanged, ${stale} stale, ${rejected} rejected.`,
  ];
  if (stale > 0) sentences.push('Stale: there is a newer change of the record already.');
  if (rejected > 0) sentences.push(`Rejected lines with their reasons: ${rejectedPath}`);
  if (accepted > 0) {
    sentences.push('Accepted ones are on their way to HubSpot; GET /v1/sync/health says how far it is.');
  }
  return sentences.join('\n');
}
