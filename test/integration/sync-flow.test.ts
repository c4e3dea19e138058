import { afterEach, describe, expect, test } from '@jest/globals';
import { shardOf, shardsOf } from '../../functions/sync/records/shard.ts';
import { contact, minute, OTHER_PORTAL, PORTAL, product, SyncWorld } from './sync-world.ts';

let world: SyncWorld;
afterEach(() => world.close());

/** A shuffle that is the same every time. */
function shuffled<T>(items: readonly T[], seed: number): T[] {
  let state = seed;
  const next = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
  return items
    .map((item) => ({ item, order: next() }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item);
}

test('5,000 products sent twice, shuffled and in parallel, are 5,000 in HubSpot with their newest values, and the second round writes nothing', async () => {
  world = await SyncWorld.start();
  await world.createKeyProperties();
  const ids = Array.from({ length: 5_000 }, (_, index) => `P-${index}`);
  const versions = ids.flatMap((id) => [
    product(id, { name: `${id} old`, updatedAt: minute(1) }),
    product(id, { name: `${id} new`, updatedAt: minute(2) }),
  ]);
  const send = async (records: readonly unknown[]) => {
    const verdicts: string[] = [];
    for (let first = 0; first < records.length; first += 1_000) {
      const results = await world.takeIn('products', records.slice(first, first + 1_000));
      verdicts.push(...results.map(({ verdict }) => verdict));
    }
    return verdicts;
  };
  const verdicts = await Promise.all([1, 2].map((seed) => send(shuffled(versions, seed))));
  expect(verdicts.flat()).not.toContain('rejected');
  await world.settle();

  const found = world.hubspot.records(PORTAL, 'products');
  expect(found).toHaveLength(5_000);
  const names = new Map(found.map(({ properties }) => [properties.ledgerbridge_product_id, properties.name]));
  expect(ids.filter((id) => names.get(id) !== `${id} new`)).toEqual([]);

  const { recordWrites } = world.hubspot.counters(PORTAL);
  const again = await send(shuffled(versions, 3));
  expect(new Set(again)).toEqual(new Set(['unchanged', 'stale']));
  await world.settle();
  expect(world.hubspot.counters(PORTAL).recordWrites).toBe(recordWrites);
}, 300_000);

test('storage takes at most four requests a record, intake and worker together', async () => {
  world = await SyncWorld.start();
  await world.createKeyProperties();
  world.dynamodb.resetRequests();
  await world.takeIn(
    'contacts',
    Array.from({ length: 500 }, (_, index) => contact(`C-${index}`, { email: `c${index}@example.com` })),
  );
  for (const shard of world.bells.splice(0)) await world.work(shard);
  const requests = Object.values(world.dynamodb.requests).reduce((sum, count) => sum + count, 0);
  expect(requests / 500).toBeLessThan(1);
});

describe('bells', () => {
  test('one that was lost, or never rung because intake died, is made up for by the sweeper', async () => {
    world = await SyncWorld.start();
    await world.createKeyProperties();
    await world.takeIn('products', [product('P-1')]);
    world.bells.length = 0;
    expect(await world.sweep()).toEqual([{ portalId: PORTAL, type: 'products', shard: shardOf('P-1') }]);
    await world.settle();
    expect(world.hubspot.records(PORTAL, 'products')).toHaveLength(1);
    expect(await world.sweep()).toEqual([]);
  });

  test('are not rung while the portal rests', async () => {
    world = await SyncWorld.start();
    await world.createKeyProperties();
    world.hubspot.faults.add({ kind: 'status', status: 429, path: '/products/batch/' });
    await world.takeIn('products', [product('P-1')]);
    const [shard] = world.bells.splice(0);
    expect(shard && (await world.work(shard))).toMatchObject({ end: 'paused' });
    expect(await world.sweep()).toEqual([]);
    const { calls } = world.hubspot.counters(PORTAL);
    expect(shard && (await world.work(shard))).toMatchObject({ end: 'paused' });
    expect(world.hubspot.counters(PORTAL).calls).toBe(calls);
    expect(await world.record('products', 'P-1')).toMatchObject({ state: 'pending', attempts: 0 });
    await world.settle();
    expect(await world.record('products', 'P-1')).toMatchObject({ state: 'synced', attempts: 1 });
  });
});

test('a portal whose calls run into the timeout leaves half of the workers to the others', async () => {
  world = await SyncWorld.start({ slotsPerPortal: 4 });
  await world.createKeyProperties();
  await world.createKeyProperties(OTHER_PORTAL);
  const ids = Array.from({ length: 64 }, (_, index) => `P-${index}`);
  await world.takeIn(
    'products',
    ids.map((id) => product(id)),
  );
  world.hubspot.faults.add({ kind: 'slow', delayMs: 60_000, times: null, portalId: PORTAL, path: '/batch/' });
  world.bells.length = 0;
  const startedAt = world.clock.now();
  // Eight workers, and the busy portal's bells come first.
  const busy = shardsOf(PORTAL, 'products').map((shard) => world.work(shard));
  const ends: string[] = [];
  for (const one of busy) void one.then(({ end }) => ends.push(end));
  await world.takeIn(
    'products',
    ids.map((id) => product(id)),
    OTHER_PORTAL,
  );
  await Promise.all(
    shardsOf(OTHER_PORTAL, 'products')
      .slice(0, 4)
      .map((shard) => world.work(shard)),
  );
  expect(ends.filter((end) => end === 'turned-away')).toHaveLength(4);
  expect(world.clock.now() - startedAt).toBeLessThan(1_000);
  const four = ids.filter((id) => shardOf(id) < 4);
  expect(world.hubspot.records(OTHER_PORTAL, 'products')).toHaveLength(four.length);
  await Promise.all(busy);
  world.hubspot.faults.clear();
  // Those that found no place are rung for by those who had one.
  expect(
    new Set(world.bells.filter(({ portalId }) => portalId === PORTAL).map(({ shard }) => shard)).size,
  ).toBeGreaterThanOrEqual(4);
  await world.settle();
  expect(world.hubspot.records(PORTAL, 'products')).toHaveLength(ids.length);
});

test('a portal whose token HubSpot refuses stands still, says so, and goes on when the token is good again', async () => {
  world = await SyncWorld.start();
  await world.createKeyProperties();
  world.hubspot.faults.add({ kind: 'status', status: 401, times: 2, path: '/batch/' });
  await world.takeIn('products', [product('P-1')]);
  const [shard] = world.bells.splice(0);
  expect(shard && (await world.work(shard))).toMatchObject({ end: 'paused' });
  const { health } = world.functions();
  expect(await health(PORTAL)).toMatchObject({ stopped: { reasonCode: 'hubspot-unauthorized' } });
  await world.settle();
  expect(await world.record('products', 'P-1')).toMatchObject({ state: 'synced' });
  expect(await world.functions().health(PORTAL)).toMatchObject({ stopped: undefined });
});

test.each([403, 404, 400])(
  'where HubSpot answers %i to the property definitions, records sync without a property of ours, and get it when they can be read',
  async (status) => {
    world = await SyncWorld.start();
    await world.createKeyProperties();
    world.hubspot.faults.add({ kind: 'status', status, path: '/properties/', times: null });
    await world.takeIn('products', [product('P-1', { properties: { hs_url: 'https://shop.example.com' } })]);
    await world.settle();
    expect(await world.record('products', 'P-1')).toMatchObject({ state: 'synced' });
    expect(world.notices).toContainEqual(
      expect.objectContaining({ message: 'HubSpot does not show the property definitions' }),
    );
    // What is no longer sent is cleared, although nobody knows the names.
    await world.takeIn('products', [product('P-1', { updatedAt: minute(1) })]);
    await world.settle();
    const [sent] = world.hubspot.records(PORTAL, 'products');
    expect(sent?.properties).toMatchObject({ name: 'Product P-1', hs_sku: 'SKU-P-1' });
    expect(sent?.properties.hs_url || undefined).toBeUndefined();
    expect(sent?.properties.ledgerbridge_product_id).toBeUndefined();

    world.hubspot.faults.clear();
    world.clock.advanceTo(world.clock.now() + 60_000);
    await world.takeIn('products', [product('P-1', { updatedAt: minute(2), name: 'Newer' })]);
    await world.settle();
    const found = world.hubspot.records(PORTAL, 'products');
    expect(found.map((record) => record.properties)).toEqual([
      expect.objectContaining({ name: 'Newer', ledgerbridge_product_id: 'P-1' }),
    ]);
  },
);

test('where HubSpot no longer shows the property definitions, records go by those that were read last', async () => {
  world = await SyncWorld.start();
  await world.createKeyProperties();
  await world.takeIn('products', [product('P-1')]);
  await world.settle();
  world.hubspot.faults.add({ kind: 'status', status: 403, path: '/properties/', times: null });
  world.clock.advanceTo(world.clock.now() + 60_000);
  await world.takeIn('products', [product('P-1', { updatedAt: minute(1), name: 'Newer' }), product('P-2')]);
  await world.settle();
  const found = world.hubspot.records(PORTAL, 'products').map(({ properties }) => properties);
  expect(found.map(({ ledgerbridge_product_id: key, name }) => [key, name])).toEqual([
    ['P-1', 'Newer'],
    ['P-2', 'Product P-2'],
  ]);
});

test('a property that is newer than the definitions we know is cleared all the same, a little later', async () => {
  world = await SyncWorld.start();
  await world.createKeyProperties();
  await world.takeIn('products', [product('P-1')]);
  await world.settle();
  const definition = { name: 'colour', label: 'Colour', groupName: 'productinformation' } as const;
  const api = world.functions().api(PORTAL);
  await world.finish(
    api.createProperty('products', {
      ...definition,
      type: 'string',
      fieldType: 'text',
      hasUniqueValue: false,
    }),
  );
  await world.takeIn('products', [product('P-1', { updatedAt: minute(1), properties: { colour: 'red' } })]);
  const shard = { portalId: PORTAL, type: 'products', shard: shardOf('P-1') } as const;
  await world.work(shard);
  await world.takeIn('products', [product('P-1', { updatedAt: minute(2) })]);
  await world.work(shard);
  expect(await world.record('products', 'P-1')).toMatchObject({ state: 'synced' });
  const colour = () => world.hubspot.records(PORTAL, 'products')[0]?.properties.colour;
  expect(colour()).toBe('red');
  await world.settle();
  expect(colour() || undefined).toBeUndefined();
  expect((await world.record('products', 'P-1'))?.names).not.toContain('colour');
});

test('while HubSpot fails to answer for the property definitions, the records that wait say why', async () => {
  world = await SyncWorld.start();
  await world.createKeyProperties();
  world.hubspot.faults.add({ kind: 'status', status: 500, path: '/properties/', times: null });
  await world.takeIn('products', [product('P-1')]);
  const [shard] = world.bells.splice(0);
  expect(shard && (await world.work(shard))).toMatchObject({ end: 'unavailable' });
  expect(await world.record('products', 'P-1')).toMatchObject({
    state: 'retry',
    reasonCode: 'hubspot-server-error',
    attempts: 0,
  });
  world.hubspot.faults.clear();
  await world.settle();
  const synced = await world.record('products', 'P-1');
  expect(synced?.state).toBe('synced');
  expect(synced?.reasonCode).toBeUndefined();
});

test('when a unique property appears, every known record gets its key, by its id', async () => {
  world = await SyncWorld.start({ hubspot: { customProperties: 'refused' } });
  const ids = Array.from({ length: 20 }, (_, index) => `P-${index}`);
  await world.takeIn(
    'products',
    ids.map((id) => product(id)),
  );
  await world.settle();
  const known = new Map(
    world.hubspot.records(PORTAL, 'products').map(({ id, properties }) => [properties.hs_sku, id]),
  );
  world.hubspot.configure({ customProperties: 'unique' });
  await world.createKeyProperties();
  world.clock.advanceTo(world.clock.now() + 60_000);
  await world.takeIn('products', [product('P-0', { name: 'New', updatedAt: minute(1) })]);
  for (const shard of shardsOf(PORTAL, 'products')) await world.work(shard);
  await world.settle();
  const found = world.hubspot.records(PORTAL, 'products');
  expect(found).toHaveLength(20);
  for (const { id, properties } of found) {
    expect(id).toBe(known.get(properties.hs_sku));
    expect(`SKU-${properties.ledgerbridge_product_id}`).toBe(properties.hs_sku);
  }
});

test('a batch that HubSpot refuses as a whole is cut until the bad record stands alone', async () => {
  world = await SyncWorld.start();
  await world.createKeyProperties();
  await world.takeIn(
    'products',
    Array.from({ length: 60 }, (_, index) => product(`P-${index}`)),
  );
  world.hubspot.faults.add({ kind: 'status', status: 400, times: 5, path: '/products/batch/' });
  await world.settle();
  expect(world.hubspot.records(PORTAL, 'products')).toHaveLength(60);
  expect(await world.functions().health(PORTAL)).toMatchObject({ counts: { products: { synced: 60 } } });
});
