import { namesWithValue } from '../mapping/map-properties.ts';
import { bestKey, type PortalProperties } from '../mapping/portal-properties.ts';
import { normalizedEmail } from '../records/desired-content.ts';
import type { Attempt, CreateTrace, SyncRecord, UnresolvedCreates } from '../records/sync-record.ts';
import { ATTEMPT_MARGIN_MS, CALL_TIMEOUT_MS, type SyncSettings } from '../sync-settings.ts';
import type { Write } from './next-step.ts';

/**
 * The record with an attempt on it: stored before HubSpot is called, and due again when the attempt has ended, should nobody report a
 * result. From here on HubSpot may have what is sent, so the synced hash is taken off and the names and the address are noted.
 */
export function beginWrite(
  record: SyncRecord,
  write: Write,
  { id, now, properties }: { id: string; now: number; properties: PortalProperties },
): SyncRecord {
  const values = 'values' in write ? write.values : {};
  const names = namesWithValue(values);
  const email = record.type === 'contacts' && values.email ? normalizedEmail(values.email) : undefined;
  const attempt: Attempt = {
    id,
    kind: write.kind,
    startedAt: now,
    endsAt: now + CALL_TIMEOUT_MS + ATTEMPT_MARGIN_MS,
    revision: record.revision,
    names,
    newNames: names.filter((name) => !record.names.includes(name)),
    keptNames: write.kind === 'create' ? [] : record.names.filter((name) => !(name in values)),
    email,
    isEmailNew: email !== undefined && !record.sentEmails.includes(email),
    hash: 'hash' in write ? write.hash : undefined,
    previousHash: record.syncedHash,
    trace: write.kind === 'create' || write.kind === 'upsert' ? traceOf(record, properties) : undefined,
  };
  return {
    ...record,
    attempt,
    syncedHash: undefined,
    attempts: record.attempts + 1,
    unfinished: record.unfinished + 1,
    names: [...new Set([...record.names, ...names])],
    sentEmails: [...new Set([...record.sentEmails, ...(email === undefined ? [] : [email])])],
    dueAt: attempt.endsAt,
  };
}

/** The record after a write that HubSpot certainly did not do: it has what it had, and names and address that came with the write go again. */
export function withNothingDone(record: SyncRecord, attempt: Attempt): SyncRecord {
  const { previousHash, newNames = [], email, isEmailNew } = attempt;
  return {
    ...record,
    syncedHash: previousHash,
    names: record.names.filter((name) => !newNames.includes(name)),
    sentEmails: isEmailNew ? record.sentEmails.filter((sent) => sent !== email) : record.sentEmails,
  };
}

/** The record while it is looked for in HubSpot. Nothing is written, so an end without a result leaves nothing behind. */
export const beginLookUp = (record: SyncRecord, { id, now }: { id: string; now: number }): SyncRecord => {
  const endsAt = now + CALL_TIMEOUT_MS + ATTEMPT_MARGIN_MS;
  const attempt: Attempt = { id, kind: 'look-up', startedAt: now, endsAt, revision: record.revision };
  return { ...record, attempt, unfinished: record.unfinished + 1, dueAt: endsAt };
};

function traceOf({ desired }: SyncRecord, properties: PortalProperties): CreateTrace {
  const key = bestKey(properties);
  switch (desired.kind) {
    case 'contact': {
      const { email, firstName, lastName } = desired.content;
      return {
        key,
        email: email === undefined ? undefined : normalizedEmail(email),
        name: firstName,
        lastName,
      };
    }
    case 'product':
      return { key, sku: desired.content.sku, name: desired.content.name };
    case 'deleted':
      return { key };
  }
}

/** A row whose attempt has ended, and whose worker never said what came of it: HubSpot may have done it. */
export const afterLostAttempt = (record: SyncRecord, now: number, settings: SyncSettings): SyncRecord =>
  record.attempt && record.attempt.endsAt <= now ? withUnknownOutcome(record, now, settings) : record;

/**
 * The record after a write that HubSpot may or may not have done, or may still do: a create is to be looked for, anything is to be written
 * again, and once more when what was lost can no longer land on top. `learnedAt` is when the result was given up.
 */
export function withUnknownOutcome(
  record: SyncRecord,
  learnedAt: number,
  { settleMs }: Pick<SyncSettings, 'settleMs'>,
): SyncRecord {
  const { attempt, ...others } = record;
  if (!attempt || attempt.kind === 'look-up') return others;
  const unsettled = {
    ...record.unsettled,
    until: Math.max(record.unsettled?.until ?? 0, learnedAt + settleMs),
    archived: attempt.kind === 'archive' || record.unsettled?.archived === true,
  };
  if (!attempt.trace) return { ...others, unsettled };
  return { ...others, unsettled, unresolved: withTrace(record.unresolved, attempt, attempt.trace) };
}

const withTrace = (
  unresolved: UnresolvedCreates | undefined,
  { startedAt, endsAt }: Attempt,
  trace: CreateTrace,
): UnresolvedCreates => ({
  since: Math.min(unresolved?.since ?? startedAt, startedAt),
  endedAt: Math.max(unresolved?.endedAt ?? 0, endsAt),
  traces: [...(unresolved?.traces ?? []), trace],
  misses: 0,
  lookAt: endsAt,
});
