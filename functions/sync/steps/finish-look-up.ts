import { desiredEmail } from '../records/desired-content.ts';
import { isOutstanding, type SyncRecord } from '../records/sync-record.ts';
import { ownReason, SYNC_REASONS, type SyncReason } from '../sync-reasons.ts';
import { CLOCK_DIFFERENCE_MS } from '../sync-settings.ts';
import type { HeldRecord } from '../worker/write-holder-again.ts';
import { failedUnlessChanged, forgotten } from './end-state.ts';
import { afterPassing, type FinishContext, type WriteOutcome } from './finish-write.ts';
import { withLate } from './late-creates.ts';
import { isSearched, type LookUp, type Probe, withoutStaleQuestion } from './look-up.ts';

/** A record in HubSpot that answers to a look-up. */
export interface Candidate {
  hubspotId: string;
  /** Epoch milliseconds, where HubSpot said so. */
  createdAt?: number | undefined;
  /** What it was found by. */
  by: 'unique' | 'email' | 'key-search' | 'search';
  /** The address asked for, where that was the question. */
  email?: string | undefined;
  /** The record of ours that it belongs to already. */
  holder?: string | undefined;
}

export type LookUpOutcome =
  /** `cutOff`: a question to which HubSpot has more answers than were read. */
  | { kind: 'answered'; candidates: Candidate[]; cutOff?: Probe | undefined }
  | Extract<WriteOutcome, { kind: 'passing' | 'not-called' | 'refused' | 'refused-in-batch' }>;

/** The answer, now that one of the candidates is known to be another's. */
export const besideHeld = (outcome: LookUpOutcome, { hubspotId, holder }: HeldRecord): LookUpOutcome =>
  outcome.kind === 'answered'
    ? {
        ...outcome,
        candidates: outcome.candidates.map((one) => (one.hubspotId === hubspotId ? { ...one, holder } : one)),
      }
    : outcome;

/** The record after it was looked for; undefined where the attempt is no longer ours. */
export function finishLookUp(
  record: SyncRecord,
  attemptId: string,
  lookUp: LookUp,
  outcome: LookUpOutcome,
  context: FinishContext,
): SyncRecord | undefined {
  const { attempt } = record;
  if (attempt?.id !== attemptId) return undefined;
  const { now } = context;
  // A look-up that came to an end says nothing of the writes whose worker ended before.
  const unfinished = Math.max(0, record.unfinished - 1);
  const ended: SyncRecord = { ...record, attempt: undefined, unfinished };
  const failing = (reason: SyncReason, left = ended): SyncRecord =>
    failedUnlessChanged(left, attempt, reason, now);
  switch (outcome.kind) {
    case 'not-called':
      return { ...ended, dueAt: now };
    case 'refused':
      return failing(outcome.reason);
    case 'refused-in-batch':
      return { ...ended, batchLimit: Math.max(1, Math.floor(outcome.size / 2)), dueAt: now };
    case 'passing':
      return afterPassing({ ...ended, attempts: record.attempts + 1 }, outcome, context);
    case 'answered':
  }
  const asking = withoutStaleQuestion(ended);
  if (asking !== ended) return { ...asking, dueAt: now };
  if (outcome.cutOff?.by === 'search') {
    const { property, value } = outcome.cutOff;
    const detail = `The record may already exist in HubSpot: too many records there have "${value}" as ${property}.`;
    return failing(ownReason('may-already-exist', detail));
  }
  // The id that was gone a moment ago is no answer: a search may still show it.
  const candidates = outcome.candidates.filter(({ hubspotId }) => hubspotId !== record.hubspotId);
  const [candidate, ...more] = candidates.filter(
    (one) => !belongsToAnother(one, record) && !isUnwantedStranger(one, record),
  );
  if (candidate && more.length > 0) {
    const ids = [candidate, ...more].map(({ hubspotId }) => hubspotId).slice(0, 10);
    const detail = `The record may already exist in HubSpot: ${ids.join(', ')} all answer to it.`;
    return failing(ownReason('may-already-exist', detail));
  }
  if (candidate) return found(ended, candidate, context);
  // Our own property with our external id, on a record that belongs to another: somebody merged or copied.
  const copied = candidates.find(({ by }) => by === 'unique' || by === 'key-search');
  if (copied) {
    const detail = `HubSpot's record ${copied.hubspotId} carries this external id, and belongs to ${copied.holder}.`;
    return failing(ownReason('record-held-by-another', detail));
  }
  if (lookUp.purpose === 'unresolved') return missed(ended, lookUp, context);
  const misses = 1 + (typeof record.gone === 'object' ? record.gone.misses : 0);
  if (!isCertain(lookUp, misses)) {
    const lookAt = now + context.settings.searchLagMs;
    return { ...ended, gone: { misses, lookAt }, dueAt: lookAt };
  }
  return context.settings.onHubSpotDeletion === 'recreate'
    ? { ...forgotten(ended, now), dueAt: now }
    : failing(goneReason(ended), { ...ended, gone: undefined });
}

const belongsToAnother = ({ holder }: Candidate, { externalId }: SyncRecord): boolean =>
  holder !== undefined && holder !== externalId;

/** Whether it is none of the creates that were lost, but has the address of one: where none was lost, or HubSpot had it before them. */
const isStranger = ({ by, createdAt = 0 }: Candidate, { unresolved }: SyncRecord): boolean =>
  by === 'email' &&
  unresolved !== undefined &&
  (unresolved.onlyFor !== undefined || createdAt < unresolved.since - CLOCK_DIFFERENCE_MS);

/** A stranger's contact with an address that only an older version wanted is not to be taken over. */
const isUnwantedStranger = (candidate: Candidate, record: SyncRecord): boolean =>
  isStranger(candidate, record) &&
  candidate.createdAt !== undefined &&
  candidate.email !== desiredEmail(record.desired);

function found(record: SyncRecord, candidate: Candidate, { now }: FinishContext): SyncRecord {
  return {
    ...record,
    hubspotId: candidate.hubspotId,
    adopted: isStranger(candidate, record) ? true : record.adopted,
    gone: undefined,
    unresolved: undefined,
    dueAt: now,
  };
}

/** Whether nothing is there, of which no question found anything. An exact one settles it; a search must say so twice, a lag apart. */
const isCertain = ({ probes }: LookUp, misses: number): boolean => !isSearched(probes) || misses >= 2;

/** None of the creates of unknown outcome has left anything, so far. */
function missed(record: SyncRecord, lookUp: LookUp, { now, settings }: FinishContext): SyncRecord {
  const { unresolved } = record;
  const misses = (unresolved?.misses ?? 0) + 1;
  if (!unresolved || isCertain(lookUp, misses)) {
    const unsettled = withLate(record.unsettled, unresolved, now);
    return { ...record, unresolved: undefined, unsettled, dueAt: now };
  }
  const lookAt = now + settings.searchLagMs;
  const state = isOutstanding(record) ? 'retry' : record.state;
  return { ...record, state, unresolved: { ...unresolved, misses, lookAt }, dueAt: lookAt };
}

function goneReason({ hubspotId }: SyncRecord): SyncReason {
  const { meaning, remedy } = SYNC_REASONS['hubspot-record-gone'];
  return { reasonCode: 'hubspot-record-gone', reason: `${meaning} (It was ${hubspotId}.) ${remedy}` };
}
