import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { CallBudget } from '../../functions/hubspot/call-budget.ts';
import { type Shard, shardOf } from '../../functions/sync/records/shard.ts';
import { CALL_TIMEOUT_MS, RESERVE_MS } from '../../functions/sync/sync-settings.ts';
import { answerBell, type BellAccess, type BellEnd } from '../../functions/sync/worker/answer-bell.ts';
import { PORTAL, product, SyncWorld } from './sync-world.ts';

const NEEDED_MS = CALL_TIMEOUT_MS + RESERVE_MS;

let world: SyncWorld;
let isBudgetSlow: boolean;

/** Free at once, or, where it is slow, after five seconds, for those who may wait so long. */
const budget: CallBudget = {
  take: async (_portalId, _pool, waitMs) => {
    const needed = isBudgetSlow ? 5_000 : 0;
    if (needed > 0) await world.clock.sleep(Math.min(waitMs, needed));
    return waitMs < needed
      ? { kind: 'exhausted', untilMs: world.clock.now() + 1 }
      : { kind: 'taken', usableUntil: world.clock.now() + 500 };
  },
};

beforeEach(async () => {
  isBudgetSlow = false;
  world = await SyncWorld.start({ budget });
  await world.createKeyProperties();
});
afterEach(() => world.close());

const shard: Shard = { portalId: PORTAL, type: 'products', shard: shardOf('P-1') };

/** A worker that will be gone in so many milliseconds. `left`: what of them each of its calls found, when it arrived at HubSpot. */
async function workFor(
  milliseconds: number,
  other: Partial<BellAccess> = {},
): Promise<{ end: BellEnd; left: number[] }> {
  const deadline = world.clock.now() + milliseconds;
  const before = world.hubspot.calls(PORTAL).length;
  const end = await world.finish(answerBell({ ...world.functions(), ...other }, shard, deadline));
  const left = world.hubspot
    .calls(PORTAL)
    .slice(before)
    .map(({ at }) => deadline - at);
  return { end, left };
}

test('a worker whose time runs short leaves what is due, and rings for it again', async () => {
  const ids = Array.from({ length: 2_000 }, (_, index) => `P-${index}`).filter(
    (id) => shardOf(id) === shard.shard,
  );
  await world.takeIn(
    'products',
    ids.map((id) => product(id)),
  );
  world.bells.splice(0);
  world.hubspot.configure({ latencyMs: 8_000 });
  // The definitions, one batch of a hundred, and then 14 seconds are left.
  expect((await workFor(30_000)).end).toBe('time-short');
  expect(world.hubspot.counts(PORTAL, 'products').live).toBe(100);
  expect(world.bells).toEqual([shard]);

  world.hubspot.configure({ latencyMs: 0 });
  await world.settle();
  expect(world.hubspot.counts(PORTAL, 'products').live).toBe(ids.length);
});

test.each([15_050, 18_000, 20_500, 21_000, 26_000, 31_000])(
  'a wait for the budget makes no call start late, of a worker that has %d ms',
  async (milliseconds) => {
    await world.takeIn('products', [product('P-1')]);
    world.bells.splice(0);
    isBudgetSlow = true;
    // Of the definitions, and a minute later, when they are kept no longer, again.
    for (const pass of [0, 60_000]) {
      world.clock.advanceTo(world.clock.now() + pass);
      const { end, left } = await workFor(milliseconds);
      expect(left.filter((time) => time < NEEDED_MS)).toEqual([]);
      if (end !== 'drained') expect(world.bells.splice(0)).toEqual([shard]);
    }
    expect(await world.record('products', 'P-1')).toMatchObject(
      milliseconds > NEEDED_MS + 10_000 ? { state: 'synced' } : { state: 'pending', attempts: 0 },
    );
  },
);

test('a write whose marks took too long to store does not start late, and takes its marks off', async () => {
  await world.takeIn('products', [product('P-1')]);
  await world
    .functions()
    .properties.read(PORTAL, 'products', { timeoutMs: 10_000, startBy: world.clock.now() });
  world.bells.splice(0);
  const newId = () => {
    world.clock.advanceTo(world.clock.now() + 200);
    return 'an-id';
  };
  // The first id is for the worker's place, the second for its marks.
  const { end, left } = await workFor(NEEDED_MS + 300, { newId });
  expect(left).toEqual([]);
  expect(end).toBe('no-budget');
  expect(world.bells).toEqual([shard]);
  const free = await world.record('products', 'P-1');
  expect(free).toMatchObject({ state: 'pending', attempts: 0 });
  expect(free).not.toHaveProperty('attempt');
  await world.settle();
  expect(world.hubspot.counts(PORTAL, 'products').live).toBe(1);
});
