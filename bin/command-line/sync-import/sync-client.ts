import * as z from 'zod/mini';
import type { ObjectType } from '../../../functions/hubspot/hubspot-api.ts';
import {
  type BatchAnswer,
  correlationIdOf,
  type InvoiceResult,
  type PostBatch,
} from '../ledger-import/ledger-client.ts';
import { networkReason } from '../ledger-import/network-failure.ts';
import { ToolFailure } from '../run-tool.ts';

/** A thousand records are stored within some seconds; API Gateway gives up after 30. */
const REQUEST_TIMEOUT_MS = 60_000;
const LONGEST_RETRY_AFTER_S = 60;

const problemSchema = z.object({ detail: z.optional(z.string()), title: z.optional(z.string()) });
const resultsSchema = z.object({
  results: z.array(
    z.object({
      verdict: z.enum(['accepted', 'unchanged', 'stale', 'rejected']),
      reason: z.optional(z.string()),
    }),
  ),
});
type Result = z.infer<typeof resultsSchema>['results'][number];

/** Sends contacts or products to the API at this address (no slash at the end), with this bearer token. An accepted record counts as updated. */
export function syncClient(url: string, token: string, type: ObjectType): PostBatch {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const address = `${url}/v1/${type}`;
  let hasAnswered = false;
  return async (records) => {
    let response: Response;
    let text: string;
    try {
      response = await fetch(address, {
        method: 'POST',
        headers,
        body: `{"records":[${records.join(',')}]}`,
        redirect: 'manual',
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      });
      hasAnswered = true;
      text = await response.text();
    } catch (error) {
      return {
        kind: 'again',
        why: networkReason(error, url, REQUEST_TIMEOUT_MS, hasAnswered),
        afterMs: undefined,
      };
    }
    return answerOf(response, text, records.length, address);
  };
}

function answerOf(response: Response, text: string, sent: number, address: string): BatchAnswer {
  const { status } = response;
  const json = jsonIn(text);
  const problem = problemSchema.safeParse(json).data;
  const detail = problem?.detail ?? problem?.title ?? `The API answered ${status}.`;
  if (status === 202) {
    const parsed = resultsSchema.safeParse(json);
    if (parsed.success && parsed.data.results.length === sent) {
      return { kind: 'results', results: parsed.data.results.map(resultOf) };
    }
    throw new ToolFailure(`${address} answers, but not as the sync does. Is the URL right?`);
  }
  if (status === 429 || status >= 500) {
    const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
    const afterMs = seconds >= 0 ? Math.min(seconds, LONGEST_RETRY_AFTER_S) * 1_000 : undefined;
    const correlationId = status === 500 ? correlationIdOf(response) : undefined;
    return { kind: 'again', why: detail, afterMs, correlationId };
  }
  if (status === 400 || status === 413) return { kind: 'refused', detail };
  if (status === 401 || status === 403) {
    throw new ToolFailure(`The token is refused (${status}): LEDGER_TOKEN is not one of this address.`);
  }
  throw new ToolFailure(`${address} answers ${status}. Is the URL right? ${detail}`);
}

function resultOf({ verdict, reason }: Result): InvoiceResult {
  if (verdict === 'accepted') return { outcome: 'updated' };
  if (verdict !== 'rejected') return { outcome: verdict };
  return { outcome: 'rejected', problem: { kind: 'rejected', detail: reason ?? 'No reason was given.' } };
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
