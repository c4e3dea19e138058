import type { CallFailure } from './call-failure.ts';
import type { BatchResult, CallOptions } from './hubspot-api.ts';
import { objectIn } from './json-value.ts';
import { plainReason } from './plain-reason.ts';
import { type BatchRow, rowResults, type Silence } from './row-results.ts';
import type { HubSpotAnswer, HubSpotCall } from './send-call.ts';

/** HubSpot's limit for one batch call. */
export const MOST_INPUTS = 100;

export interface BatchCall {
  path: string;
  rows: readonly BatchRow[];
  body: unknown;
  silence: Silence;
  options: CallOptions | undefined;
}

/**
 * Sends one batch and gives each input its result; every 2xx is read row by row, for a 207 and a 200 may both hold errors. Throws a
 * `RangeError` for a batch that the caller made wrong.
 */
export async function runBatch(
  send: (call: HubSpotCall, options?: CallOptions) => Promise<HubSpotAnswer | CallFailure>,
  { path, rows, body, silence, options }: BatchCall,
): Promise<BatchResult> {
  if (rows.length < 1 || rows.length > MOST_INPUTS) {
    throw new RangeError(`A batch takes 1 to ${MOST_INPUTS} inputs, not ${rows.length}.`);
  }
  if (new Set(rows.map(({ key }) => key)).size < rows.length) {
    throw new RangeError('Two inputs of a batch have the same trace id or id.');
  }
  const answer = await send({ method: 'POST', path, body, pool: 'calls' }, options);
  if (answer.kind !== 'answer') return answer;
  // An archive is answered by 204 and no body.
  const json = silence === 'done' && objectIn(answer.json) === undefined ? { results: [] } : answer.json;
  const results = rowResults(rows, json, silence);
  return results
    ? { kind: 'rows', rows: results }
    : {
        kind: 'transient',
        outcome: 'unknown',
        status: answer.status,
        ...plainReason('hubspot-unreadable-answer'),
      };
}
