import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import type { ObjectType } from '../../functions/hubspot/hubspot-api.ts';
import { takeIn } from '../../functions/sync/intake/intake.ts';
import { type Shard, shardOf } from '../../functions/sync/records/shard.ts';
import { syncTable } from '../../functions/sync/records/sync-table.ts';
import { sweep } from '../../functions/sync/worker/sweep.ts';
import { type EmbeddedDynamoDB, startEmbeddedDynamoDB } from '../../local/dynamodb/embedded-dynamodb.ts';
import { createHubSpot, type HubSpotImitation } from '../../local/hubspot/imitation.ts';
import type { CustomProperties } from '../../local/hubspot/portal-settings.ts';
import { type HubSpotServer, startHubSpotServer } from '../../local/hubspot/server.ts';
import { changeKeyProperties, MODES } from './sync-key-properties.ts';
import type { Order, Pause, Report } from './sync-kill-worker.ts';
import { connectSync, SYNC_TABLE } from './sync-over-http.ts';
import { contact, minute, PORTAL, product } from './sync-world.ts';

// Each test waits for a process to start.
jest.setTimeout(60_000);

const PAUSES: readonly Pause[] = [
  'before the call',
  'after the call, before the result is stored',
  'after all of it',
];
const [A = '', B = ''] = Array.from({ length: 100 }, (_, index) => `R-${index}`).filter(
  (id) => shardOf(id) === 0,
);

interface Row {
  type: ObjectType;
  kind: 'create' | 'update';
  pause: Pause;
  /** The properties of ours that the portal has before the kill, and when the next worker takes over. */
  from: CustomProperties;
  to: CustomProperties;
}

/** Every pause of creates and updates in every mode, and every change of modes. */
const ROWS: readonly Row[] = MODES.flatMap((from, mode) =>
  (['create', 'update'] as const).flatMap((kind, nth) =>
    PAUSES.map((pause, place) => ({
      type: (mode + nth + place) % 2 === 0 ? ('products' as const) : ('contacts' as const),
      kind,
      pause,
      from,
      to: MODES[(mode + place) % MODES.length] ?? from,
    })),
  ),
);

interface Worker {
  process: ChildProcess;
  ready: Promise<unknown>;
}

let dynamodb: EmbeddedDynamoDB;
let hubspot: HubSpotImitation;
let server: HubSpotServer;
let sync: ReturnType<typeof connectSync>;
/** How far everybody's clock is ahead of the real one: nobody waits for it. */
let ahead: number;
let worker: Worker;
let successor: Worker;
const now = () => Date.now() + ahead;

beforeAll(() => {
  worker = startWorker();
  successor = startWorker();
});
afterAll(() => Promise.all([kill(worker), kill(successor)]));

beforeEach(async () => {
  ahead = 0;
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
    searchLagMs: 4_000,
    searchesPerSecond: null,
    tokens: new Map([[`token-${PORTAL}`, PORTAL]]),
  });
  server = await startHubSpotServer(hubspot);
  sync = connectSync({
    dynamodb: dynamodb.endpoint,
    hubspot: server.url,
    now,
    ring: async () => undefined,
  });
});
afterEach(async () => {
  sync.close();
  await server.close();
  hubspot.close();
  await dynamodb.close();
});

function startWorker(): Worker {
  const program = fileURLToPath(new URL('sync-kill-worker.ts', import.meta.url));
  const loader = new URL('../../bin/typescript.mjs', import.meta.url).href;
  const child = fork(program, [], {
    execArgv: ['--disable-warning=ExperimentalWarning', '--import', loader],
  });
  return { process: child, ready: once(child, 'message') };
}

async function kill({ process: child }: Worker): Promise<void> {
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  expect((await exit)[1]).toBe('SIGKILL');
}

/** Has the worker answer a bell, and gives what it says then. */
async function answer(shard: Shard, pause?: Pause): Promise<Report | undefined> {
  await worker.ready;
  const order: Order = {
    dynamodb: dynamodb.endpoint,
    hubspot: server.url,
    shard,
    time: now(),
    ...(pause === undefined ? {} : { pause }),
  };
  const said = once(worker.process, 'message');
  worker.process.send(order);
  const [report]: Report[] = await said;
  return report;
}

/** Has the worker answer the sweeper's bells until nothing is due any more, now or later. */
async function settle(shard: Shard): Promise<void> {
  for (let round = 0; round < 100; round++) {
    const { rung: shards } = await sweep(sync);
    for (const one of shards) expect(await answer(one)).toBe('ended');
    if (shards.length > 0) continue;
    const [next] = await sync.store.due(shard, Number.MAX_SAFE_INTEGER, 1);
    if (next?.dueAt === undefined) return;
    ahead += Math.max(next.dueAt - now(), 0) + 1;
  }
  throw new Error('The sync did not come to rest.');
}

/** A version of a record. The second has neither SKU nor address to be found by. */
function version(type: ObjectType, id: string, number: number): unknown {
  const updatedAt = minute(number);
  if (type === 'products') {
    return product(id, {
      updatedAt,
      description: `v${number}`,
      ...(id === A ? {} : { sku: undefined }),
    });
  }
  return contact(id, { updatedAt, phone: `v${number}`, ...(id === A ? { email: 'a@example.com' } : {}) });
}

const inHubSpot = (type: ObjectType): unknown[] =>
  hubspot
    .records(PORTAL, type)
    .map(({ properties: { name, lastname, description, phone } }) => [name ?? lastname, description ?? phone])
    .sort();

/** What HubSpot should have: these versions of the two records, or nothing. */
const wanted = (type: ObjectType, versions: readonly [number, number] | undefined): unknown[] =>
  (versions ?? [])
    .map((number, place) => {
      const title = type === 'products' ? 'Product' : 'Customer';
      return [`${title} ${place === 0 ? A : B}`, `v${number}`];
    })
    .sort();

test.each(ROWS)(
  '$kind, killed $pause ($type, $from properties, then $to): no record twice, none lost, all newest',
  async ({ type, kind, pause, from, to }) => {
    const shard = { portalId: PORTAL, type, shard: 0 };
    const send = (records: readonly unknown[]) => takeIn(sync, PORTAL, type, records);
    await changeKeyProperties(hubspot, sync.api(PORTAL), shard, from);
    if (kind === 'update') {
      await send([version(type, A, 1), version(type, B, 1)]);
      await settle(shard);
    }
    await send([version(type, A, 2), version(type, B, 2)]);
    expect(await answer(shard, pause)).toBe('paused');
    const earlier = kind === 'update' ? ([1, 1] as const) : undefined;
    expect(inHubSpot(type)).toEqual(wanted(type, pause === 'before the call' ? earlier : [2, 2]));
    const standing = await sync.store.records(shard, [A, B]);
    const areMarked = [...standing.values()].map(({ attempt }) => attempt !== undefined);
    expect(areMarked).toEqual(pause === 'after all of it' ? [false, false] : [true, true]);
    // While it stands there, something newer comes, and the portal changes.
    await send([version(type, A, 3)]);
    await changeKeyProperties(hubspot, sync.api(PORTAL), shard, to);
    await kill(worker);
    worker = successor;
    successor = startWorker();
    await settle(shard);

    const records = await sync.store.records(shard, [A, B]);
    expect([...records.values()].map(({ state, reason }) => reason ?? state)).toEqual(['synced', 'synced']);
    expect(inHubSpot(type)).toEqual(wanted(type, [3, 2]));
  },
);
