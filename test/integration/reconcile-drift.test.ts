import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { shardOf } from '../../functions/sync/records/shard.ts';
import { ReconcileUnderTest } from './reconcile-under-test.ts';
import { contact, minute, PORTAL, product } from './sync-world.ts';

const NO_DRIFT = { missing: 0, archived: 0, merged: 0, returned: 0, values: 0 };

describe('reconcile', () => {
  let under: ReconcileUnderTest;
  beforeEach(async () => {
    under = await ReconcileUnderTest.start();
  });
  afterEach(() => under.close());

  const synced = async (type: 'products' | 'contacts', records: readonly unknown[]): Promise<void> => {
    await under.world.takeIn(type, records);
    await under.world.settle();
  };
  const writes = (): number => under.world.hubspot.counters(PORTAL).writeCalls;
  const idOf = async (externalId: string, type: 'products' | 'contacts' = 'products'): Promise<string> =>
    (await under.world.record(type, externalId))?.hubspotId ?? '';

  test('finds nothing where nothing has drifted, at a call for a hundred records, and makes nothing due', async () => {
    await synced(
      'products',
      Array.from({ length: 250 }, (_, index) => product(`P-${index}`)),
    );
    const before = writes();
    const callsBefore = under.world.hubspot.calls(PORTAL).length;
    await under.reconcile();
    // One call for each of eight shards, which hold about thirty each.
    expect(under.world.hubspot.calls(PORTAL).length - callsBefore).toBeLessThanOrEqual(9);
    expect(await under.last()).toMatchObject({
      end: 'whole',
      counts: { checked: 250, marked: 0, unread: 0, drift: NO_DRIFT },
      examples: [],
    });
    expect(await under.world.sweep()).toEqual([]);
    await under.world.settle();
    expect(writes()).toBe(before);
  });

  test('marks a value that was changed by hand, names the property and not its value, and the worker writes ours again', async () => {
    await synced('products', [product('P-1', { price: '9.50', currency: 'EUR' }), product('P-2')]);
    under.world.hubspot.edit(PORTAL, 'products', await idOf('P-1'), { price: '0.01', hs_url: 'theirs' });
    const before = writes();
    await under.reconcile();
    expect(writes()).toBe(before);
    expect(await under.last()).toMatchObject({
      counts: { marked: 1, drift: { ...NO_DRIFT, values: 1 } },
      examples: [{ externalId: 'P-1', kind: 'values', properties: ['price'] }],
    });
    expect(JSON.stringify(await under.last())).not.toContain('0.01');
    expect(await under.world.record('products', 'P-1')).toMatchObject({ state: 'pending' });

    await under.world.settle();
    expect(under.inHubSpot('products', 'hs_sku', 'SKU-P-1').properties).toMatchObject({
      price: '9.50',
      hs_url: 'theirs',
    });
    await under.reconcile();
    expect(await under.last()).toMatchObject({ counts: { marked: 0, drift: NO_DRIFT } });
  });

  test('marks a value that somebody took away; what we no longer send belongs to others', async () => {
    await synced('contacts', [contact('C-1', { phone: '123' }), contact('C-2', { company: 'Acme' })]);
    await synced('contacts', [contact('C-1', { updatedAt: minute(1), company: 'New' })]);
    under.world.hubspot.edit(PORTAL, 'contacts', await idOf('C-1', 'contacts'), { phone: '456' });
    under.world.hubspot.edit(PORTAL, 'contacts', await idOf('C-2', 'contacts'), { company: '' });
    await under.reconcile();
    expect((await under.last('contacts'))?.examples).toEqual([
      { externalId: 'C-2', kind: 'values', properties: ['company'] },
    ]);
    await under.world.settle();
    expect(under.inHubSpot('contacts', 'lastname', 'Customer C-2').properties.company).toBe('Acme');
    expect(under.inHubSpot('contacts', 'lastname', 'Customer C-1').properties.phone).toBe('456');
  });

  test('lets edits be, and still reports them, where the setting says so', async () => {
    Object.assign(under.settings, { onHubSpotEdit: 'keep' });
    await synced('products', [product('P-1')]);
    under.world.hubspot.edit(PORTAL, 'products', await idOf('P-1'), { name: 'Theirs' });
    await under.reconcile();
    expect(await under.last()).toMatchObject({
      counts: { marked: 0, drift: { ...NO_DRIFT, values: 1 } },
      examples: [{ externalId: 'P-1', properties: ['name'] }],
    });
    await under.world.settle();
    expect(under.inHubSpot('products', 'hs_sku', 'SKU-P-1').properties.name).toBe('Theirs');
  });

  test('a record archived by hand fails with a reason, nothing is written to HubSpot, and the next night is quiet', async () => {
    await synced('products', [product('P-1'), product('P-2')]);
    const before = writes();
    under.world.hubspot.archive(PORTAL, 'products', await idOf('P-1'));
    await under.reconcile();
    expect(await under.last()).toMatchObject({ counts: { marked: 1, drift: { ...NO_DRIFT, archived: 1 } } });
    await under.world.settle();
    expect(await under.world.record('products', 'P-1')).toMatchObject({
      state: 'failed',
      reasonCode: 'hubspot-record-gone',
    });
    expect(writes()).toBe(before);
    await under.reconcile();
    expect(await under.last()).toMatchObject({ counts: { marked: 0, drift: NO_DRIFT } });
  });

  test('an archived record is made anew, once, where ON_HUBSPOT_DELETION says so, also one that had failed before', async () => {
    await synced('contacts', [contact('C-1', { email: 'a@example.com' })]);
    const first = await idOf('C-1', 'contacts');
    under.world.hubspot.archive(PORTAL, 'contacts', first);
    await under.reconcile();
    await under.world.settle();
    expect(await under.world.record('contacts', 'C-1')).toMatchObject({ state: 'failed' });

    under.world.settings.onHubSpotDeletion = 'recreate';
    await under.reconcile();
    await under.world.settle();
    expect(await under.world.record('contacts', 'C-1')).toMatchObject({ state: 'synced' });
    expect(await idOf('C-1', 'contacts')).not.toBe(first);
    expect(under.world.hubspot.records(PORTAL, 'contacts')).toHaveLength(1);
  });

  test('contacts that were merged in HubSpot: the record follows the survivor', async () => {
    await synced('contacts', [contact('C-1', { email: 'a@example.com' })]);
    const own = await idOf('C-1', 'contacts');
    const stranger = under.world.hubspot.seed(PORTAL, 'contacts', { email: 'b@example.com' });
    await under.world.hubspot.handle({
      method: 'POST',
      url: '/crm/v3/objects/contacts/merge',
      headers: { authorization: 'Bearer token-a', 'content-type': 'application/json' },
      body: JSON.stringify({ primaryObjectId: stranger, objectIdToMerge: own }),
    });
    const survivor = under.world.hubspot.records(PORTAL, 'contacts')[0]?.id;
    expect(survivor).not.toBe(own);
    await under.reconcile();
    expect(await under.last('contacts')).toMatchObject({ counts: { drift: { ...NO_DRIFT, merged: 1 } } });
    await under.world.settle();
    expect(await under.world.record('contacts', 'C-1')).toMatchObject({
      state: 'synced',
      hubspotId: survivor,
    });
  });

  test('a record that nobody has an answer about is neither missing nor drifted', async () => {
    await synced('products', [product('P-1')]);
    under.world.hubspot.faults.add({ kind: 'status', status: 502, path: '/products/batch/read' });
    const [end] = await under.reconcile();
    expect(end?.end).toMatchObject({ kind: 'stopped', why: 'unavailable' });
    expect(await under.world.record('products', 'P-1')).toMatchObject({ state: 'synced' });
    await under.reconcile();
    expect(await under.last()).toMatchObject({ end: 'whole', counts: { checked: 1, drift: NO_DRIFT } });
  });

  test('a record that failed because it was gone is tried again once somebody has put it back', async () => {
    await synced('products', [product('P-1')]);
    const id = await idOf('P-1');
    const { store } = under.world.functions();
    const before = await under.world.record('products', 'P-1');
    if (!before) throw new Error('P-1 is not there.');
    const reason = { reason: 'It is gone.', reasonCode: 'hubspot-record-gone' as const };
    await store.save([{ before, after: { ...before, ...reason, state: 'failed' } }]);
    await under.reconcile();
    expect(await under.last()).toMatchObject({ counts: { marked: 1, drift: { ...NO_DRIFT, returned: 1 } } });
    await under.world.settle();
    expect(await under.world.record('products', 'P-1')).toMatchObject({ state: 'synced', hubspotId: id });
  });

  test('leaves alone what the worker has on its list', async () => {
    await synced('products', [product('P-1')]);
    under.world.hubspot.edit(PORTAL, 'products', await idOf('P-1'), { name: 'Theirs' });
    await under.world.takeIn('products', [product('P-1', { updatedAt: minute(1), name: 'Ours' })]);
    const before = await under.world.record('products', 'P-1');
    await under.reconcile();
    expect(await under.world.record('products', 'P-1')).toEqual(before);
    expect(await under.last()).toMatchObject({ counts: { checked: 0, marked: 0 } });
  });

  test('what is changed while HubSpot is being read is not marked on top of the change', async () => {
    const [first = '', second = ''] = twoShards();
    await synced('products', [product(first), product(second)]);
    for (const id of [first, second]) {
      under.world.hubspot.edit(PORTAL, 'products', await idOf(id), { name: 'Theirs' });
    }
    Object.assign(under.settings, { callEveryMs: 1_000 });
    // The wait comes between the reading of the second record and the call to HubSpot.
    under.onWait = async () => {
      await under.world.takeIn('products', [product(second, { updatedAt: minute(1), name: 'Newer' })]);
    };
    await under.reconcile();
    expect(await under.last()).toMatchObject({ counts: { marked: 1, drift: { ...NO_DRIFT, values: 2 } } });
    expect(await under.world.record('products', second)).toMatchObject({ revision: 2 });
    await under.world.settle();
    expect(under.inHubSpot('products', 'hs_sku', `SKU-${second}`).properties.name).toBe('Newer');
  });
});

/** Two ids, the second in a later shard than the first. */
function twoShards(): string[] {
  const ids = Array.from({ length: 50 }, (_, index) => `P-${index}`);
  return [ids.find((id) => shardOf(id) === 0) ?? '', ids.find((id) => shardOf(id) === 7) ?? ''];
}
