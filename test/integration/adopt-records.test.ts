import { afterEach, describe, expect, test } from '@jest/globals';
import { AdoptUnderTest, Crash } from './adopt-under-test.ts';
import { contact, minute, PORTAL, product } from './sync-world.ts';

describe('sync:adopt', () => {
  let under: AdoptUnderTest;
  afterEach(() => under.close());

  const seed = (sku: string, more: Record<string, string> = {}): string =>
    under.world.hubspot.seed(PORTAL, 'products', { name: `Old ${sku}`, hs_sku: sku, ...more });

  test.each(['unique', 'ordinary', 'refused'] as const)(
    'links 250 products by SKU where HubSpot has them, and the sync then updates them and makes none twice (%s properties)',
    async (customProperties) => {
      under = await AdoptUnderTest.start({ hubspot: { customProperties } });
      const ids = Array.from({ length: 250 }, (_, index) => `P-${index}`);
      const inHubSpot = new Map(ids.map((id) => [id, seed(`SKU-${id}`)]));
      seed('none of ours');
      await under.world.takeIn('products', [...ids.map((id) => product(id)), product('new')]);
      const point = await under.adopt('products');
      expect(point).toMatchObject({
        phase: 'done',
        counts: { inHubSpot: 251, ours: 251, linked: 250, ambiguous: 0, surplus: 0, unknown: 0, notNow: 0 },
      });
      expect(under.remarks).toEqual([]);
      expect(under.world.hubspot.counters(PORTAL).writeCalls).toBe(0);

      await under.release();
      const records = under.world.hubspot.records(PORTAL, 'products');
      expect(records).toHaveLength(252);
      for (const id of ids.slice(0, 20)) {
        expect(records.find((record) => record.id === inHubSpot.get(id))?.properties.name).toBe(
          `Product ${id}`,
        );
      }
      expect(await under.world.record('products', 'P-7')).toMatchObject({
        state: 'synced',
        hubspotId: inHubSpot.get('P-7'),
        adopted: true,
      });
    },
  );

  test('what it linked was there before us: a deletion lets it be', async () => {
    under = await AdoptUnderTest.start();
    seed('SKU-P-1');
    await under.world.takeIn('products', [product('P-1')]);
    await under.adopt('products');
    await under.release();
    await under.world.takeIn('products', [{ externalId: 'P-1', updatedAt: minute(1), deleted: true }]);
    await under.world.settle();
    expect(under.world.hubspot.records(PORTAL, 'products')).toHaveLength(1);
    expect(await under.world.record('products', 'P-1')).toMatchObject({ state: 'archived' });
  });

  test('goes by our property first, whatever the SKU says, and lists what has no record here', async () => {
    under = await AdoptUnderTest.start();
    const keyed = seed('other', { ledgerbridge_product_id: 'P-1' });
    seed('SKU-P-1');
    const lost = seed('SKU-P-2', { ledgerbridge_product_id: 'P-9' });
    await under.world.takeIn('products', [product('P-1'), product('P-2')]);
    const { counts } = await under.adopt('products');
    expect(counts).toMatchObject({ linked: 1, unknown: 1 });
    expect(under.remarks).toEqual([{ kind: 'unknown', externalId: 'P-9', hubspotIds: [lost] }]);
    expect(await under.world.record('products', 'P-1')).toMatchObject({ hubspotId: keyed });
    expect((await under.world.record('products', 'P-2'))?.hubspotId).toBeUndefined();
  });

  test('lists what is ambiguous on either side, by SKU and by our property, and links none of it', async () => {
    under = await AdoptUnderTest.start({ hubspot: { customProperties: 'ordinary' } });
    const [a, b, c] = [seed('twice there'), seed('twice there'), seed('twice here')];
    const keyed = [
      seed('x', { ledgerbridge_product_id: 'P-5' }),
      seed('y', { ledgerbridge_product_id: 'P-5' }),
    ];
    await under.world.takeIn('products', [
      product('P-1', { sku: 'twice there' }),
      product('P-2', { sku: 'twice here' }),
      product('P-3', { sku: 'twice here' }),
      product('P-4', { sku: undefined }),
      product('P-5'),
    ]);
    const { counts } = await under.adopt('products');
    expect(counts).toMatchObject({ linked: 0, ambiguous: 3 });
    const sorted = under.remarks.map((remark) =>
      remark.kind === 'ambiguous'
        ? { ...remark, externalIds: remark.externalIds.sort(), hubspotIds: remark.hubspotIds.sort() }
        : remark,
    );
    expect(sorted).toContainEqual({
      kind: 'ambiguous',
      value: 'twice there',
      externalIds: ['P-1'],
      hubspotIds: [a, b].sort(),
    });
    expect(sorted).toContainEqual({
      kind: 'ambiguous',
      value: 'twice here',
      externalIds: ['P-2', 'P-3'],
      hubspotIds: [c],
    });
    expect(sorted).toContainEqual({
      kind: 'ambiguous',
      value: 'P-5',
      externalIds: ['P-5'],
      hubspotIds: keyed.sort(),
    });
    for (const id of ['P-1', 'P-2', 'P-3', 'P-4', 'P-5']) {
      expect((await under.world.record('products', id))?.hubspotId).toBeUndefined();
    }
  });

  test('a SKU that differs in case or digits is another; blanks around it are nobody’s', async () => {
    under = await AdoptUnderTest.start();
    seed('sku-p-1');
    seed('7');
    const same = seed(' SKU-P-3 ');
    await under.world.takeIn('products', [product('P-1'), product('P-2', { sku: '007' }), product('P-3')]);
    await under.adopt('products');
    expect((await under.world.record('products', 'P-1'))?.hubspotId).toBeUndefined();
    expect((await under.world.record('products', 'P-2'))?.hubspotId).toBeUndefined();
    expect((await under.world.record('products', 'P-3'))?.hubspotId).toBe(same);
  });

  test('links contacts by address, in whatever case, also by an additional one', async () => {
    under = await AdoptUnderTest.start();
    const { hubspot } = under.world;
    const anna = hubspot.seed(PORTAL, 'contacts', { email: 'anna@example.com' });
    const ben = hubspot.seed(PORTAL, 'contacts', {
      email: 'ben@example.com',
      hs_additional_emails: 'b@example.org;old@example.org',
    });
    await under.world.takeIn('contacts', [
      contact('C-1', { email: 'Anna@Example.com' }),
      contact('C-2', { email: 'b@example.org' }),
      contact('C-3'),
    ]);
    expect((await under.adopt('contacts')).counts).toMatchObject({ linked: 2, ambiguous: 0 });
    expect(await under.world.record('contacts', 'C-1')).toMatchObject({ hubspotId: anna });
    expect(await under.world.record('contacts', 'C-2')).toMatchObject({ hubspotId: ben });
    await under.release();
    expect(hubspot.records(PORTAL, 'contacts')).toHaveLength(3);
  });

  test.each([false, true])(
    'a HubSpot contact that answers to several customers is ambiguous: nobody is linked to it (dry run: %s)',
    async (dryRun) => {
      under = await AdoptUnderTest.start();
      const { hubspot } = under.world;
      const both = hubspot.seed(PORTAL, 'contacts', {
        email: 'one@example.com',
        hs_additional_emails: 'two@example.com',
      });
      const third = hubspot.seed(PORTAL, 'contacts', {
        email: 'three@example.com',
        hs_additional_emails: 'four@example.com',
      });
      const fourth = hubspot.seed(PORTAL, 'contacts', { email: 'else@example.com' });
      await under.world.takeIn('contacts', [
        contact('C-1', { email: 'one@example.com' }),
        contact('C-2', { email: 'two@example.com' }),
        contact('C-3', { email: 'three@example.com' }),
        contact('C-4', { email: 'four@example.com' }),
        contact('C-5', { email: 'else@example.com' }),
        contact('C-6', { email: 'four@example.com' }),
      ]);
      expect((await under.adopt('contacts', { dryRun })).counts).toMatchObject({
        linked: 1,
        ambiguous: 3,
        notNow: 0,
      });
      const contested = under.remarks.filter((remark) => remark.kind === 'contested');
      expect(contested.map(({ hubspotId }) => hubspotId).sort()).toEqual([both, third].sort());
      expect(contested.find(({ hubspotId }) => hubspotId === both)?.rivals).toEqual(
        expect.arrayContaining([
          { externalId: 'C-1', by: 'one@example.com' },
          { externalId: 'C-2', by: 'two@example.com' },
        ]),
      );
      for (const id of ['C-1', 'C-2', 'C-3', 'C-4', 'C-6']) {
        expect((await under.world.record('contacts', id))?.hubspotId).toBeUndefined();
      }
      expect((await under.world.record('contacts', 'C-5'))?.hubspotId).toBe(dryRun ? undefined : fourth);
    },
  );

  test('run again after the sync, it finds everything linked, and names copies that somebody made', async () => {
    under = await AdoptUnderTest.start({ hubspot: { customProperties: 'ordinary' } });
    const first = seed('SKU-P-1');
    await under.world.takeIn('products', [product('P-1')]);
    await under.adopt('products');
    await under.release();
    const copy = seed('SKU-P-1', { ledgerbridge_product_id: 'P-1' });
    under.saved = undefined;
    const { counts } = await under.adopt('products');
    expect(counts).toMatchObject({ inHubSpot: 2, linkedBefore: 1, linked: 0, surplus: 1 });
    expect(under.remarks).toEqual([
      { kind: 'surplus', externalId: 'P-1', linkedTo: first, hubspotIds: [copy] },
    ]);
  });

  test('a dry run says the same and changes nothing', async () => {
    under = await AdoptUnderTest.start();
    seed('SKU-P-1');
    await under.world.takeIn('products', [product('P-1')]);
    const before = await under.world.record('products', 'P-1');
    expect((await under.adopt('products', { dryRun: true })).counts).toMatchObject({ linked: 1 });
    expect(await under.world.record('products', 'P-1')).toEqual(before);
  });

  test('a record that failed since it may already exist is linked and tried again; one that is being created is left alone', async () => {
    under = await AdoptUnderTest.start();
    const id = seed('SKU-P-1');
    seed('SKU-P-2');
    await under.world.takeIn('products', [product('P-1'), product('P-2')]);
    const { store } = under.world.functions();
    const unresolved = { since: 0, endedAt: 0, traces: [], misses: 0, lookAt: 0 };
    const failure = { state: 'failed', reason: 'Who knows', reasonCode: 'may-already-exist' } as const;
    for (const [externalId, change] of [
      ['P-1', { ...failure, unresolved }],
      ['P-2', { unresolved }],
    ] as const) {
      const before = await under.world.record('products', externalId);
      if (before) await store.save([{ before, after: { ...before, ...change } }]);
    }
    expect((await under.adopt('products')).counts).toMatchObject({ linked: 1, notNow: 1 });
    expect(await under.world.record('products', 'P-1')).toMatchObject({ hubspotId: id, state: 'pending' });
    expect((await under.world.record('products', 'P-2'))?.hubspotId).toBeUndefined();
  });

  test('killed anywhere and called again, it comes to the same end', async () => {
    under = await AdoptUnderTest.start();
    const ids = Array.from({ length: 60 }, (_, index) => `P-${index}`);
    for (const id of ids) seed(`SKU-${id}`);
    await under.world.takeIn(
      'products',
      ids.map((id) => product(id)),
    );
    let point = under.saved;
    for (let calls = 0; point?.phase !== 'done'; calls++) {
      if (calls > 80) throw new Error('It never comes to its end.');
      point = await under.adopt('products', { stopAfter: 7 }).catch((error: unknown) => {
        if (!(error instanceof Crash)) throw error;
        return under.saved;
      });
    }
    expect(point?.counts).toMatchObject({ inHubSpot: 60, ours: 60, linked: 60, notNow: 0, ambiguous: 0 });
    await under.release();
    expect(under.world.hubspot.records(PORTAL, 'products')).toHaveLength(60);
  });

  test('waits for what passes, and ends with HubSpot’s reason for what does not', async () => {
    under = await AdoptUnderTest.start();
    seed('SKU-P-1');
    await under.world.takeIn('products', [product('P-1')]);
    under.world.hubspot.faults.add({ kind: 'status', status: 502, path: '/products', times: 3 });
    expect((await under.adopt('products')).counts).toMatchObject({ linked: 1 });
    under.saved = undefined;
    under.world.hubspot.faults.add({ kind: 'status', status: 401, times: null });
    await expect(under.adopt('products')).rejects.toThrow('no longer accepts the access token');
  });
});
