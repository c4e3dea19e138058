import type { CallFailure } from '../../hubspot/call-failure.ts';
import type { BatchResult, RowResult } from '../../hubspot/hubspot-api.ts';
import { keysIn } from '../mapping/portal-properties.ts';
import type { RawOutcome } from '../steps/call-outcome.ts';
import { callTimes, isTimeShort, type WorkContext } from './drain-context.ts';

/**
 * The outcomes of a batch, where refusals for properties of ours that are no longer there don't count: the records are mapped anew. While
 * nobody can say whether they are still there, such a refusal passes.
 */
export async function withoutStaleRefusals(
  context: WorkContext,
  result: BatchResult,
  outcomes: readonly RawOutcome[],
): Promise<readonly RawOutcome[]> {
  const answers = result.kind === 'rows' ? [...result.rows.values()] : [result];
  switch (await keyChange(context, answers)) {
    case 'none':
      return outcomes;
    case 'changed':
      return outcomes.map((outcome) => (isRefusal(outcome) ? { kind: 'not-called' } : outcome));
    case 'in-doubt':
      return outcomes.map((outcome) => passingInDoubt(context, result, outcome));
  }
}

const isRefusal = ({ kind }: RawOutcome): boolean => kind === 'refused' || kind === 'refused-in-batch';

/** A refusal that names a property of ours, of a row or of the whole call, as something that passes. */
function passingInDoubt(context: WorkContext, result: BatchResult, outcome: RawOutcome): RawOutcome {
  if (outcome.kind === 'refused' && namesKey(context, outcome.reason.reason)) {
    return { kind: 'passing', outcome: 'not-executed', reason: outcome.reason };
  }
  if (outcome.kind !== 'refused-in-batch' || result.kind === 'rows') return outcome;
  const { reason, reasonCode } = result;
  return { kind: 'passing', outcome: 'not-executed', reason: { reason, reasonCode } };
}

/** Whether a text of HubSpot's names a property of ours. */
export const namesKey = ({ portalProperties }: WorkContext, text: string): boolean =>
  keysIn(portalProperties).some((key) => text.includes(key));

/**
 * Whether a property of ours was removed or replaced since the definitions were read, so that no record is to blame for these answers; they
 * are then read anew. Only a refusal that names such a property is worth the call. `in-doubt`: they can't be read.
 */
export async function keyChange(
  context: WorkContext,
  answers: readonly (CallFailure | RowResult)[],
): Promise<'none' | 'changed' | 'in-doubt'> {
  const { shard, properties, portalProperties } = context;
  const isAboutKeys = answers.some((answer) => answer.kind === 'refused' && namesKey(context, answer.reason));
  if (!isAboutKeys) return 'none';
  if (isTimeShort(context)) return 'in-doubt';
  const reading = await properties.readAnew(shard.portalId, shard.type, callTimes(context));
  if (reading.kind !== 'known') return 'in-doubt';
  const { uniqueKey, ordinaryKey } = reading.properties;
  const isSame = uniqueKey === portalProperties.uniqueKey && ordinaryKey === portalProperties.ordinaryKey;
  return isSame ? 'none' : 'changed';
}
