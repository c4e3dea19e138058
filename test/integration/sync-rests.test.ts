import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { restsUntil } from '../../functions/sync/records/portal-control.ts';
import { type Shard, shardOf } from '../../functions/sync/records/shard.ts';
import { answerBell } from '../../functions/sync/worker/answer-bell.ts';
import { sweep } from '../../functions/sync/worker/sweep.ts';
import { contact, OTHER_PORTAL, PORTAL, product, SyncWorld } from './sync-world.ts';

const DAY = 86_400_000;
const MINUTE = 60_000;

let world: SyncWorld;
beforeEach(async () => {
  world = await SyncWorld.start();
  await world.createKeyProperties();
  await world.takeIn('products', [product('P-1')]);
  await world.settle();
});
afterEach(() => world.close());

const shard: Shard = { portalId: PORTAL, type: 'products', shard: shardOf('P-1') };
const portal = () => world.functions().control.portal(PORTAL);
const calls = (): number => world.hubspot.calls(PORTAL).length;
const pass = (milliseconds: number): void => world.clock.advanceTo(world.clock.now() + milliseconds);
const rename = (name: string) =>
  world.takeIn('products', [product('P-1', { name, updatedAt: new Date(world.clock.now()).toISOString() })]);
const nameInHubSpot = () => world.hubspot.records(PORTAL, 'products')[0]?.properties.name;
const health = async () => world.functions().health(PORTAL);

/** The portal's token is refused, until the fault is taken off. */
async function stop(): Promise<void> {
  world.hubspot.faults.add({ kind: 'status', status: 401, times: null });
  await rename('Stopped');
  expect((await world.work(shard)).end).toBe('paused');
  expect(await portal()).toMatchObject({ stopped: { reasonCode: 'hubspot-unauthorized' } });
}

/** Nobody calls HubSpot before then, and nothing was counted against the record; afterwards it is written. */
async function restsTill(until: number, name: string): Promise<void> {
  expect(await world.record('products', 'P-1')).toMatchObject({ attempts: 0 });
  expect((await health()).pausedUntil).toBe(until);
  const before = calls();
  world.clock.advanceTo(until - 1);
  expect(await world.sweep()).toEqual([]);
  expect((await world.work(shard)).end).toBe('paused');
  expect(calls()).toBe(before);
  world.hubspot.faults.clear();
  pass(1);
  expect(await world.sweep()).toEqual([shard]);
  await world.settle();
  expect(nameInHubSpot()).toBe(name);
}

describe('a portal rests, and no try of its records is counted,', () => {
  test('after its daily limit until the next day of its time zone', async () => {
    world.hubspot.faults.add({
      kind: 'status',
      status: 429,
      policyName: 'DAILY',
      path: '/batch/',
      times: null,
    });
    await rename('Tomorrow');
    expect((await world.work(shard)).end).toBe('paused');
    const until = restsUntil(await portal());
    const midnight = Math.ceil(world.clock.now() / DAY) * DAY;
    expect(until).toBeGreaterThanOrEqual(midnight);
    expect(until).toBeLessThanOrEqual(midnight + MINUTE);
    await restsTill(until, 'Tomorrow');
  });

  test('while HubSpot moves it, for as long as HubSpot says', async () => {
    world.hubspot.faults.add({
      kind: 'status',
      status: 477,
      retryAfter: 7_200,
      path: '/batch/',
      times: null,
    });
    await rename('Moved');
    expect((await world.work(shard)).end).toBe('paused');
    const until = restsUntil(await portal());
    expect(until - world.clock.now()).toBeGreaterThanOrEqual(120 * MINUTE);
    expect(until - world.clock.now()).toBeLessThanOrEqual(120 * MINUTE + 1_000);
    await restsTill(until, 'Moved');
  });

  test('where HubSpot throttles the reading of its property definitions, also of those read anew for a shard', async () => {
    await rename('Mapped anew');
    const functions = world.functions();
    await functions.properties.read(PORTAL, 'products', { timeoutMs: 10_000, startBy: world.clock.now() });
    await functions.control.setMapping(shard, { fingerprint: 'another' });
    pass(2_000);
    world.hubspot.faults.add({ kind: 'status', status: 429, retryAfter: 600, path: '/properties/' });
    const end = await world.finish(answerBell(functions, shard, world.clock.now() + MINUTE));
    expect(end).toBe('paused');
    expect(restsUntil(await portal()) - world.clock.now()).toBeGreaterThanOrEqual(600_000);
  });
});

test('a record that HubSpot has locked waits two seconds or more, and its tries are counted', async () => {
  world.hubspot.faults.add({ kind: 'status', status: 423, path: '/batch/' });
  await rename('Unlocked');
  const startedAt = world.clock.now();
  expect((await world.work(shard)).end).toBe('drained');
  expect(restsUntil(await portal())).toBe(0);
  const locked = await world.record('products', 'P-1');
  expect(locked).toMatchObject({ state: 'retry', reasonCode: 'hubspot-locked', attempts: 1 });
  expect(locked?.dueAt).toBeGreaterThanOrEqual(startedAt + 2_000);
  await world.settle();
  expect(nameInHubSpot()).toBe('Unlocked');
});

describe('a pause that HubSpot asked for', () => {
  test('is not cut short by a refused token, and not ended by a replay or by the token that is accepted again', async () => {
    await stop();
    // Another worker, whose call was under way, is told of the daily limit.
    const until = world.clock.now() + 10 * 60 * MINUTE;
    await world.functions().control.pause(PORTAL, until);
    await world
      .functions()
      .control.stop(
        PORTAL,
        { reasonCode: 'hubspot-unauthorized', reason: 'No.' },
        world.clock.now(),
        world.clock.now() + 5 * MINUTE,
      );
    expect(restsUntil(await portal())).toBe(until);
    await world.replay({ kind: 'failures' });
    expect((await portal()).stopped).toBeUndefined();
    await restsTill(until, 'Stopped');
  });
});

describe('a portal that an operator holds', () => {
  const until = (): number => world.clock.now() + 30 * DAY;

  test('stays held through refused tokens, replays and pauses, until it is released', async () => {
    await stop();
    const { control } = world.functions();
    const heldUntil = until();
    await control.hold(PORTAL, heldUntil);
    await control.pause(PORTAL, world.clock.now() + MINUTE);
    expect(await world.replay({ kind: 'failures' })).toBe(0);
    expect(await world.replay({ kind: 'ids', type: 'products', externalIds: ['P-1'] })).toBe(1);
    world.hubspot.faults.clear();
    expect(await portal()).toMatchObject({ heldUntil, stopped: undefined });
    pass(2 * MINUTE);
    const before = calls();
    expect((await world.work(shard)).end).toBe('paused');
    expect(await world.sweep()).toEqual([]);
    expect(calls()).toBe(before);
    expect(await health()).toMatchObject({ pausedUntil: heldUntil, heldUntil });

    expect(await control.release(PORTAL)).toBe(true);
    expect(await control.release(PORTAL)).toBe(false);
    expect((await health()).heldUntil).toBeUndefined();
    await world.settle();
    expect(nameInHubSpot()).toBe('Stopped');
  });

  test('still stands still for its token when it is released', async () => {
    const { control } = world.functions();
    await stop();
    await control.hold(PORTAL, until());
    await control.release(PORTAL);
    expect(await portal()).toMatchObject({ stopped: { reasonCode: 'hubspot-unauthorized' } });
    expect((await world.work(shard)).end).toBe('paused');
  });
});

test('a sweep tells of portals that stand still and of those that rest for long, once each, and of no others', async () => {
  const swept = async () => {
    const { stopped, restingLong } = await world.finish(sweep(world.functions()));
    return { stopped, restingLong };
  };
  const { control } = world.functions();
  await world.takeIn('contacts', [contact('C-1')]);
  await world.takeIn('products', [product('P-1')], OTHER_PORTAL);
  await control.pause(PORTAL, world.clock.now() + 12_000);
  await control.hold(OTHER_PORTAL, world.clock.now() + DAY);
  expect(await swept()).toEqual({ stopped: [], restingLong: [] });
  await control.pause(PORTAL, world.clock.now() + DAY);
  expect(await swept()).toEqual({ stopped: [], restingLong: [PORTAL] });
  pass(DAY);
  await stop();
  expect(await swept()).toEqual({ stopped: [PORTAL], restingLong: [] });
  world.hubspot.faults.clear();
  await world.replay({ kind: 'failures' });
  expect(await swept()).toEqual({ stopped: [], restingLong: [] });
});

test('a portal whose token is accepted again goes on by itself', async () => {
  await stop();
  const { stoppedUntil = 0 } = await portal();
  expect(stoppedUntil - world.clock.now()).toBe(world.settings.stoppedMs);
  await restsTill(stoppedUntil, 'Stopped');
  expect(await portal()).toMatchObject({ stopped: undefined, stoppedUntil: undefined });
});
