import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PurgeQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { PortalId } from '../../functions/invoices/identifiers.ts';
import { bellRinger } from '../../functions/sync/bells.ts';
import { takeIn } from '../../functions/sync/intake/intake.ts';
import { SHARD_COUNT, type Shard, shardOf } from '../../functions/sync/records/shard.ts';
import { syncTable } from '../../functions/sync/records/sync-table.ts';
import { answerBell, type BellEnd } from '../../functions/sync/worker/answer-bell.ts';
import { bellHandler } from '../../functions/sync/worker/bell-handler.ts';
import { sweep } from '../../functions/sync/worker/sweep.ts';
import { type EmbeddedDynamoDB, startEmbeddedDynamoDB } from '../../local/dynamodb/embedded-dynamodb.ts';
import { lambdaContext } from '../../local/gateway/gateway-event.ts';
import { createHubSpot, type HubSpotImitation } from '../../local/hubspot/imitation.ts';
import { type HubSpotServer, startHubSpotServer } from '../../local/hubspot/server.ts';
import { type BellQueue, startBellQueue } from '../../local/queue/bell-queue.ts';
import { consumeQueue, type QueueConsumer } from '../../local/queue/queue-consumer.ts';
import { changeKeyProperties } from './sync-key-properties.ts';
import { connectSync, SYNC_TABLE } from './sync-over-http.ts';
import { OTHER_PORTAL, PORTAL, product } from './sync-world.ts';

// Queues are polled.
jest.setTimeout(60_000);

const WORKERS = 8;
const SHARE_OF_A_PORTAL = WORKERS / 2;
/** Records in every shard. */
const IDS = Array.from({ length: 64 }, (_, index) => `P-${index}`);

let dynamodb: EmbeddedDynamoDB;
let hubspot: HubSpotImitation;
let server: HubSpotServer;
let bells: BellQueue;
let queue: SQSClient;
let sync: ReturnType<typeof connectSync>;
let consumer: QueueConsumer | undefined;
/** How far the clock is ahead of the real one, which nobody waits for; milliseconds. */
let ahead: number;
/** Calls of a slow HubSpot that hang, and how each goes on. */
let hanging: (() => void)[];
/** Time limits of calls under way. */
let limits: Set<AbortController>;
let isOver: boolean;
let ends: { portalId: PortalId; end: BellEnd }[];
const now = () => Date.now() + ahead;

beforeEach(async () => {
  ahead = 0;
  isOver = false;
  hanging = [];
  limits = new Set();
  ends = [];
  dynamodb = await startEmbeddedDynamoDB();
  const client = new DynamoDBClient({
    endpoint: dynamodb.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  await client.send(new CreateTableCommand(syncTable(SYNC_TABLE)));
  client.destroy();
  hubspot = createHubSpot({
    clock: now,
    sleep: () => new Promise((resolve) => hanging.push(resolve)),
    tokens: new Map([PORTAL, OTHER_PORTAL].map((portalId) => [`token-${portalId}`, portalId])),
  });
  server = await startHubSpotServer(hubspot);
  bells = await startBellQueue();
  queue = new SQSClient({
    endpoint: bells.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  sync = connectSync({
    dynamodb: dynamodb.endpoint,
    hubspot: server.url,
    now,
    ring: bellRinger({ queue, queueUrl: bells.queueUrl, notice: () => undefined }),
    timeoutSignal: () => {
      const limit = new AbortController();
      limits.add(limit);
      return limit.signal;
    },
  });
  for (const portalId of [PORTAL, OTHER_PORTAL]) {
    const of = { portalId, type: 'products' } as const;
    await changeKeyProperties(hubspot, sync.api(portalId), of, 'unique');
  }
});
afterEach(async () => {
  isOver = true;
  hubspot.faults.clear();
  letGo();
  timeOut();
  await consumer?.close();
  consumer = undefined;
  sync.close();
  queue.destroy();
  await bells.close();
  await server.close();
  hubspot.close();
  await dynamodb.close();
});

/** The queue's event source, with as many workers as all portals share. */
function startWorkers(): void {
  const handler = bellHandler(async (shard: Shard, deadline: number) => {
    const end = await answerBell(sync, shard, deadline);
    ends.push({ portalId: shard.portalId, end });
  }, now);
  consumer = consumeQueue({
    queue,
    queueUrl: bells.queueUrl,
    concurrency: WORKERS,
    batchSize: 1,
    handler: (event) => handler(event, lambdaContext('sync-worker', 60_000, now)),
  });
}

const send = (portalId: PortalId) =>
  takeIn(
    sync,
    portalId,
    'products',
    IDS.map((id) => product(id)),
  );

const inHubSpot = (portalId: PortalId): number => hubspot.counts(portalId, 'products').live;

/** Looks again and again, as long as the test may last. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!isOver && !(await isSo())) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** HubSpot goes on with the calls that hang. */
function letGo(): void {
  for (const go of hanging.splice(0)) go();
}

/** The calls under way run into their timeout. */
function timeOut(): void {
  for (const limit of limits) limit.abort(new DOMException('late', 'TimeoutError'));
  limits.clear();
}

/** Lets time pass and the sweeper ring until the portal is as it should be. */
const settled = (portalId: PortalId): Promise<void> =>
  until(async () => {
    ahead += 5_000;
    await sweep(sync);
    letGo();
    const records = await sync.store.records({ portalId, type: 'products' }, IDS);
    return [...records.values()].every(({ state }) => state === 'synced');
  });

test('a portal whose calls all run into the timeout, with every shard busy, does not hold up another one', async () => {
  expect(new Set(IDS.map(shardOf)).size).toBe(SHARD_COUNT);
  hubspot.faults.add({
    kind: 'late-write',
    commitAfterMs: 60_000,
    answer: 'never',
    times: null,
    portalId: PORTAL,
    path: '/batch/',
  });
  startWorkers();
  await send(PORTAL);
  // Every shard's bell has been answered: by a call that hangs, or by being turned away. More than its share never hang.
  const turnedAway = () => ends.filter(({ end }) => end === 'turned-away').length;
  await until(() => hanging.length + turnedAway() >= SHARD_COUNT);
  expect({ hanging: hanging.length, turnedAway: turnedAway() }).toEqual({
    hanging: SHARE_OF_A_PORTAL,
    turnedAway: SHARD_COUNT - SHARE_OF_A_PORTAL,
  });
  timeOut();
  // Those that found no place come next, and hang as well.
  await until(() => hanging.length >= 2 * SHARE_OF_A_PORTAL);

  await send(OTHER_PORTAL);
  await until(() => inHubSpot(OTHER_PORTAL) === IDS.length);
  expect(inHubSpot(PORTAL)).toBe(0);
  const records = await sync.store.records({ portalId: PORTAL, type: 'products' }, IDS);
  expect([...records.values()].filter(({ state }) => state === 'synced')).toEqual([]);
  // All that while its calls stood as they stood before.
  expect(hanging).toHaveLength(2 * SHARE_OF_A_PORTAL);

  hubspot.faults.clear();
  letGo();
  timeOut();
  await settled(PORTAL);
  expect(inHubSpot(PORTAL)).toBe(IDS.length);
  expect(await bells.deadLetters()).toBe(0);
});

test('a portal that HubSpot throttles for a long time waits in no worker, and another one flows', async () => {
  hubspot.faults.add({
    kind: 'status',
    status: 429,
    retryAfter: 3_600,
    times: null,
    portalId: PORTAL,
    path: '/batch/',
  });
  startWorkers();
  await send(PORTAL);
  await until(() => ends.filter(({ end }) => end === 'paused').length >= 1);
  await send(OTHER_PORTAL);
  await until(() => inHubSpot(OTHER_PORTAL) === IDS.length);
  expect(inHubSpot(PORTAL)).toBe(0);
  const { pausedUntil = 0 } = await sync.control.portal(PORTAL);
  expect(pausedUntil).toBeGreaterThan(now());
  // Its bells are acknowledged without a call, and the sweeper rings none.
  expect((await sweep(sync)).rung).not.toContainEqual(expect.objectContaining({ portalId: PORTAL }));
  const records = await sync.store.records({ portalId: PORTAL, type: 'products' }, IDS);
  expect(new Set([...records.values()].map(({ attempts }) => attempts))).toEqual(new Set([0]));

  hubspot.faults.clear();
  ahead += 3_600_000;
  await settled(PORTAL);
  expect(inHubSpot(PORTAL)).toBe(IDS.length);
  expect(await bells.deadLetters()).toBe(0);
});

test('bells that the queue has lost are rung again by the sweeper', async () => {
  await send(PORTAL);
  await queue.send(new PurgeQueueCommand({ QueueUrl: bells.queueUrl }));
  startWorkers();
  expect((await sweep(sync)).rung).toHaveLength(8);
  await until(() => inHubSpot(PORTAL) === IDS.length);
});
