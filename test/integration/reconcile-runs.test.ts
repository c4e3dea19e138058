import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { reconcileJson } from '../../functions/sync/reconcile/reconcile-json.ts';
import { newRun } from '../../functions/sync/reconcile/reconcile-run.ts';
import { ReconcileUnderTest } from './reconcile-under-test.ts';
import { contact, OTHER_PORTAL, PORTAL, product } from './sync-world.ts';

const HOUR = 3_600_000;

describe('the runs of reconcile', () => {
  let under: ReconcileUnderTest;
  beforeEach(async () => {
    under = await ReconcileUnderTest.start();
  });
  afterEach(() => under.close());

  /** Products that have all been edited by hand. */
  const edited = async (count: number): Promise<void> => {
    const products = Array.from({ length: count }, (_, index) => product(`P-${index}`));
    await under.world.takeIn('products', products);
    await under.world.settle();
    for (const { id } of under.world.hubspot.records(PORTAL, 'products')) {
      under.world.hubspot.edit(PORTAL, 'products', id, { name: 'Theirs' });
    }
  };
  const reads = (): number =>
    under.world.hubspot.calls(PORTAL).filter(({ path }) => path.includes('/batch/read')).length;
  const state = async () => (await under.runs.states(PORTAL)).products;

  test('go on in the next invocation where the time of one is short, and no record is read twice', async () => {
    await edited(60);
    Object.assign(under.settings, { callEveryMs: 60_000 });
    // Time for two calls, a minute apart, and no third.
    const [first] = await under.reconcile({ deadline: under.world.clock.now() + 150_000 });
    expect(first?.end).toEqual({ kind: 'stopped', why: 'time-short' });
    const { run } = (await state()) ?? {};
    expect(run?.counts.checked).toBeGreaterThan(0);
    expect(run?.counts.checked).toBeLessThan(60);
    expect(reconcileJson(await under.runs.states(PORTAL)).products).toMatchObject({
      state: 'running',
      counts: run?.counts,
    });

    const [second] = await under.reconcile({ begin: 'at-night' });
    expect(second?.end.kind).toBe('ended');
    expect(await under.last()).toMatchObject({ end: 'whole', counts: { calls: 8, checked: 60, marked: 60 } });
    expect(reads()).toBe(8);
    await under.world.settle();
    expect(
      under.world.hubspot
        .records(PORTAL, 'products')
        .filter(({ properties }) => properties.name === 'Theirs'),
    ).toEqual([]);
  });

  test('end when they have made all the calls they may, and the next begins where they left off', async () => {
    await edited(60);
    Object.assign(under.settings, { callsPerRun: 5 });
    await under.reconcile();
    expect(await under.last()).toMatchObject({ end: 'calls-spent', counts: { calls: 4 } });
    const { checked = 0 } = (await under.last())?.counts ?? {};
    await under.reconcile();
    expect(await under.last()).toMatchObject({ end: 'whole', counts: { calls: 4, checked: 60 - checked } });
    expect((await under.last())?.continuesAt).toBeUndefined();
  });

  test('keep their distance between calls, so that the worker has the greater part of the budget', async () => {
    await edited(60);
    Object.assign(under.settings, { callEveryMs: 400 });
    const startedAt = under.world.clock.now();
    await under.reconcile();
    expect(under.world.clock.now() - startedAt).toBe(7 * 400);
  });

  test('rest while HubSpot wants the portal to rest, and begin no run of another portal late', async () => {
    await edited(10);
    await under.world.takeIn('contacts', [contact('C-1')], OTHER_PORTAL);
    under.world.hubspot.faults.add({
      kind: 'status',
      status: 429,
      retryAfter: 30,
      path: '/products/batch/read',
    });
    const ends = await under.reconcile();
    expect(ends.find(({ portalId }) => portalId === PORTAL)?.end).toEqual({
      kind: 'stopped',
      why: 'paused',
    });
    expect(ends.find(({ portalId }) => portalId === OTHER_PORTAL)?.end.kind).toBe('ended');
    const { pausedUntil = 0 } = await under.world.functions().control.portal(PORTAL);
    expect(pausedUntil).toBeGreaterThanOrEqual(under.world.clock.now() + 30_000);
    // So long that the property definitions would be read anew.
    under.pass(26_000);
    const before = under.world.hubspot.calls(PORTAL).length;
    await under.reconcile();
    expect(under.world.hubspot.calls(PORTAL)).toHaveLength(before);
    under.pass(60_000);
    await under.reconcile();
    expect(await under.last()).toMatchObject({ end: 'whole', counts: { checked: 10 } });
  });

  test('end with the reason where HubSpot refuses the portal’s token', async () => {
    await edited(1);
    under.world.hubspot.faults.add({ kind: 'status', status: 401, path: '/products', times: null });
    await under.reconcile();
    expect(await under.last()).toMatchObject({
      end: 'refused',
      reason: expect.stringContaining('access token'),
    });
  });

  test('begin once a night, by the portal’s own clock', async () => {
    await edited(1);
    under.timeZone = 'America/New_York';
    // The world begins at 09:00 UTC, which is 04:00 in New York.
    await under.reconcile({ begin: 'at-night' });
    const first = await under.last();
    expect(first).toMatchObject({ night: '2026-11-22', counts: { checked: 1 } });
    under.pass(HOUR / 2);
    expect(await under.reconcile({ begin: 'at-night' })).toEqual([]);
    under.pass(14 * HOUR);
    expect(await under.reconcile({ begin: 'at-night' })).toEqual([]);
    under.pass(8 * HOUR);
    await under.reconcile({ begin: 'at-night' });
    expect(await under.last()).toMatchObject({ night: '2026-11-23' });
  });

  test('are gone on with by one function at a time; a run whose function was killed is free when that one would have ended', async () => {
    await edited(10);
    const owner = { portalId: PORTAL, type: 'products' } as const;
    const now = under.world.clock.now();
    expect(await under.runs.take(owner, 'somebody else', now, now + 60_000)).toEqual({});
    expect(await under.reconcile()).toEqual([]);
    expect(reads()).toBe(0);
    under.pass(60_000);
    await under.reconcile();
    expect(await under.last()).toMatchObject({ end: 'whole', counts: { checked: 10 } });
    const run = newRun('2026-11-22', now, { shard: 0 });
    await expect(under.runs.save(owner, 'somebody else', run)).rejects.toThrow(
      'Somebody else goes on with this run.',
    );
  });

  test('ring for a shard whose records were synced under another mapping, and the worker finds them', async () => {
    await under.world.takeIn('products', [product('P-1', { price: '5', currency: 'EUR' })]);
    await under.world.settle();
    under.world.settings.priceCurrency = 'USD';
    await under.reconcile();
    expect(under.world.bells).toHaveLength(1);
    expect(await under.last()).toMatchObject({ counts: { calls: 0, marked: 0 } });
    await under.world.settle();
    expect(await under.world.record('products', 'P-1')).toMatchObject({ reasonCode: 'currency-unavailable' });
  });
});
