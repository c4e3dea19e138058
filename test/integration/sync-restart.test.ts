import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type RunningSimulator, startSimulator } from '../support/start-simulator.ts';

const PORTAL = '987654';
const HEADERS = { authorization: 'Bearer local-ledger-token', 'content-type': 'application/json' };
/** Enough that each of the eight shards of a type has some. */
const RECORDS = 40;

let directory: string;
let simulator: RunningSimulator;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sync-restart-'));
});
afterAll(async () => {
  await simulator?.kill();
  await rm(directory, { recursive: true, force: true });
});

type RecordType = 'products' | 'contacts';

const records = (type: RecordType, word: string) =>
  Array.from({ length: RECORDS }, (_, index) => ({
    externalId: `${word}-${index}`,
    updatedAt: '2026-11-20T08:00:00Z',
    ...(type === 'products'
      ? { name: `${word} ${index}`, sku: `${word}-${index}` }
      : { email: `${word}.${index}@example.com` }),
  }));

/** Sends records and answers which verdicts there were. */
async function send(type: RecordType, word: string): Promise<string[]> {
  const response = await fetch(`${simulator.url}/v1/${type}`, {
    method: 'POST',
    headers: HEADERS,
    body: JSON.stringify({ records: records(type, word) }),
  });
  const { results } = (await response.json()) as { results: { verdict: string }[] };
  return [...new Set(results.map(({ verdict }) => verdict))];
}

/** A killed worker's place among its portal's workers is free again after half a minute. */
const PATIENCE_MS = 60_000;

async function untilSynced(type: RecordType, word: string): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  for (const { externalId } of records(type, word)) {
    let state = await stateOf(type, externalId);
    while (state !== 'synced' && Date.now() < deadline) {
      await wait(50);
      state = await stateOf(type, externalId);
    }
    expect([externalId, state]).toEqual([externalId, 'synced']);
  }
}

async function stateOf(type: RecordType, externalId: string): Promise<string> {
  const response = await fetch(`${simulator.url}/v1/${type}/${externalId}`, { headers: HEADERS });
  return ((await response.json()) as { state: string }).state;
}

/** What HubSpot's imitation has, and what was written there since it was started. */
async function hubspot() {
  const [, url] = /HubSpot's API\s+(\S+)/.exec(simulator.output()) ?? [];
  const response = await fetch(`${url}/_imitation/state?portalId=${PORTAL}`);
  const { portals } = (await response.json()) as {
    portals: { counters: { recordWrites: number }; records: Record<RecordType, { live: number }> }[];
  };
  const [portal] = portals;
  return {
    writes: portal?.counters.recordWrites,
    products: portal?.records.products.live,
    contacts: portal?.records.contacts.live,
  };
}

test('what was synced before kill -9 is written to HubSpot no second time after the restart', async () => {
  const settings = { LOCAL_DATA_DIR: directory, LOCAL_EMPTY: '1' };
  simulator = await startSimulator(settings);
  for (const type of ['products', 'contacts'] as const) {
    expect(await send(type, 'before')).toEqual(['accepted']);
  }
  for (const type of ['products', 'contacts'] as const) await untilSynced(type, 'before');
  expect(await hubspot()).toEqual({ writes: 2 * RECORDS, products: RECORDS, contacts: RECORDS });

  await simulator.kill();
  simulator = await startSimulator(settings);
  expect((await fetch(`${simulator.url}/_simulator/reconcile`, { method: 'POST' })).ok).toBe(true);
  for (const type of ['products', 'contacts'] as const) {
    expect(await send(type, 'before')).toEqual(['unchanged']);
    // They are in every shard, so every shard is drained to its end once more: what was due there would be written too.
    await send(type, 'after');
    await untilSynced(type, 'after');
    await untilSynced(type, 'before');
  }
  expect(await hubspot()).toEqual({ writes: 2 * RECORDS, products: 2 * RECORDS, contacts: 2 * RECORDS });
}, 240_000);
