import type { PropertyValues } from '../../hubspot/hubspot-api.ts';
import { type MappingContext, mapProperties, namesWithValue, withClears } from '../mapping/map-properties.ts';
import { keysIn } from '../mapping/portal-properties.ts';
import { desiredEmail } from '../records/desired-content.ts';
import { isOutstanding, type SyncRecord } from '../records/sync-record.ts';
import { ownReason, type SyncReason } from '../sync-reasons.ts';
import { MAX_ATTEMPTS, MAX_NAMES_BYTES, MAX_UNFINISHED, type SyncSettings } from '../sync-settings.ts';
import { failed, forgotten } from './end-state.ts';
import { type LookUp, lookUpGone, lookUpUnresolved, withoutStaleQuestion } from './look-up.ts';

/** One write to HubSpot for one record. */
export type Write =
  | { kind: 'create'; values: PropertyValues; hash: string }
  | { kind: 'upsert'; key: string; values: PropertyValues; hash: string }
  | { kind: 'update'; hubspotId: string; values: PropertyValues; hash: string }
  /** Takes an address off that somebody else waits for. */
  | { kind: 'let-go'; hubspotId: string; values: PropertyValues }
  /** Takes our key off a record that was in HubSpot before us. */
  | { kind: 'unlink'; hubspotId: string; values: PropertyValues }
  | { kind: 'archive'; hubspotId: string };

/** What to do about a due record now. */
export type Step =
  /** Nothing in HubSpot: store this, which is no longer due, or later. */
  | { kind: 'rest'; record: SyncRecord }
  /** Others must be told that addresses are free. */
  | { kind: 'tell-waiters' }
  /** It waits for an address: see whether somebody waits for the one it has, and ask the holder once. */
  | { kind: 'stand-in-line' }
  | { kind: 'look-up'; lookUp: LookUp }
  | { kind: 'write'; write: Write };

export interface StepContext extends MappingContext {
  /** Epoch milliseconds. */
  now: number;
  settings: SyncSettings;
}

/** Decides what to do about a due record; one whose attempt has ended without a result goes through `afterLostAttempt` first. */
export function nextStep(record: SyncRecord, context: StepContext): Step {
  const step = stepFor(record, context);
  // Whatever way it came here: so many writes without an end are enough.
  return step.kind === 'write' && record.attempts >= MAX_ATTEMPTS
    ? rest(failed(record, lastReason(record), context.now))
    : step;
}

function stepFor(record: SyncRecord, context: StepContext): Step {
  const { now } = context;
  if (record.attempt) return rest({ ...record, dueAt: Math.max(record.attempt.endsAt, now) });
  if (record.released) return { kind: 'tell-waiters' };
  if (record.unfinished >= MAX_UNFINISHED) return rest(failed(record, ownReason('worker-ended'), now));
  if (record.unresolved) return unresolvedStep(record, context);
  if (record.desired.kind === 'deleted') return deletionStep(record, context);
  if (record.gone) return goneStep(record, context);
  if (record.waiting) return { kind: 'stand-in-line' };
  return contentStep(record, context);
}

const rest = (record: SyncRecord): Step => ({ kind: 'rest', record });

const lastReason = ({ reason, reasonCode }: SyncRecord): SyncReason =>
  reason !== undefined && reasonCode !== undefined ? { reason, reasonCode } : ownReason('unexpected-error');

function unresolvedStep(record: SyncRecord, context: StepContext): Step {
  const asking = withoutStaleQuestion(record);
  if (asking !== record) return rest({ ...asking, dueAt: context.now });
  const lookUp = lookUpUnresolved(record, context);
  if (lookUp.notBefore > context.now) {
    const state = isOutstanding(record) ? 'retry' : record.state;
    return rest({ ...record, state, dueAt: lookUp.notBefore });
  }
  return { kind: 'look-up', lookUp };
}

function deletionStep(record: SyncRecord, { now, settings, properties }: StepContext): Step {
  const { hubspotId } = record;
  if (hubspotId === undefined || record.gone) return rest(archived(record, now));
  if (!record.adopted || settings.onAdoptedDeletion === 'archive') {
    return { kind: 'write', write: { kind: 'archive', hubspotId } };
  }
  const keys = keysIn(properties).filter((name) => record.names.includes(name));
  if (keys.length === 0) return rest(archived(record, now));
  const values = Object.fromEntries(keys.map((name) => [name, '']));
  return { kind: 'write', write: { kind: 'unlink', hubspotId, values } };
}

/** The record's end: we know nothing of it in HubSpot any more, and a newer version begins anew. Not before what may still land was looked for. */
export function archived(record: SyncRecord, now: number): SyncRecord {
  const end = { ...forgotten(record, now), reason: undefined, reasonCode: undefined };
  return end.unresolved
    ? { ...end, state: 'retry', dueAt: end.unresolved.lookAt }
    : { ...end, state: 'archived', since: now, dueAt: undefined };
}

function goneStep(record: SyncRecord, context: StepContext): Step {
  // An archive of ours of unknown outcome explains it: the record was deleted, and then came back as a new one.
  if (record.unsettled?.archived) return rest({ ...forgotten(record, context.now), dueAt: context.now });
  const lookUp = lookUpGone(record, context);
  const { notBefore } = lookUp;
  if (notBefore > context.now) {
    const gone = typeof record.gone === 'object' ? record.gone : { misses: 0, lookAt: notBefore };
    return rest({ ...record, gone, dueAt: notBefore });
  }
  return { kind: 'look-up', lookUp };
}

function contentStep(record: SyncRecord, context: StepContext): Step {
  const { now, properties } = context;
  const mapping = mapProperties(record, context);
  if (mapping.kind === 'unmappable') return rest(failed(record, mapping.reason, now));
  const { values, hash } = mapping;
  if (hasTooManyNames(record, values)) return rest(failed(record, ownReason('too-many-properties'), now));
  const { hubspotId } = record;
  const withCleared = withClears(values, record.names, properties);
  if (hubspotId === undefined) {
    const key = properties.uniqueKey;
    if (key === undefined) return { kind: 'write', write: { kind: 'create', values, hash } };
    return { kind: 'write', write: { kind: 'upsert', key, values: withCleared, hash } };
  }
  const isCleared = Object.keys(withCleared).every((name) => name in values);
  if (record.syncedHash === hash && isAtRest(record, isCleared, now)) return rest(synced(record, now));
  return { kind: 'write', write: { kind: 'update', hubspotId, values: withCleared, hash } };
}

/** While an earlier write may still land, names are kept for the write that settles it; else all that could be cleared must be. */
const isAtRest = ({ unsettled }: SyncRecord, isCleared: boolean, now: number): boolean =>
  unsettled === undefined ? isCleared : unsettled.until > now;

/** Names whose fate nobody knows must not grow out of the row: what adds to too many is not sent. */
function hasTooManyNames({ names }: SyncRecord, values: PropertyValues): boolean {
  const all = new Set([...names, ...namesWithValue(values)]);
  return all.size > names.length && [...all].join().length > MAX_NAMES_BYTES;
}

/** The record as HubSpot has it. Where an earlier write may still land on top, it is due once more when that can no longer happen. */
export const synced = (record: SyncRecord, now: number): SyncRecord => ({
  ...record,
  state: 'synced',
  since: record.state === 'synced' ? record.since : now,
  reason: undefined,
  reasonCode: undefined,
  dueAt: record.unsettled?.until,
});

/** Whether what HubSpot is known to have is what a worker would write now. */
export function isUpToDate(record: SyncRecord, context: MappingContext): boolean {
  const mapping = mapProperties(record, context);
  return mapping.kind === 'mapped' && mapping.hash === record.syncedHash;
}

/** The address a create or update carries. */
export const emailOf = (write: Write, record: SyncRecord): string | undefined =>
  write.kind === 'create' || write.kind === 'upsert' || write.kind === 'update'
    ? desiredEmail(record.desired)
    : undefined;
