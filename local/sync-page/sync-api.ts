import * as z from 'zod/mini';
import type { ObjectType } from '../../functions/hubspot/hubspot-api.ts';
import type { Gateway } from '../gateway/gateway.ts';
import type { Replay, Said, Standing } from './backend.ts';

/** The accounting system's way to the sync: the real API, called through the gateway with its token. */
export interface SyncApi {
  standing(): Promise<Standing>;
  send(type: ObjectType, records: readonly Record<string, unknown>[]): Promise<Said>;
  replay(replay: Replay): Promise<Said>;
}

/** As many failures as the page shows. */
const FAILURES_SHOWN = 100;

const stateCounts = z.object({
  pending: z.number(),
  retry: z.number(),
  synced: z.number(),
  failed: z.number(),
  archived: z.number(),
});
const healthAnswer = z.object({
  counts: z.object({ products: stateCounts, contacts: stateCounts }),
  oldestPendingAt: z.optional(z.string()),
  pausedUntil: z.optional(z.string()),
  heldUntil: z.optional(z.string()),
  stopped: z.optional(z.object({ reason: z.string(), since: z.string() })),
});
const failuresAnswer = z.object({
  failures: z.array(
    z.object({
      type: z.enum(['products', 'contacts']),
      externalId: z.string(),
      reason: z.string(),
      reasonCode: z.string(),
      since: z.string(),
      attempts: z.number(),
    }),
  ),
  nextCursor: z.optional(z.string()),
});
const verdictsAnswer = z.object({
  results: z.array(z.object({ verdict: z.enum(['accepted', 'unchanged', 'stale', 'rejected']) })),
});
const replayAnswer = z.object({ replayed: z.number() });

/** Calls the API with the portal's `token`. Answers that aren't as documented throw. */
export function syncApi(gateway: Gateway, token: string): SyncApi {
  const call = async (method: string, target: string, body?: unknown) => {
    const answer = await gateway({
      method,
      target,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: Buffer.from(body === undefined ? '' : JSON.stringify(body)),
    });
    return { status: answer.status, body: answer.body.toString('utf8') };
  };

  return {
    standing: async () => {
      const [health, failures] = await Promise.all([
        call('GET', '/v1/sync/health'),
        call('GET', `/v1/sync/failures?limit=${FAILURES_SHOWN}`),
      ]);
      const refused = [health, failures].find(({ status }) => status !== 200);
      if (refused) return { kind: 'refused', reason: refusalIn(refused) };
      const listed = failuresAnswer.parse(JSON.parse(failures.body));
      return {
        kind: 'answered',
        health: healthAnswer.parse(JSON.parse(health.body)),
        failures: listed.failures,
        hasMore: listed.nextCursor !== undefined,
      };
    },

    send: async (type, records) => {
      const answer = await call('POST', `/v1/${type}`, { records });
      if (answer.status !== 202) return { kind: 'refused', message: refusalIn(answer) };
      const { results } = verdictsAnswer.parse(JSON.parse(answer.body));
      const verdicts = Map.groupBy(results, ({ verdict }) => verdict);
      const counts = [...verdicts].map(([verdict, ones]) => `${ones.length} ${verdict}`);
      return { kind: 'done', message: `Sent ${results.length} ${type}: ${counts.join(', ')}.` };
    },

    replay: async (replay) => {
      const answer = await call('POST', '/v1/sync/replay', replay);
      if (answer.status !== 202) return { kind: 'refused', message: refusalIn(answer) };
      const { replayed } = replayAnswer.parse(JSON.parse(answer.body));
      return {
        kind: 'done',
        message: `${replayed === 1 ? 'One record is' : `${replayed} records are`} tried again.`,
      };
    },
  };
}

/** The API's refusals are problem documents; the gateway has words of its own. */
function refusalIn({ status, body }: { status: number; body: string }): string {
  const problem = z.safeParse(z.object({ title: z.string(), detail: z.optional(z.string()) }), jsonIn(body));
  const words = problem.success ? (problem.data.detail ?? problem.data.title) : body.slice(0, 200);
  return `The API answered with status ${status}: ${words}`;
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
