import { afterEach, describe, expect, test } from '@jest/globals';
import { type Shard, shardOf } from '../../functions/sync/records/shard.ts';
import { minute, PORTAL, product, SyncWorld, type WorldOptions } from './sync-world.ts';

let world: SyncWorld;
afterEach(() => world.close());

async function start(options: WorldOptions = {}): Promise<void> {
  world = await SyncWorld.start(options);
  await world.createKeyProperties();
}

const SHARD: Shard = { portalId: PORTAL, type: 'products', shard: shardOf('P-1') };

/** Two that lie in it. */
const TWO = Array.from({ length: 100 }, (_, index) => `P-${index}`)
  .filter((id) => shardOf(id) === SHARD.shard)
  .slice(0, 2);

const names = (): unknown[] =>
  world.hubspot.records(PORTAL, 'products').map(({ properties }) => properties.name);

const writesMade = (): number =>
  world.hubspot.calls(PORTAL).filter(({ path }) => /batch\/(create|update|upsert)/.test(path)).length;

/** A second worker, which begins so many milliseconds from now. */
async function workAfter(milliseconds: number): Promise<void> {
  await world.finish(world.clock.sleep(milliseconds));
  await world.work(SHARD);
}

describe.each(['unique', 'ordinary', 'refused'] as const)(
  'a second worker, while the first one’s create is under way, with %s properties of ours',
  (customProperties) => {
    test.each([
      ['that is slow', { kind: 'slow', delayMs: 8_000, path: '/products/batch/' }],
      [
        'that is late and never answered',
        { kind: 'late-write', commitAfterMs: 9_000, answer: 'never', path: '/products/batch/' },
      ],
    ] as const)('leaves the record alone, although a newer version has come: %s', async (_, fault) => {
      await start({ hubspot: { customProperties, searchLagMs: 4_500 } });
      world.hubspot.faults.add(fault);
      await world.takeIn('products', [product('P-1')]);
      world.takeInDuring('/products/batch/', 'products', [
        product('P-1', { name: 'Newer', updatedAt: minute(1) }),
      ]);
      await Promise.all([world.work(SHARD), workAfter(2_000).then(() => expect(writesMade()).toBe(1))]);
      await world.settle();
      expect(names()).toEqual(['Newer']);
      expect(await world.record('products', 'P-1')).toMatchObject({ state: 'synced' });
    });
  },
);

describe('a worker that stood still until its attempt had ended', () => {
  test('does not take the mark off a create that another has begun since, so that nobody creates a third time', async () => {
    await start({ hubspot: { customProperties: 'refused', searchLagMs: 4_500 } });
    // The first batch is refused as a whole. The second one, after two look-ups, is done, but takes its time to say so.
    world.hubspot.faults.add({ kind: 'status', status: 400, path: '/batch/create' });
    world.hubspot.faults.add({ kind: 'slow', delayMs: 9_000, path: '/batch/create' });
    await world.takeIn(
      'products',
      TWO.map((id) => product(id)),
    );
    const stoodStill = world.work(SHARD, { pausedAfter: /batch\/create/, pauseMs: 34_000 });
    await Promise.all([stoodStill, ...[21_000, 30_000].map(workAfter)]);
    await world.settle();
    expect(names()).toEqual(TWO.map((id) => `Product ${id}`));
    for (const id of TWO) expect(await world.record('products', id)).toMatchObject({ state: 'synced' });
  });

  test('does not take it off with what it found when it looked for the record', async () => {
    await start({ hubspot: { customProperties: 'refused', searchLagMs: 4_500 } });
    world.hubspot.faults.add({ kind: 'lost-request', path: '/batch/create' });
    world.hubspot.faults.add({ kind: 'slow', delayMs: 9_000, path: '/batch/create' });
    await world.takeIn('products', [product('P-1')]);
    await world.work(SHARD);
    await world.finish(world.clock.sleep(21_000));
    const stoodStill = world.work(SHARD, { pausedAfter: /search/, pauseMs: 29_000 });
    await Promise.all([stoodStill, ...[17_000, 25_000].map(workAfter)]);
    await world.settle();
    expect(names()).toEqual(['Product P-1']);
    expect(await world.record('products', 'P-1')).toMatchObject({ state: 'synced' });
  });

  test('does not fail for an older version what another is writing in a newer one', async () => {
    await start();
    await world.takeIn('products', [product('P-1')]);
    await world.settle();
    await world.takeIn('products', [product('P-1', { properties: { nonsense: 'x' }, updatedAt: minute(1) })]);
    const stoodStill = world.work(SHARD, { pausedAfter: /batch\/update/, pauseMs: 20_000 });
    await world.finish(world.clock.sleep(16_000));
    await world.takeIn('products', [product('P-1', { name: 'Newer', updatedAt: minute(2) })]);
    world.hubspot.faults.add({ kind: 'slow', delayMs: 9_000, path: '/batch/update' });
    await Promise.all([stoodStill, world.work(SHARD)]);
    await world.settle();
    expect(names()).toEqual(['Newer']);
    expect(await world.record('products', 'P-1')).toMatchObject({ state: 'synced' });
  });
});
