import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ApiRequest, ApiResponse } from '../../functions/http/api-request.ts';
import type { AccountingCaller } from '../../functions/http/bearer-token.ts';
import type { Operation } from '../../functions/http/http-handler.ts';
import { Problem } from '../../functions/http/problem.ts';
import type { IntakeResult } from '../../functions/sync/intake/intake.ts';
import { getFailures } from '../../functions/sync/operations/list-failures.ts';
import {
  getHealth,
  getRecord,
  postRecords,
  postReplay,
} from '../../functions/sync/operations/sync-operations.ts';
import { contact, minute, OTHER_PORTAL, PORTAL, product, SyncWorld } from './sync-world.ts';

let world: SyncWorld;
beforeEach(async () => {
  world = await SyncWorld.start();
  await world.createKeyProperties();
});
afterEach(() => world.close());

interface Asked {
  body?: unknown;
  query?: string;
  path?: Record<string, string>;
  portalId?: typeof PORTAL;
}

async function ask(operation: Operation<AccountingCaller>, asked: Asked = {}): Promise<ApiResponse> {
  const request: ApiRequest = {
    method: 'GET',
    path: '/',
    rawQuery: asked.query ?? '',
    query: new URLSearchParams(asked.query),
    pathParameters: asked.path ?? {},
    headers: {},
    body: Buffer.from(asked.body === undefined ? '' : JSON.stringify(asked.body)),
    correlationId: 'test',
    receivedAt: performance.now(),
  };
  try {
    return await world.finish(operation(request, { portalId: asked.portalId ?? PORTAL }));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { status: error.details.status, body: error.details };
  }
}

const post = (type: 'contacts' | 'products', records: unknown[]) =>
  ask(postRecords(world.functions(), type), { body: { records } });

describe('taking in', () => {
  test('answers each record in the order sent; one bad record rejects only itself', async () => {
    const { status, body } = await post('products', [
      product('A/100'),
      { externalId: 'bad', updatedAt: minute(0) },
      product('twice', { name: 'old' }),
      product('twice', { name: 'new', updatedAt: minute(1) }),
      17,
    ]);
    expect(status).toBe(202);
    expect(body).toEqual({
      results: [
        { externalId: 'A/100', verdict: 'accepted' },
        { externalId: 'bad', verdict: 'rejected', reason: expect.stringContaining('name is missing') },
        { externalId: 'twice', verdict: 'stale', reason: expect.stringContaining(minute(1)) },
        { externalId: 'twice', verdict: 'accepted' },
        { externalId: null, verdict: 'rejected', reason: expect.any(String) },
      ],
    });
  });

  test('answers every record of an id as stale where what we have is newer than all of them', async () => {
    await post('products', [product('P-1', { name: 'stored', updatedAt: minute(12) })]);
    const old = (minutes: number, name: string) => product('P-1', { name, updatedAt: minute(minutes) });
    const { body } = await post('products', [old(8, 'older'), old(9, 'old'), old(10, 'old')]);
    const stale = {
      externalId: 'P-1',
      verdict: 'stale',
      reason: `We already have the change of ${minute(12)}, which is newer.`,
    };
    expect(body).toEqual({ results: [stale, stale, stale] });
    expect(await world.record('products', 'P-1')).toMatchObject({ desired: { content: { name: 'stored' } } });
  });

  test('takes properties that are empty for none', async () => {
    await post('products', [product('P-1')]);
    const again = product('P-1', { updatedAt: minute(1), properties: {} });
    expect(await post('products', [again])).toMatchObject({
      body: { results: [{ externalId: 'P-1', verdict: 'unchanged' }] },
    });
  });

  test('takes 1,000 records in one call, and refuses one more with 413', async () => {
    const records = Array.from({ length: 1_000 }, (_, index) =>
      contact(`C-${index}`, { email: `c${index}@example.com` }),
    );
    const taken = await post('contacts', records);
    expect(taken).toMatchObject({ status: 202, body: { results: expect.any(Array) } });
    const { results } = taken.body as { results: IntakeResult[] };
    expect(results).toEqual(records.map(({ externalId }) => ({ externalId, verdict: 'accepted' })));
    expect(await post('contacts', [...records, contact('one more')])).toMatchObject({ status: 413 });
  });

  test.each([[{}], [{ records: [] }], [{ records: {} }], [{ records: [1], more: 1 }], [7]])(
    'refuses the body %j with 400',
    async (body) => {
      expect(await ask(postRecords(world.functions(), 'products'), { body })).toMatchObject({ status: 400 });
    },
  );

  test('stores each of two calls that race, and the newer one stays', async () => {
    const calls = [minute(3), minute(1), minute(2)].map((updatedAt) =>
      post('products', [product('P-1', { name: `at ${updatedAt}`, updatedAt })]),
    );
    await Promise.all(calls);
    expect(await world.record('products', 'P-1')).toMatchObject({
      desired: { content: { name: `at ${minute(3)}` } },
    });
  });
});

test('a record is read by path or by query, with what is known of it; another portal’s is not there', async () => {
  await post('products', [product('A/100', { price: '9.50', currency: 'EUR' })]);
  const read = (asked: Asked) => ask(getRecord(world.functions(), 'products'), asked);
  expect(await read({ query: 'externalId=A%2F100' })).toEqual({
    status: 200,
    body: {
      externalId: 'A/100',
      desired: { name: 'Product A/100', sku: 'SKU-A/100', price: '9.50', currency: 'EUR' },
      state: 'pending',
      attempts: 0,
      nextAttemptAt: expect.any(String),
      updatedAt: '2026-11-22T08:00:00Z',
    },
  });
  await world.settle();
  expect(await read({ query: 'externalId=A%2F100' })).toMatchObject({
    body: { state: 'synced', hubspotId: expect.any(String), attempts: 1, syncedAt: expect.any(String) },
  });
  expect(await read({ query: 'externalId=A%2F100', portalId: OTHER_PORTAL })).toMatchObject({ status: 404 });
  expect(await read({ path: { externalId: 'none' } })).toMatchObject({ status: 404 });
  expect(await read({ query: 'id=A' })).toMatchObject({ status: 400 });
});

test('a record is said to be tried when its portal rests no longer, whatever it rests for', async () => {
  const nextAttemptAt = async () => {
    const { body } = await ask(getRecord(world.functions(), 'products'), { query: 'externalId=P-1' });
    return Date.parse((body as { nextAttemptAt: string }).nextAttemptAt);
  };
  await post('products', [product('P-1')]);
  expect(await nextAttemptAt()).toBe(world.clock.now());
  const { control } = world.functions();
  const now = world.clock.now();
  await control.pause(PORTAL, now + 1_000);
  expect(await nextAttemptAt()).toBe(now + 1_000);
  await control.stop(PORTAL, { reasonCode: 'hubspot-unauthorized', reason: 'No.' }, now, now + 2_000);
  expect(await nextAttemptAt()).toBe(now + 2_000);
  await control.hold(PORTAL, now + 3_000);
  expect(await nextAttemptAt()).toBe(now + 3_000);
});

test('failures are listed page by page with their reasons, and a replay of one reason leaves the others', async () => {
  const bad = Array.from({ length: 7 }, (_, index) =>
    product(`bad-${index}`, { properties: { no_such: '1' } }),
  );
  await post('products', [...bad, product('good')]);
  await post('contacts', [
    contact('A', { email: 'a@example.com' }),
    contact('B', { email: 'a@example.com' }),
  ]);
  await world.settle();

  const seen: unknown[] = [];
  let query = 'limit=2';
  for (;;) {
    const { status, body } = await ask(getFailures(world.functions()), { query });
    expect(status).toBe(200);
    const { failures, nextCursor } = body as { failures: { externalId: string }[]; nextCursor?: string };
    seen.push(...failures.map(({ externalId }) => externalId));
    if (nextCursor === undefined) break;
    expect(failures).toHaveLength(2);
    query = `limit=2&cursor=${nextCursor}`;
  }
  expect(seen.sort()).toEqual(['B', ...bad.map(({ externalId }) => externalId)].sort());
  const { body } = await ask(getFailures(world.functions()), { query: 'type=contacts' });
  expect(body).toEqual({
    failures: [
      {
        type: 'contacts',
        externalId: 'B',
        reason: expect.stringContaining('customer A'),
        reasonCode: 'email-taken',
        since: expect.any(String),
        attempts: 0,
      },
    ],
  });
  expect(await ask(getFailures(world.functions()), { query: 'cursor=abc' })).toMatchObject({ status: 400 });

  const replay = (body: unknown) => ask(postReplay(world.functions()), { body });
  expect(await replay({ reasonCode: 'hubspot-unknown-property' })).toEqual({
    status: 202,
    body: { replayed: 7 },
  });
  expect(await replay({ all: true })).toEqual({ status: 202, body: { replayed: 1 } });
  expect(await replay({ reasonCode: 'none-such' })).toMatchObject({ status: 400 });
  expect(await replay({ all: true, type: 'contacts' })).toMatchObject({ status: 400 });
});

test('a replay by id writes to HubSpot again whatever the state', async () => {
  await post('products', [product('P-1')]);
  await world.settle();
  const [record] = world.hubspot.records(PORTAL, 'products');
  world.hubspot.edit(PORTAL, 'products', record?.id ?? '', { name: 'By hand' });
  const body = { type: 'products', externalIds: ['P-1', 'unknown'] };
  expect(await ask(postReplay(world.functions()), { body })).toEqual({ status: 202, body: { replayed: 1 } });
  await world.settle();
  expect(world.hubspot.records(PORTAL, 'products')[0]?.properties).toMatchObject({ name: 'Product P-1' });
});

test('health counts records by type and state, and says since when one is outstanding and until when the portal rests', async () => {
  await post('products', [product('P-1'), product('P-2'), product('bad', { properties: { no_such: '1' } })]);
  await world.settle();
  await post('contacts', [contact('C-1')]);
  const since = new Date(world.clock.now()).toISOString();
  world.clock.advanceTo(world.clock.now() + 60_000);
  world.hubspot.faults.add({ kind: 'status', status: 429, path: '/contacts/batch/' });
  const [shard] = world.bells.splice(0);
  if (shard) await world.work(shard);
  expect(await ask(getHealth(world.functions()))).toEqual({
    status: 200,
    body: {
      counts: {
        contacts: { pending: 1, synced: 0, retry: 0, failed: 0, archived: 0 },
        products: { pending: 0, synced: 2, retry: 0, failed: 1, archived: 0 },
      },
      oldestPendingAt: since,
      pausedUntil: expect.any(String),
      reconcile: {},
    },
  });
});
