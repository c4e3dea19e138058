import type { Outcome } from '../../hubspot/call-failure.ts';
import { plainReason } from '../../hubspot/plain-reason.ts';
import { KEPT_MS } from '../mapping/properties-source.ts';
import { type Attempt, isOutstanding, type LostCreates, type SyncRecord } from '../records/sync-record.ts';
import { ownReason, type SyncReason } from '../sync-reasons.ts';
import { MAX_ATTEMPTS, type SyncSettings } from '../sync-settings.ts';
import { withNothingDone, withUnknownOutcome } from './attempt.ts';
import { failed, failedUnlessChanged, forgotten } from './end-state.ts';
import { lateCreates, mayBeLate, soughtAgain } from './late-creates.ts';
import { archived, synced } from './next-step.ts';
import { lockedWait, retryWait } from './retry-schedule.ts';

/** What came of one record's write. */
export type WriteOutcome =
  /** HubSpot did it, and has it under this id (another than was asked for where records were merged). `created`: of an upsert, as far as said. */
  | { kind: 'done'; hubspotId: string | undefined; created?: boolean | undefined }
  /** HubSpot will not take it; nothing was written. */
  | { kind: 'refused'; reason: SyncReason }
  /** A batch of this size was refused as a whole; this record may be innocent. */
  | { kind: 'refused-in-batch'; size: number }
  /** Another record in HubSpot holds a value that must be unique: of this property, where HubSpot says so. */
  | {
      kind: 'conflict';
      existing: Existing | undefined;
      property?: string | undefined;
      reason: SyncReason;
    }
  /** HubSpot has no record of this id. */
  | { kind: 'gone' }
  /** Something that passes. */
  | {
      kind: 'passing';
      outcome: Outcome;
      reason: SyncReason;
      locked?: boolean;
      retryAfterMs?: number | undefined;
    }
  /** The call was turned away for the number of calls, or the portal stands still: costs no attempt. */
  | { kind: 'not-called' };

/** Who holds the value: HubSpot's id, and which of our records it is, where it is one. */
export interface Existing {
  hubspotId: string;
  holder?: {
    externalId: string /** Whether that record is on its way to another state. */;
    isMoving: boolean;
  };
}

export interface FinishContext {
  now: number;
  /** 0 to below 1. */
  random: number;
  settings: SyncSettings;
}

/** The record after its write; undefined where the attempt is no longer ours, and so the result no longer counts. */
export function finishWrite(
  record: SyncRecord,
  attemptId: string,
  outcome: WriteOutcome,
  context: FinishContext,
): SyncRecord | undefined {
  const { attempt } = record;
  if (!attempt || attempt.id !== attemptId) return undefined;
  const { now } = context;
  const ended: SyncRecord = { ...record, attempt: undefined, unfinished: 0 };
  switch (outcome.kind) {
    case 'done':
      return afterWrite(ended, attempt, outcome, now);
    case 'refused':
      return failedUnlessChanged(withNothingDone(ended, attempt), attempt, outcome.reason, now);
    case 'refused-in-batch': {
      const batchLimit = Math.max(1, Math.floor(outcome.size / 2));
      return { ...withNothingDone(uncounted(ended), attempt), batchLimit, dueAt: now };
    }
    case 'not-called':
      return { ...withNothingDone(uncounted(ended), attempt), dueAt: now };
    case 'gone':
      return afterGone(ended, attempt, context);
    case 'conflict':
      return afterConflict(withNothingDone(ended, attempt), attempt, outcome, context);
    case 'passing': {
      const unknown = outcome.outcome === 'unknown';
      const left = unknown
        ? { ...withUnknownOutcome(record, now, context.settings), unfinished: 0 }
        : withNothingDone(ended, attempt);
      return afterPassing(left, outcome, context);
    }
  }
}

/** Whether the accounting system, or a replay, changed the record since the write began. */
const hasChangedSince = ({ revision }: Attempt, record: SyncRecord): boolean => record.revision !== revision;

const uncounted = (record: SyncRecord): SyncRecord => ({
  ...record,
  attempts: Math.max(0, record.attempts - 1),
});

function afterWrite(
  record: SyncRecord,
  attempt: Attempt,
  { hubspotId, created }: { hubspotId?: string | undefined; created?: boolean | undefined },
  now: number,
): SyncRecord {
  if (attempt.kind === 'archive' || attempt.kind === 'unlink') {
    if (record.desired.kind === 'deleted') return archived(record, now);
    return { ...forgotten(record, now), dueAt: now };
  }
  // What has our key since the record was last looked for may be its lost create.
  const isPerhapsOurs = record.hubspotId !== undefined || lateCreates(record) !== undefined;
  const wasThere = attempt.kind === 'upsert' && created === false && !isPerhapsOurs;
  const known = {
    ...record,
    hubspotId: hubspotId ?? record.hubspotId,
    adopted: wasThere ? true : record.adopted,
    gone: undefined,
  };
  if (attempt.kind === 'let-go') return { ...known, sentEmails: [], dueAt: now };
  const { keptNames = [] } = attempt;
  // A write that began before lost ones could no longer land leaves open what HubSpot has in the end.
  const isSettled = record.unsettled === undefined || attempt.startedAt >= record.unsettled.until;
  const written: SyncRecord = {
    ...known,
    syncedHash: attempt.hash,
    syncedAt: now,
    // The write that settles it, or clears the rest, has its own tries.
    attempts: isSettled && keptNames.length === 0 ? known.attempts : 0,
    batchLimit: undefined,
    unresolved: undefined,
    unsettled: isSettled ? undefined : record.unsettled,
    names: isSettled ? [...(attempt.names ?? []), ...keptNames] : record.names,
    sentEmails: attempt.email === undefined ? [] : [attempt.email],
  };
  if (hasChangedSince(attempt, record)) return { ...written, dueAt: now };
  const done = synced(written, now);
  return isSettled && keptNames.length > 0 ? { ...done, dueAt: now + DEFINITIONS_AGE_MS } : done;
}

/** Property definitions are never older: by then it is known whether the portal has a property that could not be cleared. */
const DEFINITIONS_AGE_MS = 2 * KEPT_MS + 1;

function afterGone(record: SyncRecord, attempt: Attempt, context: FinishContext): SyncRecord {
  const { now } = context;
  if (attempt.kind === 'unlink' || attempt.kind === 'archive') {
    return afterWrite(record, attempt, {}, now);
  }
  // What is to be made can't be gone: whatever HubSpot misses, it isn't this record.
  if (attempt.kind === 'create' || attempt.kind === 'upsert') {
    const reason = plainReason('hubspot-unreadable-answer', undefined, NOTHING_TO_MISS);
    const passing = { kind: 'passing', outcome: 'not-executed', reason } as const;
    return afterPassing(withNothingDone(record, attempt), passing, context);
  }
  const state = isOutstanding(record) ? 'retry' : record.state;
  const left = { ...withNothingDone(record, attempt), syncedHash: undefined, sentEmails: [] };
  return { ...left, state, gone: true, dueAt: now };
}

const NOTHING_TO_MISS = 'It does not find a record that was only to be made.';

/**
 * A record without an id takes over the one that stands in its way, unless that is ours already: then the other may be about to give the
 * value up, or somebody has to look. A record with an id never takes over another; nor does one that has changed since, as it may no longer
 * want that value. What may be a create of its own that has landed late is looked for: only its age tells it from a stranger's.
 */
function afterConflict(
  record: SyncRecord,
  attempt: Attempt,
  { existing, property, reason }: Extract<WriteOutcome, { kind: 'conflict' }>,
  context: FinishContext,
): SyncRecord {
  const { now } = context;
  const { email } = attempt;
  const late = lateCreates(record);
  if (hasChangedSince(attempt, record)) {
    return late && !existing?.holder ? soughtOnceMore(record, late, now) : { ...record, dueAt: now };
  }
  if (existing?.holder) {
    const { externalId, isMoving } = existing.holder;
    const detail = `HubSpot's record ${existing.hubspotId} has a value of this one, and belongs to ${externalId}.`;
    const held = ownReason('record-held-by-another', detail);
    return isMoving
      ? afterPassing(record, { kind: 'passing', outcome: 'not-executed', reason: held }, context)
      : failed(record, held, now);
  }
  if (record.hubspotId !== undefined) {
    if (existing === undefined || email === undefined || property !== 'email') {
      return failed(record, reason, now);
    }
    const detail = `HubSpot's contact ${existing.hubspotId}, which is none of ours, has the e-mail address that contact ${record.hubspotId} should get.`;
    return failed(record, ownReason('email-held-by-stranger', detail), now);
  }
  const suspects = late && mayBeLate(late, attempt, property) ? late : undefined;
  if (existing !== undefined && suspects) return soughtOnceMore(record, suspects, now);
  if (existing !== undefined) {
    // What it takes over may have the address already.
    const sentEmails = [...new Set([...record.sentEmails, ...(email === undefined ? [] : [email])])];
    return { ...record, hubspotId: existing.hubspotId, adopted: true, sentEmails, dueAt: now };
  }
  if (!suspects && (email === undefined || (property ?? 'email') !== 'email')) {
    return failedUnlessChanged(record, attempt, reason, now);
  }
  // HubSpot didn't say who has the address: ask for it. Where nobody has, the conflict comes again, and so it waits longer each time.
  const retried = afterPassing(record, { kind: 'passing', outcome: 'not-executed', reason }, context);
  if (retried.dueAt === undefined) return retried;
  const asked = suspects ?? { since: now, endedAt: now, traces: [{ email }] };
  const onlyFor = suspects ? undefined : record.revision;
  const unresolved = { ...soughtAgain(asked, { now, lookAt: retried.dueAt }), onlyFor };
  return { ...retried, unresolved };
}

const soughtOnceMore = (record: SyncRecord, late: LostCreates, now: number): SyncRecord => ({
  ...record,
  unresolved: soughtAgain(late, { now, lookAt: now }),
  dueAt: now,
});

/** Tried again after a while, and given up after {@link MAX_ATTEMPTS}; what is suspected of HubSpot is kept for a replay. */
export function afterPassing(
  record: SyncRecord,
  { reason, locked, retryAfterMs = 0 }: Extract<WriteOutcome, { kind: 'passing' }>,
  { now, random, settings }: FinishContext,
): SyncRecord {
  if (record.attempts >= MAX_ATTEMPTS) return failed(record, reason, now);
  const wait = (locked ? lockedWait : retryWait)(record.attempts, settings.retryCapMs, random);
  const isFailed = !isOutstanding(record) && record.state !== 'synced';
  return {
    ...record,
    ...(isFailed ? {} : { state: 'retry', ...reason }),
    since: record.state === 'synced' ? now : record.since,
    dueAt: now + Math.max(wait, retryAfterMs),
  };
}
