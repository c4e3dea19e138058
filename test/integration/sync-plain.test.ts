import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { contact, minute, PORTAL, product, SyncWorld } from './sync-world.ts';

describe('a plain sync', () => {
  let world: SyncWorld;
  beforeEach(async () => {
    world = await SyncWorld.start();
    await world.createKeyProperties();
  });
  afterEach(() => world.close());

  test('brings 300 products to HubSpot in full batches, and a second round of the same writes nothing', async () => {
    const products = Array.from({ length: 300 }, (_, index) => product(`P-${index}`));
    const first = await world.takeIn('products', products);
    expect(first.map(({ verdict }) => verdict)).toEqual(products.map(() => 'accepted'));
    await world.settle();

    const records = world.hubspot.records(PORTAL, 'products');
    expect(records).toHaveLength(300);
    expect(new Set(records.map(({ properties }) => properties.ledgerbridge_product_id)).size).toBe(300);
    expect(await world.record('products', 'P-7')).toMatchObject({ state: 'synced', attempts: 1 });
    const { writeCalls } = world.hubspot.counters(PORTAL);
    expect(writeCalls).toBeLessThanOrEqual(8);

    const again = await world.takeIn('products', products);
    expect(again.map(({ verdict }) => verdict)).toEqual(products.map(() => 'unchanged'));
    await world.settle();
    expect(world.hubspot.counters(PORTAL).writeCalls).toBe(writeCalls);
  });

  test('reads a portal’s properties once for all workers that begin together', async () => {
    await world.takeIn(
      'products',
      Array.from({ length: 100 }, (_, index) => product(`P-${index}`)),
    );
    expect(world.bells).toHaveLength(8);
    world.hubspot.configure({ latencyMs: 150 });
    await world.settle();
    const reads = world.hubspot.calls(PORTAL).filter(({ method }) => method === 'GET');
    expect(reads).toHaveLength(1);
    expect(world.hubspot.records(PORTAL, 'products')).toHaveLength(100);
  });

  test('replaces a record whole: a field no longer sent is cleared, what we never sent is left alone', async () => {
    await world.takeIn('products', [product('P-1', { description: 'Old', price: '9.50', currency: 'EUR' })]);
    await world.settle();
    const [created] = world.hubspot.records(PORTAL, 'products');
    world.hubspot.edit(PORTAL, 'products', created?.id ?? '', { hs_url: 'https://example.com/1' });

    await world.takeIn('products', [product('P-1', { updatedAt: minute(1), sku: undefined, name: 'New' })]);
    await world.settle();
    const [record] = world.hubspot.records(PORTAL, 'products');
    expect(record?.properties).toMatchObject({ name: 'New', hs_url: 'https://example.com/1' });
    expect(record?.properties).not.toHaveProperty('price');
    expect(record?.properties).not.toHaveProperty('description');
    expect(record?.properties).not.toHaveProperty('hs_sku');
  });

  test('archives what it created, and begins anew when a newer version comes', async () => {
    await world.takeIn('contacts', [contact('C-1', { email: 'anna@example.com' })]);
    await world.settle();
    await world.takeIn('contacts', [{ externalId: 'C-1', updatedAt: minute(1), deleted: true }]);
    await world.settle();
    expect(world.hubspot.records(PORTAL, 'contacts')).toHaveLength(0);
    expect(await world.record('contacts', 'C-1')).toMatchObject({ state: 'archived' });

    await world.takeIn('contacts', [contact('C-1', { updatedAt: minute(2), email: 'anna@example.com' })]);
    await world.settle();
    expect(world.hubspot.records(PORTAL, 'contacts')).toHaveLength(1);
    expect(await world.record('contacts', 'C-1')).toMatchObject({ state: 'synced' });
  });

  test('adopts a contact that already has the address, and on deletion only lets it go', async () => {
    const id = world.hubspot.seed(PORTAL, 'contacts', { email: 'anna@example.com', city: 'Ulm' });
    await world.takeIn('contacts', [contact('C-1', { email: 'Anna@Example.com' })]);
    await world.settle();
    expect(await world.record('contacts', 'C-1')).toMatchObject({
      state: 'synced',
      hubspotId: id,
      adopted: true,
    });
    expect(world.hubspot.records(PORTAL, 'contacts')).toHaveLength(1);

    await world.takeIn('contacts', [{ externalId: 'C-1', updatedAt: minute(1), deleted: true }]);
    await world.settle();
    const [left] = world.hubspot.records(PORTAL, 'contacts');
    expect(left?.properties).toMatchObject({ email: 'anna@example.com', city: 'Ulm' });
    expect(left?.properties).not.toHaveProperty('ledgerbridge_customer_id');
    expect(await world.record('contacts', 'C-1')).toMatchObject({ state: 'archived' });
  });

  test.each(['products', 'contacts'] as const)(
    'one of the %s that already carries our key is adopted by the upsert, and on deletion only let go',
    async (type) => {
      const [key, sent] =
        type === 'products'
          ? ['ledgerbridge_product_id', product('TH1')]
          : ['ledgerbridge_customer_id', contact('TH1')];
      const name = type === 'products' ? 'name' : 'firstname';
      const id = world.hubspot.seed(PORTAL, type, { [key]: 'TH1', [name]: 'There before' });
      await world.takeIn(type, [sent]);
      await world.settle();
      expect(await world.record(type, 'TH1')).toMatchObject({
        state: 'synced',
        hubspotId: id,
        adopted: true,
      });

      await world.takeIn(type, [{ externalId: 'TH1', updatedAt: minute(1), deleted: true }]);
      await world.settle();
      const left = world.hubspot.records(PORTAL, type);
      expect(left.map((one) => one.id)).toEqual([id]);
      expect(left[0]?.properties).not.toHaveProperty(key);
      expect(await world.record(type, 'TH1')).toMatchObject({ state: 'archived' });
    },
  );

  test('two customers who swap their addresses end right', async () => {
    await world.takeIn('contacts', [
      contact('A', { email: 'a@example.com' }),
      contact('B', { email: 'b@example.com' }),
    ]);
    await world.settle();
    await world.takeIn('contacts', [
      contact('A', { email: 'b@example.com', updatedAt: minute(1) }),
      contact('B', { email: 'a@example.com', updatedAt: minute(1) }),
    ]);
    await world.settle();
    const emails = world.hubspot
      .records(PORTAL, 'contacts')
      .map(({ properties }) => [properties.ledgerbridge_customer_id, properties.email])
      .sort();
    expect(emails).toEqual([
      ['A', 'b@example.com'],
      ['B', 'a@example.com'],
    ]);
  });

  test('of two customers with one address the later fails and names the holder, and follows when the address is let go', async () => {
    await world.takeIn('contacts', [
      contact('A', { email: 'a@example.com' }),
      contact('B', { email: 'a@example.com' }),
    ]);
    await world.settle();
    expect(await world.record('contacts', 'B')).toMatchObject({
      state: 'failed',
      reasonCode: 'email-taken',
      reason: expect.stringContaining('customer A'),
    });
    await world.takeIn('contacts', [contact('A', { email: 'other@example.com', updatedAt: minute(1) })]);
    await world.settle();
    expect(await world.record('contacts', 'B')).toMatchObject({ state: 'synced' });
    expect(world.hubspot.records(PORTAL, 'contacts')).toHaveLength(2);
  });

  test('a customer who waits keeps the address it has when those who waited for that one have gone elsewhere', async () => {
    await world.takeIn('contacts', [
      contact('A', { email: 'a@example.com' }),
      contact('B', { email: 'b@example.com' }),
    ]);
    await world.settle();
    await world.takeIn('contacts', [contact('C', { email: 'a@example.com' })]);
    await world.settle();
    expect(await world.record('contacts', 'C')).toMatchObject({ reasonCode: 'email-taken' });
    await world.takeIn('contacts', [contact('C', { email: 'c@example.com', updatedAt: minute(1) })]);
    await world.settle();

    await world.takeIn('contacts', [contact('A', { email: 'b@example.com', updatedAt: minute(2) })]);
    await world.settle();
    expect(await world.record('contacts', 'A')).toMatchObject({
      state: 'failed',
      reasonCode: 'email-taken',
      sentEmails: ['a@example.com'],
    });
    const emails = world.hubspot.records(PORTAL, 'contacts').map(({ properties }) => properties.email);
    expect(emails.sort()).toEqual(['a@example.com', 'b@example.com', 'c@example.com']);
  });

  test('a record that HubSpot refuses fails with its reason, blocks nobody, and succeeds once corrected', async () => {
    const products = Array.from({ length: 40 }, (_, index) => product(`P-${index}`));
    await world.takeIn('products', [...products, product('BAD', { properties: { no_such: '1' } })]);
    await world.settle();
    expect(world.hubspot.records(PORTAL, 'products')).toHaveLength(40);
    expect(await world.record('products', 'BAD')).toMatchObject({
      state: 'failed',
      reasonCode: 'hubspot-unknown-property',
    });
    await world.takeIn('products', [product('BAD', { updatedAt: minute(1) })]);
    await world.settle();
    expect(await world.record('products', 'BAD')).toMatchObject({ state: 'synced' });
    expect(world.hubspot.records(PORTAL, 'products')).toHaveLength(41);
  });
});
