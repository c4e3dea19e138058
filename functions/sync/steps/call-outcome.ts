import type { CallFailure } from '../../hubspot/call-failure.ts';
import type { RowResult } from '../../hubspot/hubspot-api.ts';
import type { SyncReason } from '../sync-reasons.ts';
import type { WriteOutcome } from './finish-write.ts';

/** What a call says of the whole portal: no further call is to be made for now. */
export type Interruption =
  | { kind: 'turned-away'; failure: Extract<CallFailure, { kind: 'throttled' | 'parked' }> }
  | { kind: 'unauthorized'; reason: SyncReason }
  /** The portal's own budget is used up. */
  | { kind: 'no-budget' };

/** What one row's result, or one failed call, means for a record. A conflict still has to be looked into: who holds the value? */
export type RawOutcome =
  | Exclude<WriteOutcome, { kind: 'conflict' }>
  | { kind: 'conflict'; existingId: string | undefined; property?: string | undefined; reason: SyncReason };

const reasonOf = ({ reason, reasonCode }: SyncReason): SyncReason => ({ reason, reasonCode });

/** What became of one row of a batch that HubSpot answered. */
export function rowOutcome(result: RowResult): RawOutcome {
  switch (result.kind) {
    case 'ok':
      return { kind: 'done', hubspotId: result.id, created: result.created };
    case 'refused':
      return { kind: 'refused', reason: reasonOf(result) };
    case 'conflict':
      return {
        kind: 'conflict',
        existingId: result.existingId,
        property: result.property,
        reason: reasonOf(result),
      };
    case 'not-found':
      return { kind: 'gone' };
    case 'transient':
      return { kind: 'passing', outcome: result.outcome, reason: reasonOf(result) };
  }
}

/** What a failed call with so many records means for each of them. A batch that is at fault somewhere is cut in two. */
export function failureOutcome(failure: CallFailure, size: number): RawOutcome {
  const reason = reasonOf(failure);
  switch (failure.kind) {
    case 'throttled':
    case 'parked':
    case 'unauthorized':
    case 'budget-exhausted':
      return { kind: 'not-called' };
    case 'locked':
      return {
        kind: 'passing',
        outcome: 'not-executed',
        reason,
        locked: true,
        retryAfterMs: failure.retryAfterMs,
      };
    case 'transient':
      return { kind: 'passing', outcome: failure.outcome, reason, retryAfterMs: failure.retryAfterMs };
    case 'timeout':
      return { kind: 'passing', outcome: 'unknown', reason };
    case 'forbidden':
      return { kind: 'refused', reason };
    case 'refused':
      return size > 1 ? { kind: 'refused-in-batch', size } : { kind: 'refused', reason };
    case 'conflict':
      return size > 1
        ? { kind: 'refused-in-batch', size }
        : { kind: 'conflict', existingId: failure.existingId, property: failure.property, reason };
    case 'not-found':
      if (failure.missing === 'path') return { kind: 'passing', outcome: 'not-executed', reason };
      return size > 1 ? { kind: 'refused-in-batch', size } : { kind: 'gone' };
  }
}

/** What a failed call means for the portal; undefined where it is about these records only. */
export function interruptionOf(failure: CallFailure): Interruption | undefined {
  switch (failure.kind) {
    case 'throttled':
    case 'parked':
      return { kind: 'turned-away', failure };
    case 'unauthorized':
      return { kind: 'unauthorized', reason: reasonOf(failure) };
    case 'budget-exhausted':
      return { kind: 'no-budget' };
    default:
      return undefined;
  }
}
