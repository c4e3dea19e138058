import type { Attempt, SyncRecord, UnresolvedCreates, Unsettled } from '../records/sync-record.ts';
import type { SyncReason } from '../sync-reasons.ts';
import { soughtAgain } from './late-creates.ts';

/** The record as failed: it stays so until a person or a newer change does something about it. What is suspected of HubSpot is kept. */
export const failed = (record: SyncRecord, { reason, reasonCode }: SyncReason, now: number): SyncRecord => ({
  ...record,
  state: 'failed',
  since: now,
  reason,
  reasonCode,
  dueAt: undefined,
});

/** What failed for an older version says nothing of the one that has come since: that stays as it is, and gets its own try at once. */
export const failedUnlessChanged = (
  record: SyncRecord,
  { revision }: Pick<Attempt, 'revision'>,
  reason: SyncReason,
  now: number,
): SyncRecord => (record.revision === revision ? failed(record, reason, now) : { ...record, dueAt: now });

/**
 * The record without anything known of HubSpot: the next write creates it anew. A create of ours that may still land is looked for before,
 * when it no longer can.
 */
export function forgotten(record: SyncRecord, now: number): SyncRecord {
  const unresolved = record.unsettled && awaited(record.unsettled, now);
  const emails = unresolved?.traces.map(({ email }) => email) ?? [];
  return {
    ...record,
    hubspotId: undefined,
    adopted: undefined,
    gone: undefined,
    syncedHash: undefined,
    unresolved,
    unsettled: undefined,
    names: [],
    sentEmails: record.sentEmails.filter((email) => emails.includes(email)),
  };
}

/** To be looked for when nothing can land any longer. */
const awaited = ({ late, until }: Unsettled, now: number): UnresolvedCreates | undefined =>
  late && soughtAgain(late, { now, lookAt: Math.max(until, now) });
