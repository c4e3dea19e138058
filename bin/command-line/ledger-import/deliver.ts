import { ToolFailure } from '../run-tool.ts';
import type { InvoiceResult, PostBatch } from './ledger-client.ts';

export interface DeliveryTiming {
  wait: (milliseconds: number) => Promise<unknown>;
  /** From 0 to below 1. */
  random: () => number;
}

export interface Delivery {
  post: PostBatch;
  /** How the other side, and what it is sent, are told of: "ledger", "invoices". */
  names: { service: string; records: string };
  timing: DeliveryTiming;
  /** Told why something is sent again. */
  onRetry: (why: string) => void;
}

/** About two minutes in all. */
const MOST_ATTEMPTS = 14;
const LONGEST_WAIT_MS = 15_000;
/** Kinds of problems of a single invoice that are the ledger's own. */
const COMES_AGAIN = new Set(['busy', 'unavailable', 'internal']);

/**
 * Sends invoices until each has its result, in the order given. Sending again is harmless: the same invoice again changes nothing. A
 * request that is refused as a whole is sent in halves, so that one bad invoice spoils no other. Throws a ToolFailure where the ledger stays out.
 */
export async function deliver(delivery: Delivery, invoices: readonly string[]): Promise<InvoiceResult[]> {
  const results: InvoiceResult[] = new Array(invoices.length);
  let left = [...invoices.keys()];
  for (let attempt = 1; left.length > 0; attempt++) {
    const sent = left.flatMap((place) => invoices[place] ?? []);
    const answer = await delivery.post(sent);
    if (answer.kind === 'refused') {
      const refused = await refusedResults(delivery, sent, answer.detail);
      for (const [index, place] of left.entries()) results[place] = refused[index] ?? lost();
      return results;
    }
    let why = `The ${delivery.names.service} is busy.`;
    let afterMs: number | undefined;
    let correlationId: string | undefined;
    if (answer.kind === 'again') {
      ({ why, afterMs, correlationId } = answer);
    } else {
      for (const [index, place] of left.entries()) results[place] = answer.results[index] ?? lost();
      left = left.filter((place) => COMES_AGAIN.has(results[place]?.problem?.kind ?? ''));
      if (left.length === 0) return results;
      const problem = results[left[0] ?? 0]?.problem;
      why = problem?.detail ?? why;
      correlationId = problem?.correlationId;
    }
    // It answers the others, so it is well: those that it fails at are told as they are.
    const isWell = left.length < invoices.length;
    if (
      attempt === MOST_ATTEMPTS &&
      isWell &&
      left.every((place) => results[place]?.problem?.kind === 'internal')
    )
      return results;
    if (attempt === MOST_ATTEMPTS) {
      const { service, records } = delivery.names;
      throw new ToolFailure(
        `The ${service} does not take the ${records}. ${withCorrelationId(why, correlationId)}`,
      );
    }
    delivery.onRetry(why);
    await delivery.timing.wait(afterMs ?? backoff(attempt, delivery.timing.random));
  }
  return results;
}

const backoff = (attempt: number, random: () => number): number =>
  Math.min(LONGEST_WAIT_MS, 250 * 2 ** (attempt - 1)) * (0.5 + random() / 2);

async function refusedResults(
  delivery: Delivery,
  sent: readonly string[],
  detail: string,
): Promise<InvoiceResult[]> {
  if (sent.length === 1) return [{ outcome: 'rejected', problem: { kind: 'refused', detail } }];
  const middle = Math.ceil(sent.length / 2);
  return [
    ...(await deliver(delivery, sent.slice(0, middle))),
    ...(await deliver(delivery, sent.slice(middle))),
  ];
}

/** A reason with what finds its cause in the log of the functions, where there is one. */
export const withCorrelationId = (reason: string, correlationId: string | undefined): string =>
  correlationId === undefined ? reason : `${reason} (Correlation id ${correlationId}.)`;

/** Can't happen: the client holds the number of results to what was sent. */
const lost = (): never => {
  throw new Error('A result is missing.');
};
