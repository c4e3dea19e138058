import * as z from 'zod/mini';
import { ToolFailure } from '../run-tool.ts';
import { networkReason } from './network-failure.ts';

/** What became of one invoice of a batch. */
export interface InvoiceResult {
  outcome: 'created' | 'updated' | 'unchanged' | 'stale' | 'rejected';
  problem?: { kind: string; detail: string; correlationId?: string | undefined } | undefined;
}

/** What the ledger answered to one request. */
export type BatchAnswer =
  | { kind: 'results'; results: InvoiceResult[] }
  /** The request as a whole; perhaps because of one invoice in it. */
  | { kind: 'refused'; detail: string }
  /** It may well work a little later. */
  | { kind: 'again'; why: string; afterMs: number | undefined; correlationId?: string | undefined };

/** Sends invoices, each as its JSON text, in one request. Throws a ToolFailure where no request can work. */
export type PostBatch = (invoices: readonly string[]) => Promise<BatchAnswer>;

/** A batch of 100 on one busy deal takes a few seconds; API Gateway gives up after 30. */
const REQUEST_TIMEOUT_MS = 60_000;
const LONGEST_RETRY_AFTER_MS = 60_000;

const problemSchema = z.object({ detail: z.optional(z.string()), title: z.optional(z.string()) });
const resultsSchema = z.object({
  results: z.array(
    z.object({
      outcome: z.enum(['created', 'updated', 'unchanged', 'stale', 'rejected']),
      problem: z.optional(z.object({ kind: z.string(), detail: z.string() })),
    }),
  ),
});

/** The ledger API at this address (no slash at the end), with this bearer token. */
export function ledgerClient(url: string, token: string): PostBatch {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const address = `${url}/v1/invoices/batch`;
  let hasAnswered = false;
  return async (invoices) => {
    let response: Response;
    let text: string;
    try {
      response = await fetch(address, {
        method: 'POST',
        headers,
        body: `{"invoices":[${invoices.join(',')}]}`,
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
    return answerOf(response, text, invoices.length, address);
  };
}

function answerOf(response: Response, text: string, sent: number, address: string): BatchAnswer {
  const { status } = response;
  const detail = detailOf(text) ?? `The ledger answered ${status}.`;
  if (status === 200) {
    const parsed = resultsSchema.safeParse(json(text));
    if (parsed.success && parsed.data.results.length === sent) {
      const correlationId = correlationIdOf(response);
      return { kind: 'results', results: parsed.data.results.map((result) => traced(result, correlationId)) };
    }
    throw new ToolFailure(`${address} answers, but not as the ledger does. Is the URL right?`);
  }
  if (status === 429 || status >= 500) {
    const correlationId = status === 500 ? correlationIdOf(response) : undefined;
    return { kind: 'again', why: detail, afterMs: retryAfter(response), correlationId };
  }
  if (status === 400 || status === 413) return { kind: 'refused', detail };
  if (status === 401 || status === 403) {
    throw new ToolFailure(
      `The ledger refuses the token (${status}): LEDGER_TOKEN is not one of this address.`,
    );
  }
  throw new ToolFailure(`${address} answers ${status}. Is the URL right? ${detailOf(text) ?? ''}`.trim());
}

/** What stands beside the cause in the log of the functions. */
export const correlationIdOf = (response: Response): string | undefined =>
  response.headers.get('x-correlation-id') ?? undefined;

/** What the ledger itself failed at, with what finds the cause. */
const traced = ({ problem, ...result }: InvoiceResult, correlationId: string | undefined): InvoiceResult =>
  problem?.kind === 'internal'
    ? { ...result, problem: { ...problem, correlationId } }
    : { ...result, problem };

function retryAfter(response: Response): number | undefined {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return seconds >= 0 ? Math.min(seconds * 1000, LONGEST_RETRY_AFTER_MS) : undefined;
}

function detailOf(text: string): string | undefined {
  const parsed = problemSchema.safeParse(json(text));
  return parsed.success ? (parsed.data.detail ?? parsed.data.title) : undefined;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
