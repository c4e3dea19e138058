import { afterEach, expect, test } from '@jest/globals';
import { shardOf } from '../../functions/sync/records/shard.ts';
import { minute, PORTAL, product, SyncWorld, type WorldOptions } from './sync-world.ts';

let world: SyncWorld;
afterEach(() => world.close());

async function start(options: WorldOptions = {}): Promise<void> {
  world = await SyncWorld.start(options);
  await world.createKeyProperties();
}

const SHARD = { portalId: PORTAL, type: 'products', shard: 0 } as const;

const KEY = 'ledgerbridge_product_id';

/** So many ids in the first shard. */
const ids = (count: number): string[] =>
  Array.from({ length: count * 16 }, (_, index) => `P-${index}`)
    .filter((id) => shardOf(id) === 0)
    .slice(0, count);

const names = (): unknown[] =>
  world.hubspot
    .records(PORTAL, 'products')
    .map(({ properties }) => properties.name)
    .sort();

/** Takes products in and loses the answer to their create. */
async function createUnanswered(products: readonly unknown[], isDone = true): Promise<void> {
  world.hubspot.faults.add({
    kind: isDone ? 'lost-response' : 'lost-request',
    path: '/products/batch/create',
  });
  await world.takeIn('products', products);
  await world.work(SHARD);
}

test('a deletion that comes while the record is found to be gone in HubSpot is not lost', async () => {
  await start();
  const [id = ''] = ids(1);
  await world.takeIn('products', [product(id)]);
  await world.settle();
  world.hubspot.archive(PORTAL, 'products', world.hubspot.records(PORTAL, 'products')[0]?.id ?? '');
  world.takeInDuring('/products/batch/read', 'products', [
    { externalId: id, updatedAt: minute(2), deleted: true },
  ]);
  await world.takeIn('products', [product(id, { name: 'New', updatedAt: minute(1) })]);
  await world.settle();
  expect(await world.record('products', id)).toMatchObject({ state: 'archived' });
});

test('of two lost creates that one record answers to, one takes it, and the other is made when its own is certainly not there', async () => {
  await start({ hubspot: { customProperties: 'refused' } });
  const [one = '', other = ''] = ids(2);
  await createUnanswered([product(one, { name: 'Widget', sku: undefined })]);
  await createUnanswered([product(other, { name: 'Widget', sku: undefined })], false);
  expect(names()).toEqual(['Widget']);
  await world.settle();
  expect(names()).toEqual(['Widget', 'Widget']);
  const records = await Promise.all([one, other].map((id) => world.record('products', id)));
  expect(records.map((record) => record?.state)).toEqual(['synced', 'synced']);
  expect(new Set(records.map((record) => record?.hubspotId)).size).toBe(2);
});

test('a frequent value neither hides another record from a search nor counts as not there itself', async () => {
  await start({ hubspot: { customProperties: 'refused' } });
  const [frequent = '', rare = ''] = ids(2);
  for (let index = 0; index < 1_001; index++) world.hubspot.seed(PORTAL, 'products', { name: 'SHIRT' });
  await createUnanswered([
    product(frequent, { name: 'Shirt', sku: undefined }),
    product(rare, { name: 'Hat', sku: undefined }),
  ]);
  await world.settle();
  expect(names().filter((name) => name !== 'SHIRT')).toEqual(['Hat', 'Shirt']);
  expect(await world.record('products', rare)).toMatchObject({ state: 'synced' });
  expect(await world.record('products', frequent)).toMatchObject({
    state: 'failed',
    reasonCode: 'may-already-exist',
    reason: expect.stringContaining('"Shirt"'),
  });
  await world.replay({ kind: 'failures' });
  await world.settle();
  expect(names().filter((name) => name !== 'SHIRT')).toEqual(['Hat', 'Shirt']);
});

test('a record whose id is gone is made again only when a search has caught up and does not find where it went', async () => {
  await start({
    hubspot: { customProperties: 'ordinary', searchLagMs: 4_500 },
    settings: { onHubSpotDeletion: 'recreate' },
  });
  const [id = ''] = ids(1);
  await world.takeIn('products', [product(id)]);
  await world.settle();
  world.hubspot.archive(PORTAL, 'products', world.hubspot.records(PORTAL, 'products')[0]?.id ?? '');
  const copy = world.hubspot.seed(PORTAL, 'products', { name: 'Copy', ledgerbridge_product_id: id });
  await world.takeIn('products', [product(id, { name: 'New', updatedAt: minute(1) })]);
  await world.settle();
  expect(names()).toEqual(['New']);
  expect(await world.record('products', id)).toMatchObject({ state: 'synced', hubspotId: copy });

  world.hubspot.archive(PORTAL, 'products', copy);
  await world.takeIn('products', [product(id, { name: 'Newer', updatedAt: minute(2) })]);
  await world.settle();
  expect(names()).toEqual(['Newer']);
});

test('a search that HubSpot refuses for one record holds up no other', async () => {
  await start({ hubspot: { customProperties: 'refused' } });
  const all = ids(6);
  const [refused = ''] = all.slice(3);
  const { handle } = world.hubspot;
  world.hubspot.handle = async (request) =>
    request.url.includes('/search') && request.body.includes(`"sku-${refused.toLowerCase()}"`)
      ? {
          status: 400,
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ status: 'error', category: 'VALIDATION_ERROR', message: 'No such filter.' }),
        }
      : handle(request);
  await createUnanswered(all.map((id) => product(id)));
  await world.settle();
  expect(names()).toHaveLength(6);
  expect(await world.record('products', refused)).toMatchObject({
    state: 'failed',
    reasonCode: 'hubspot-refused',
    unresolved: { traces: [{ sku: `SKU-${refused}` }] },
  });
  for (const id of all.filter((one) => one !== refused)) {
    expect(await world.record('products', id)).toMatchObject({ state: 'synced', attempts: 2 });
  }
});

test('a row that HubSpot fails at while it looks records up holds up no other', async () => {
  await start();
  const all = ids(4);
  world.hubspot.faults.add({ kind: 'lost-response', path: '/products/batch/upsert' });
  await world.takeIn(
    'products',
    all.map((id) => product(id)),
  );
  await world.work(SHARD);
  world.clock.advanceTo(world.clock.now() + 16_000);
  const { handle } = world.hubspot;
  const [poor = ''] = all;
  world.hubspot.handle = async (request) => {
    const answer = await handle(request);
    if (!request.url.includes('/products/batch/read')) return answer;
    const { results, ...rest } = JSON.parse(answer.body);
    const left = results.filter(
      (one: { properties: Record<string, string> }) => one.properties[KEY] !== poor,
    );
    const error = {
      status: 'error',
      category: 'INTERNAL_ERROR',
      message: 'Failed.',
      context: { ids: [poor] },
    };
    return {
      ...answer,
      status: 207,
      body: JSON.stringify({ ...rest, results: left, numErrors: 1, errors: [error] }),
    };
  };
  await world.work(SHARD);
  world.hubspot.handle = handle;
  const states = async () =>
    (await Promise.all(all.map((id) => world.record('products', id)))).map((record) => record?.state);
  expect(await states()).toEqual(['retry', 'synced', 'synced', 'synced']);
  await world.settle();
  expect(await states()).toEqual(['synced', 'synced', 'synced', 'synced']);
  expect(names()).toHaveLength(4);
});

test('a record that keeps ending its worker while it is looked for fails alone', async () => {
  await start({ hubspot: { customProperties: 'refused' } });
  const all = ids(25);
  await createUnanswered(all.map((id) => product(id)));
  const poison = all[13] ?? '';
  const crash = {
    isPoison: (body: string) => body.includes(`"sku-${poison.toLowerCase()}"`),
    paths: /search/,
  };
  for (let ends = 0; ends < 60 && (await world.record('products', poison))?.state !== 'failed'; ends++) {
    world.clock.advanceTo(world.clock.now() + 21_000);
    await world.work(SHARD, crash);
  }
  await world.settle();
  expect(await world.record('products', poison)).toMatchObject({
    state: 'failed',
    reasonCode: 'worker-ended',
  });
  const records = await Promise.all(all.map((id) => world.record('products', id)));
  expect(records.filter((record) => record?.state !== 'synced')).toHaveLength(1);
  expect(names()).toHaveLength(25);
});
