import type { SyncReason } from './sync-reasons.ts';
import type { Attempt, SyncRecord } from './sync-record.ts';

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

/** The record without anything known of HubSpot: the next write creates it anew. */
export const forgotten = (record: SyncRecord): SyncRecord => ({
  ...record,
  hubspotId: undefined,
  adopted: undefined,
  gone: undefined,
  syncedHash: undefined,
  unresolved: undefined,
  unsettled: undefined,
  names: [],
  sentEmails: [],
});
