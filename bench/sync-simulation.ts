import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createCallBudget } from '../functions/hubspot/call-budget.ts';
import { hubSpotGateway } from '../functions/hubspot/hubspot-gateway.ts';
import { takeIn } from '../functions/sync/intake/intake.ts';
import { PropertiesSource } from '../functions/sync/mapping/properties-source.ts';
import { ControlStore } from '../functions/sync/records/control-store.ts';
import { RecordStore } from '../functions/sync/records/record-store.ts';
import { SHARD_COUNT, type Shard } from '../functions/sync/records/shard.ts';
import { WorkerSlots } from '../functions/sync/records/worker-slots.ts';
import { answerBell } from '../functions/sync/worker/answer-bell.ts';
import { createHubSpot, type HubSpotImitation } from '../local/hubspot/imitation.ts';
import { PORTAL } from './ledger-fixture.ts';
import { SimulatedClock } from './sync-clock.ts';
import { createProductKey, productCalls } from './sync-products.ts';

/** One portal at HubSpot: so many calls in any ten seconds, so long for each (milliseconds). */
export const LIMIT = { calls: 190, windowMs: 10_000, latencyMs: 150 };
/** As many calls in flight as there are shards, each drained by a worker with one call at a time. */
export const IN_FLIGHT = SHARD_COUNT;

const TOKEN = 'bench-token';
/** As long as a deployed worker has. */
const WORKER_MS = 300_000;

/** HubSpot's imitation, with the limit and latency of a portal on a clock. */
export const limitedHubSpot = (clock: SimulatedClock): HubSpotImitation =>
  createHubSpot({
    clock: clock.now,
    sleep: clock.wait,
    tokens: new Map([[TOKEN, PORTAL]]),
    latencyMs: LIMIT.latencyMs,
    callsPer10s: LIMIT.calls,
  });

/** `fetch`, answered by the imitation in this process. */
export const fetchFrom =
  (hubspot: HubSpotImitation): typeof fetch =>
  async (input, init) => {
    const { pathname, search } = new URL(String(input));
    const { status, headers, body } = await hubspot.handle({
      method: init?.method ?? 'GET',
      url: `${pathname}${search}`,
      headers: { ...Object.fromEntries(new Headers(init?.headers)), authorization: `Bearer ${TOKEN}` },
      body: typeof init?.body === 'string' ? init.body : '',
    });
    return new Response(status === 204 ? null : body, { status, headers });
  };

export interface SimulatedRun {
  /** On the simulated clock, from the first bell's answer to the last's. */
  simulatedMs: number;
  /** What the same took on this machine, imitations included. */
  realMs: number;
  /** Every call to HubSpot from the first bell on, and how many of these read properties. */
  calls: number;
  propertyReads: number;
  turnedAway: number;
  records: number;
}

/** Takes products in, then answers the bells of all shards at once: each by a worker that shares nothing with the others but the table. */
export async function simulatedRun(
  products: number,
  { dynamodb, tableName }: { dynamodb: string; tableName: string },
): Promise<SimulatedRun> {
  const clock = new SimulatedClock();
  const client = new DynamoDBClient({
    endpoint: dynamodb,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const hubspot = limitedHubSpot(clock);
  const bells: Shard[] = [];
  const newWorker = () =>
    workerOn(clock, { hubspot, documents: documentsOn(clock, client), tableName, bells });
  const setUp = newWorker();
  await clock.run(createProductKey(setUp.api(PORTAL)));
  for (const records of productCalls(products)) await clock.run(takeIn(setUp, PORTAL, 'products', records));
  await clock.run(clock.wait(2 * LIMIT.windowMs));

  const before = hubspot.counters(PORTAL).calls;
  const [startedAt, realStart] = [clock.now(), performance.now()];
  while (bells.length > 0) {
    const shards = new Map(bells.splice(0).map((shard) => [shard.shard, shard]));
    const answers = [...shards.values()].map((shard) =>
      answerBell(newWorker(), shard, clock.now() + WORKER_MS),
    );
    await clock.run(Promise.all(answers));
  }
  const { calls, rateLimited } = hubspot.counters(PORTAL);
  const entries = hubspot.calls(PORTAL).filter(({ at }) => at >= startedAt);
  const run = {
    simulatedMs: clock.now() - startedAt,
    realMs: performance.now() - realStart,
    calls: calls - before,
    propertyReads: entries.filter(({ path }) => path.startsWith('/crm/properties/')).length,
    turnedAway: rateLimited,
    records: hubspot.counts(PORTAL, 'products').live,
  };
  hubspot.close();
  client.destroy();
  return run;
}

/** A document client whose requests the clock stands still for. */
function documentsOn(clock: SimulatedClock, client: DynamoDBClient): DynamoDBDocumentClient {
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  const send = documents.send.bind(documents) as (command: unknown) => Promise<unknown>;
  return Object.assign(documents, { send: (command: unknown) => clock.storage(() => send(command)) });
}

interface WorkerSurroundings {
  hubspot: HubSpotImitation;
  documents: DynamoDBDocumentClient;
  tableName: string;
  bells: Shard[];
}

/** What one process of the worker's function has, as its handler makes it. */
function workerOn(clock: SimulatedClock, { hubspot, documents, tableName, bells }: WorkerSurroundings) {
  const table = { documents, tableName };
  const { now, wait } = clock;
  const random = Math.random;
  const control = new ControlStore(table);
  const limits = { callsPer10s: LIMIT.calls, searchesPerSecond: 3 };
  const api = hubSpotGateway({
    baseUrl: 'https://hubspot.example.com',
    apiVersion: '2026-03',
    accessToken: async () => TOKEN,
    budget: createCallBudget({ ...table, limits, now, wait, random }),
    fetch: fetchFrom(hubspot),
    now,
    // No call here takes too long, and a timeout that nobody waits for must not move the clock.
    timeoutSignal: () => new AbortController().signal,
  });
  return {
    store: new RecordStore({ ...table, now, random, wait }),
    control,
    api,
    properties: new PropertiesSource({ control, api, now, wait, notice: () => undefined }),
    slots: new WorkerSlots({ ...table, slotsPerPortal: SHARD_COUNT }),
    settings: {
      priceCurrency: undefined,
      onHubSpotDeletion: 'fail' as const,
      onAdoptedDeletion: 'unlink' as const,
      settleMs: 120_000,
      searchLagMs: 60_000,
      retryCapMs: 300_000,
      stoppedMs: 300_000,
    },
    timeZone: async () => 'UTC',
    now,
    random,
    newId: randomUUID,
    ring: async (shards: readonly Shard[]) => {
      bells.push(...shards);
    },
    notice: () => undefined,
  };
}
