import { failed, forgotten } from './end-state.ts';
import { afterPassing, type FinishContext, type WriteOutcome } from './finish-write.ts';
import type { LookUp } from './look-up.ts';
import { ownReason, SYNC_REASONS } from './sync-reasons.ts';
import { isOutstanding, type SyncRecord } from './sync-record.ts';

/** A record in HubSpot that answers to a look-up. */
export interface Candidate {
  hubspotId: string;
  /** Epoch milliseconds, where HubSpot said so. */
  createdAt?: number | undefined;
  /** What it was found by. */
  by: 'unique' | 'email' | 'key-search' | 'search';
  /** The record of ours that it belongs to already. */
  holder?: string | undefined;
}

export type LookUpOutcome =
  | { kind: 'answered'; candidates: Candidate[] }
  | Extract<WriteOutcome, { kind: 'passing' | 'not-called' }>;

/** The record after it was looked for; undefined where the attempt is no longer ours. */
export function finishLookUp(
  record: SyncRecord,
  attemptId: string,
  lookUp: LookUp,
  outcome: LookUpOutcome,
  context: FinishContext,
): SyncRecord | undefined {
  if (record.attempt?.id !== attemptId) return undefined;
  const { now } = context;
  // A look-up that came to an end says nothing of the writes whose worker ended before.
  const unfinished = Math.max(0, record.unfinished - 1);
  const ended: SyncRecord = { ...record, attempt: undefined, unfinished };
  if (outcome.kind === 'not-called') return { ...ended, dueAt: now };
  if (outcome.kind === 'passing') {
    return afterPassing({ ...ended, attempts: record.attempts + 1 }, outcome, context);
  }
  // The id that was gone a moment ago is no answer: a search may still show it.
  const candidates = outcome.candidates.filter(({ hubspotId }) => hubspotId !== record.hubspotId);
  const [candidate, ...more] = candidates.filter((one) => !belongsToAnother(one, record));
  if (candidate && more.length > 0) {
    const ids = [candidate, ...more].map(({ hubspotId }) => hubspotId).slice(0, 10);
    const detail = `The record may already exist in HubSpot: ${ids.join(', ')} all answer to it.`;
    return failed(ended, ownReason('may-already-exist', detail), now);
  }
  if (candidate) return found(ended, candidate, context);
  // Our own property with our external id, on a record that belongs to another: somebody merged or copied.
  const copied = candidates.find(({ by }) => by === 'unique' || by === 'key-search');
  if (copied) {
    const detail = `HubSpot's record ${copied.hubspotId} carries this external id, and belongs to ${copied.holder}.`;
    return failed(ended, ownReason('record-held-by-another', detail), now);
  }
  return lookUp.purpose === 'gone' ? notThere(ended, context) : missed(ended, lookUp, context);
}

const belongsToAnother = ({ holder }: Candidate, { externalId }: SyncRecord): boolean =>
  holder !== undefined && holder !== externalId;

function found(
  record: SyncRecord,
  { hubspotId, createdAt, by }: Candidate,
  { now }: FinishContext,
): SyncRecord {
  const since = record.unresolved?.since ?? now;
  const wasBefore = by === 'email' && (createdAt ?? 0) < since - CLOCK_DIFFERENCE_MS;
  return {
    ...record,
    hubspotId,
    adopted: wasBefore ? true : record.adopted,
    gone: undefined,
    unresolved: undefined,
    dueAt: now,
  };
}

/** HubSpot's clock may be behind ours by so much. */
const CLOCK_DIFFERENCE_MS = 60_000;

/** Nothing answered. An exact question settles it; a search must say so twice, a lag apart. */
function missed(record: SyncRecord, { probes }: LookUp, { now, settings }: FinishContext): SyncRecord {
  const { unresolved } = record;
  const misses = (unresolved?.misses ?? 0) + 1;
  const isCertain = probes.every(({ by }) => by !== 'search') || misses >= 2;
  if (!unresolved || isCertain) return { ...record, unresolved: undefined, dueAt: now };
  const lookAt = now + settings.searchLagMs;
  const state = isOutstanding(record) ? 'retry' : record.state;
  return { ...record, state, unresolved: { ...unresolved, misses, lookAt }, dueAt: lookAt };
}

function notThere(record: SyncRecord, { now, settings }: FinishContext): SyncRecord {
  if (settings.onHubSpotDeletion === 'recreate') return { ...forgotten(record), dueAt: now };
  const { meaning, remedy } = SYNC_REASONS['hubspot-record-gone'];
  const reason = `${meaning} (It was ${record.hubspotId}.) ${remedy}`;
  return failed({ ...record, gone: undefined }, { reasonCode: 'hubspot-record-gone', reason }, now);
}
