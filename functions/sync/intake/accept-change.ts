import type { ObjectType } from '../../hubspot/hubspot-api.ts';
import type { PortalId } from '../../invoices/identifiers.ts';
import type { IsoDateTime } from '../../invoices/invoice.ts';
import { type DesiredContent, fingerprint } from '../records/desired-content.ts';
import { isOutstanding, type SyncRecord } from '../records/sync-record.ts';

/** One record as the accounting system sent it, read and checked. */
export interface SentRecord {
  externalId: string;
  updatedAt: IsoDateTime;
  /** `updatedAt` in the form that compares. */
  sourceInstant: string;
  desired: DesiredContent;
}

/** What a sent record comes to. `record` is what to store; absent where nothing has to be. */
export type Acceptance =
  | { verdict: 'accepted'; record: SyncRecord }
  | { verdict: 'unchanged'; record?: SyncRecord }
  | { verdict: 'stale'; reason: string };

export interface Owner {
  portalId: PortalId;
  type: ObjectType;
}

/**
 * Holds a sent record to the one we have. The same content is `unchanged` whatever its time, but moves the time forward, and is tried again
 * where it had failed; an older change is `stale`; of two with the same time the later arrival wins.
 */
export function acceptChange(
  owner: Owner,
  current: SyncRecord | undefined,
  sent: SentRecord,
  now: number,
): Acceptance {
  const contentHash = fingerprint(sent.desired);
  if (current === undefined) {
    return { verdict: 'accepted', record: firstRecord(owner, sent, contentHash, now) };
  }
  const isNewer = sent.sourceInstant > current.sourceInstant;
  const times = isNewer ? { updatedAt: sent.updatedAt, sourceInstant: sent.sourceInstant } : {};
  if (contentHash === current.contentHash) {
    if (current.state === 'failed')
      return { verdict: 'accepted', record: reopened({ ...current, ...times }, now) };
    return isNewer ? { verdict: 'unchanged', record: { ...current, ...times } } : { verdict: 'unchanged' };
  }
  if (sent.sourceInstant < current.sourceInstant) {
    return {
      verdict: 'stale',
      reason: `We already have the change of ${current.updatedAt}, which is newer.`,
    };
  }
  return {
    verdict: 'accepted',
    record: reopened({ ...current, ...times, desired: sent.desired, contentHash }, now),
  };
}

const firstRecord = (owner: Owner, sent: SentRecord, contentHash: string, now: number): SyncRecord => ({
  ...owner,
  ...sent,
  version: 0,
  contentHash,
  revision: 1,
  state: 'pending',
  since: now,
  attempts: 0,
  unfinished: 0,
  dueAt: now,
  names: [],
  sentEmails: [],
});

/**
 * The record with everything that its past failures left behind taken off, due at once: after an accepted change, and for a replay. What is
 * known and suspected of HubSpot stays. While an attempt lives, its end is soon enough.
 */
export const reopened = (record: SyncRecord, now: number): SyncRecord => ({
  ...record,
  revision: record.revision + 1,
  state: 'pending',
  since: isOutstanding(record) ? record.since : now,
  reason: undefined,
  reasonCode: undefined,
  attempts: 0,
  unfinished: 0,
  batchLimit: undefined,
  waiting: undefined,
  dueAt: Math.max(now, record.attempt?.endsAt ?? 0),
});
