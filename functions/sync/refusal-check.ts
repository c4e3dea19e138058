import type { CallFailure } from '../hubspot/call-failure.ts';
import type { BatchResult, RowResult } from '../hubspot/hubspot-api.ts';
import type { RawOutcome } from './call-outcome.ts';
import { callTimes, isTimeShort, type WorkContext } from './drain-context.ts';
import { keysIn } from './portal-properties.ts';

/** The outcomes of a batch, where refusals for properties of ours that are no longer there don't count: the records are mapped anew. */
export async function withoutStaleRefusals(
  context: WorkContext,
  result: BatchResult,
  outcomes: readonly RawOutcome[],
): Promise<readonly RawOutcome[]> {
  const answers = result.kind === 'rows' ? [...result.rows.values()] : [result];
  const isStale = await keysHaveChanged(context, answers);
  return outcomes.map((outcome) => (isStale && isRefusal(outcome) ? { kind: 'not-called' } : outcome));
}

const isRefusal = ({ kind }: RawOutcome): boolean => kind === 'refused' || kind === 'refused-in-batch';

/**
 * Whether HubSpot refuses because somebody has removed or replaced a property of ours since the definitions were read: they are then read
 * anew, and no record is to blame. Only words that name such a property are worth the call.
 */
export async function keysHaveChanged(
  context: WorkContext,
  answers: readonly (CallFailure | RowResult)[],
): Promise<boolean> {
  const { shard, properties, portalProperties } = context;
  const keys = keysIn(portalProperties);
  const isAboutKeys = answers.some(
    (answer) => answer.kind === 'refused' && keys.some((key) => answer.reason.includes(key)),
  );
  if (!isAboutKeys || isTimeShort(context)) return false;
  const reading = await properties.readAnew(shard.portalId, shard.type, callTimes(context));
  if (reading.kind !== 'known') return false;
  const { uniqueKey, ordinaryKey } = reading.properties;
  return uniqueKey !== portalProperties.uniqueKey || ordinaryKey !== portalProperties.ordinaryKey;
}
