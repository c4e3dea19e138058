import type { SyncReason } from './sync-reasons.ts';
import type { SyncRecord } from './sync-record.ts';

/** The record as failed: it stays so until a person or a newer change does something about it. What is suspected of HubSpot is kept. */
export const failed = (record: SyncRecord, { reason, reasonCode }: SyncReason, now: number): SyncRecord => ({
  ...record,
  state: 'failed',
  since: now,
  reason,
  reasonCode,
  dueAt: undefined,
});

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
