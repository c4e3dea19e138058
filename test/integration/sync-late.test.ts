import { afterEach, describe, expect, test } from '@jest/globals';
import { shardOf } from '../../functions/sync/records/shard.ts';
import type { FaultRule } from '../../local/hubspot/fault.ts';
import { contact, minute, PORTAL, product, SyncWorld, type WorldOptions } from './sync-world.ts';

let world: SyncWorld;
afterEach(() => world.close());

async function start(options: WorldOptions = {}): Promise<void> {
  world = await SyncWorld.start(options);
  await world.createKeyProperties();
}

const shardWith = (type: 'products' | 'contacts', externalId: string) => ({
  portalId: PORTAL,
  type,
  shard: shardOf(externalId),
});

const names = (): unknown[] =>
  world.hubspot.records(PORTAL, 'products').map(({ properties }) => properties.name);

describe.each(['unique', 'ordinary', 'refused'] as const)(
  'a create without an answer, %s properties',
  (mode) => {
    const LOST: [string, FaultRule][] = [
      ['the response is lost', { kind: 'lost-response', path: '/products/batch/' }],
      ['the request is lost', { kind: 'lost-request', path: '/products/batch/' }],
      [
        'HubSpot says 502 and has done it',
        { kind: 'status', status: 502, applied: true, path: '/products/batch/' },
      ],
      [
        'it is done after our timeout, and nobody says so',
        { kind: 'late-write', commitAfterMs: 13_000, answer: 'never', path: '/products/batch/' },
      ],
      ['the answer comes after our timeout', { kind: 'slow', delayMs: 12_000, path: '/products/batch/' }],
    ];

    test.each(LOST)('ends in one record with the newest values where %s', async (_, fault) => {
      await start({ hubspot: { customProperties: mode, searchLagMs: 4_500 } });
      world.hubspot.faults.add(fault);
      await world.takeIn('products', [product('P-1'), product('P-2', { sku: undefined })]);
      await Promise.all(['P-1', 'P-2'].map((id) => world.work(shardWith('products', id))));
      await world.takeIn('products', [product('P-1', { name: 'New', sku: 'OTHER', updatedAt: minute(1) })]);
      await world.settle();
      expect(names().sort()).toEqual(['New', 'Product P-2']);
      expect(await world.record('products', 'P-1')).toMatchObject({ state: 'synced' });
    });
  },
);

test('a search that still lags says "not there" once too early, and is asked again before anything is created', async () => {
  await start({ hubspot: { customProperties: 'ordinary', searchLagMs: 22_000 } });
  world.hubspot.faults.add({ kind: 'lost-response', path: '/products/batch/create' });
  await world.takeIn('products', [product('P-1')]);
  await world.settle();
  expect(names()).toEqual(['Product P-1']);
});

test('what answers to a look-up more than once is failed as perhaps there, and never created again', async () => {
  await start({ hubspot: { customProperties: 'refused' } });
  world.hubspot.faults.add({ kind: 'lost-response', path: '/products/batch/create' });
  await world.takeIn('products', [product('P-1')]);
  await world.work(shardWith('products', 'P-1'));
  world.hubspot.seed(PORTAL, 'products', { name: 'By hand', hs_sku: 'SKU-P-1' });
  await world.settle();
  expect(await world.record('products', 'P-1')).toMatchObject({
    state: 'failed',
    reasonCode: 'may-already-exist',
  });
  await world.replay({ kind: 'failures' });
  await world.settle();
  expect(world.hubspot.records(PORTAL, 'products')).toHaveLength(2);
});

test('a create that lands between its look-up and the next upsert is still ours, and is archived on deletion', async () => {
  await start();
  world.hubspot.faults.add({
    kind: 'late-write',
    commitAfterMs: 15_500,
    answer: 'never',
    path: '/batch/upsert',
  });
  // The second upsert is turned away until the first has landed.
  world.hubspot.faults.add({ kind: 'status', status: 429, path: '/batch/upsert' });
  await world.takeIn('products', [product('P-1')]);
  await world.settle();
  expect(names()).toEqual(['Product P-1']);
  const record = await world.record('products', 'P-1');
  expect(record).toMatchObject({ state: 'synced' });
  expect(record).not.toHaveProperty('adopted');

  await world.takeIn('products', [{ externalId: 'P-1', updatedAt: minute(1), deleted: true }]);
  await world.settle();
  expect(names()).toEqual([]);
});

test('a deleted record is looked for once more when its lost create can no longer land, and what landed late is archived', async () => {
  await start();
  world.hubspot.faults.add({
    kind: 'late-write',
    commitAfterMs: 16_000,
    answer: 'never',
    path: '/batch/upsert',
  });
  await world.takeIn('products', [product('P-1')]);
  await world.work(shardWith('products', 'P-1'));
  await world.takeIn('products', [{ externalId: 'P-1', updatedAt: minute(1), deleted: true }]);
  await world.settle();
  expect(await world.record('products', 'P-1')).toMatchObject({ state: 'archived' });
  world.clock.advanceTo(world.clock.now() + 60_000);
  await new Promise((resolve) => setImmediate(resolve));
  expect(names()).toEqual([]);
});

test('a lost create that lands when its record was made again and deleted leaves nothing behind', async () => {
  await start({ settings: { settleMs: 60_000 } });
  world.hubspot.faults.add({
    kind: 'late-write',
    commitAfterMs: 40_000,
    answer: 'never',
    path: '/batch/upsert',
  });
  await world.takeIn('products', [product('P-1')]);
  await world.work(shardWith('products', 'P-1'));
  world.clock.advanceTo(world.clock.now() + 15_000);
  await world.work(shardWith('products', 'P-1'));
  expect(names()).toEqual(['Product P-1']);
  await world.takeIn('products', [{ externalId: 'P-1', updatedAt: minute(1), deleted: true }]);
  await world.work(shardWith('products', 'P-1'));
  expect(names()).toEqual([]);
  expect(await world.record('products', 'P-1')).toMatchObject({ state: 'retry' });
  await world.settle();
  expect(names()).toEqual([]);
  expect(await world.record('products', 'P-1')).toMatchObject({ state: 'archived' });
});

test('an older update that lands on top of a newer one is written over when it has settled', async () => {
  await start();
  await world.takeIn('products', [product('P-1', { name: 'First' })]);
  await world.settle();
  world.hubspot.faults.add({
    kind: 'late-write',
    commitAfterMs: 14_000,
    answer: 'never',
    path: '/batch/update',
  });
  await world.takeIn('products', [product('P-1', { name: 'Older', updatedAt: minute(1) })]);
  await world.work(shardWith('products', 'P-1'));
  await world.takeIn('products', [product('P-1', { name: 'Newer', updatedAt: minute(2) })]);
  await world.work(shardWith('products', 'P-1'));
  expect(names()).toEqual(['Newer']);
  world.clock.advanceTo(world.clock.now() + 5_000);
  await new Promise((resolve) => setImmediate(resolve));
  expect(names()).toEqual(['Older']);
  await world.settle();
  expect(names()).toEqual(['Newer']);
});

test('a value that goes from A to B and back around a crash ends as A', async () => {
  await start();
  await world.takeIn('products', [product('P-1', { name: 'A' })]);
  await world.settle();
  await world.takeIn('products', [product('P-1', { name: 'B', updatedAt: minute(1) })]);
  let step = 0;
  while (names()[0] !== 'B') {
    step += 1;
    await world.work(shardWith('products', 'P-1'), { step, when: 'after' });
    // Every round reads the portal's properties anew, so that each gets one step further.
    world.clock.advanceTo(world.clock.now() + 60_000);
  }
  expect(await world.record('products', 'P-1')).toMatchObject({ attempt: { kind: 'update' } });
  await world.takeIn('products', [product('P-1', { name: 'A', updatedAt: minute(2) })]);
  world.clock.advanceTo(world.clock.now() + 16_000);
  await world.work(shardWith('products', 'P-1'));
  expect(names()).toEqual(['A']);
  await world.settle();
  expect(names()).toEqual(['A']);
  expect(await world.record('products', 'P-1')).toMatchObject({ state: 'synced' });
});

test('a record that comes back after a deletion of unknown outcome is created anew', async () => {
  await start();
  await world.takeIn('products', [product('P-1')]);
  await world.settle();
  world.hubspot.faults.add({ kind: 'lost-response', path: '/batch/archive' });
  await world.takeIn('products', [{ externalId: 'P-1', updatedAt: minute(1), deleted: true }]);
  await world.work(shardWith('products', 'P-1'));
  await world.takeIn('products', [product('P-1', { name: 'Back', updatedAt: minute(2) })]);
  await world.settle();
  expect(names()).toEqual(['Back']);
});

test.each(['fail', 'recreate'] as const)(
  'a record deleted by hand in HubSpot: %s',
  async (onHubSpotDeletion) => {
    await start({ settings: { onHubSpotDeletion } });
    await world.takeIn('products', [product('P-1')]);
    await world.settle();
    const id = world.hubspot.records(PORTAL, 'products')[0]?.id ?? '';
    world.hubspot.archive(PORTAL, 'products', id);
    await world.takeIn('products', [product('P-1', { name: 'New', updatedAt: minute(1) })]);
    await world.settle();
    expect(names()).toEqual(onHubSpotDeletion === 'recreate' ? ['New'] : []);
    expect(await world.record('products', 'P-1')).toMatchObject(
      onHubSpotDeletion === 'recreate'
        ? { state: 'synced' }
        : { state: 'failed', reasonCode: 'hubspot-record-gone', reason: expect.stringContaining(id) },
    );
  },
);

test('an address changed to one that a stranger in HubSpot holds fails, and says whom to merge', async () => {
  await start();
  await world.takeIn('contacts', [contact('C-1', { email: 'anna@example.com' })]);
  await world.settle();
  const stranger = world.hubspot.seed(PORTAL, 'contacts', { email: 'new@example.com' });
  await world.takeIn('contacts', [contact('C-1', { email: 'new@example.com', updatedAt: minute(1) })]);
  await world.settle();
  expect(await world.record('contacts', 'C-1')).toMatchObject({
    state: 'failed',
    reasonCode: 'email-held-by-stranger',
    reason: expect.stringContaining(stranger),
  });
});

test('a record that keeps ending its worker fails alone, and the others of its batch are written', async () => {
  await start();
  const ids = Array.from({ length: 200 }, (_, index) => `P-${index}`).filter((id) => shardOf(id) === 0);
  await world.takeIn(
    'products',
    ids.map((id) => product(id)),
  );
  // The worker ends whenever HubSpot is called with this record.
  const poison = ids[5] ?? '';
  const shard = shardWith('products', poison);
  for (let ends = 0; ends < 60 && (await world.record('products', poison))?.state !== 'failed'; ends++) {
    await world.work(shard, { isPoison: (body) => body.includes(`"${poison}"`) });
    world.clock.advanceTo(world.clock.now() + 16_000);
  }
  await world.settle();
  expect(world.hubspot.records(PORTAL, 'products')).toHaveLength(ids.length - 1);
  expect(await world.record('products', poison)).toMatchObject({
    state: 'failed',
    reasonCode: 'worker-ended',
    reason: expect.stringContaining('The worker ended three times while it worked on this record.'),
    unfinished: 3,
  });
  const others = await Promise.all(ids.map((id) => world.record('products', id)));
  expect(others.filter((record) => record?.state !== 'synced')).toHaveLength(1);
});
