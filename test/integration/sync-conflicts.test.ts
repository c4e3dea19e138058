import { afterEach, describe, expect, test } from '@jest/globals';
import { shardOf } from '../../functions/sync/records/shard.ts';
import { contact, minute, PORTAL, product, SyncWorld, type WorldOptions } from './sync-world.ts';

let world: SyncWorld;
afterEach(() => world.close());

async function start(options: WorldOptions = {}): Promise<void> {
  world = await SyncWorld.start(options);
  await world.createKeyProperties().catch(() => undefined);
}

const callsTo = (path: string): number =>
  world.hubspot.calls(PORTAL).filter((call) => call.path.includes(path)).length;

const shardWith = (type: 'products' | 'contacts', externalId: string) => ({
  portalId: PORTAL,
  type,
  shard: shardOf(externalId),
});

describe('a conflict', () => {
  test('with nobody named and nobody found is tried eight times and then failed', async () => {
    await start();
    const message = 'Contact already exists.';
    const conflicts = { kind: 'row-errors', every: 1, status: 409, category: 'CONFLICT', message } as const;
    world.hubspot.faults.add({ ...conflicts, path: '/contacts/batch/upsert', times: null });
    await world.takeIn('contacts', [contact('C-1', { email: 'anna@example.com' })]);
    await world.settle();
    expect(await world.record('contacts', 'C-1')).toMatchObject({
      state: 'failed',
      reasonCode: 'hubspot-value-taken',
      attempts: 8,
    });
    expect(callsTo('/contacts/batch/upsert')).toBe(8);
  });

  test('over another unique property than the address is told in HubSpot’s words', async () => {
    await start();
    const definition = { name: 'tax_id', label: 'Tax id', groupName: 'contactinformation' } as const;
    const api = world.functions().api(PORTAL);
    await world.finish(
      api.createProperty('contacts', {
        ...definition,
        type: 'string',
        fieldType: 'text',
        hasUniqueValue: true,
      }),
    );
    world.hubspot.seed(PORTAL, 'contacts', { firstname: 'Stranger', tax_id: 'T1' });
    await world.takeIn('contacts', [contact('C-1', { email: 'anna@example.com' })]);
    await world.settle();
    await world.takeIn('contacts', [
      contact('C-1', { email: 'anna@example.com', updatedAt: minute(1), properties: { tax_id: 'T1' } }),
    ]);
    await world.settle();
    expect(await world.record('contacts', 'C-1')).toMatchObject({
      state: 'failed',
      reasonCode: 'hubspot-value-taken',
      reason: expect.stringContaining('propertyName=tax_id'),
    });
  });

  test('with a create of ours that landed late is none with a stranger: a deletion archives it', async () => {
    await start({ hubspot: { customProperties: 'refused' } });
    world.hubspot.faults.add({
      kind: 'late-write',
      commitAfterMs: 15_500,
      answer: 'never',
      path: '/batch/create',
    });
    // Between the look-up and the second create the lost one lands.
    world.hubspot.faults.add({ kind: 'status', status: 429, path: '/batch/create' });
    await world.takeIn('contacts', [contact('C-1', { email: 'anna@example.com' })]);
    await world.settle();
    expect(await world.record('contacts', 'C-1')).toMatchObject({ state: 'synced' });
    await world.takeIn('contacts', [{ externalId: 'C-1', updatedAt: minute(1), deleted: true }]);
    await world.settle();
    expect(world.hubspot.records(PORTAL, 'contacts')).toEqual([]);
  });
});

const contacts = (): unknown[] =>
  world.hubspot.records(PORTAL, 'contacts').map(({ properties: { firstname, email } }) => [firstname, email]);

describe.each(['unique', 'ordinary', 'refused'] as const)('a lost create, %s properties', (mode) => {
  /** The customer's own contact, a month old, and a create that HubSpot never got. */
  async function startWithStranger(): Promise<void> {
    await start({ hubspot: { customProperties: mode } });
    world.hubspot.seed(PORTAL, 'contacts', { firstname: 'Stranger', email: 'anna@example.com' });
    world.clock.advanceTo(world.clock.now() + 30 * 86_400_000);
    world.hubspot.faults.add({ kind: 'lost-request', path: '/contacts/batch/' });
    await world.takeIn('contacts', [contact('C-1', { email: 'anna@example.com' })]);
  }

  test('makes no contact ours that was there before: a deletion leaves it', async () => {
    await startWithStranger();
    await world.settle();
    expect(await world.record('contacts', 'C-1')).toMatchObject({ state: 'synced', adopted: true });
    await world.takeIn('contacts', [{ externalId: 'C-1', updatedAt: minute(1), deleted: true }]);
    await world.settle();
    expect(await world.record('contacts', 'C-1')).toMatchObject({ state: 'archived' });
    expect(world.hubspot.records(PORTAL, 'contacts')).toHaveLength(1);
  });

  test('takes over no contact whose address only that version wanted', async () => {
    await startWithStranger();
    await world.work(shardWith('contacts', 'C-1'));
    await world.takeIn('contacts', [contact('C-1', { email: 'other@example.com', updatedAt: minute(1) })]);
    await world.settle();
    expect(contacts()).toEqual([
      ['Stranger', 'anna@example.com'],
      ['Anna', 'other@example.com'],
    ]);
  });
});

test('a contact that an older version met is left alone where the newer one has another address, also after a lost upsert', async () => {
  await start();
  world.hubspot.seed(PORTAL, 'contacts', { firstname: 'Stranger', email: 'anna@example.com' });
  world.clock.advanceTo(world.clock.now() + 30 * 86_400_000);
  world.hubspot.faults.add({ kind: 'lost-request', path: '/contacts/batch/upsert' });
  await world.takeIn('contacts', [contact('C-1', { email: 'anna@example.com' })]);
  await world.work(shardWith('contacts', 'C-1'));
  world.takeInDuring('/contacts/batch/upsert', 'contacts', [
    contact('C-1', { email: 'other@example.com', updatedAt: minute(1) }),
  ]);
  await world.settle();
  expect(contacts()).toEqual([
    ['Stranger', 'anna@example.com'],
    ['Anna', 'other@example.com'],
  ]);
});

describe('a page of HTML with 404 in place of HubSpot’s answer', () => {
  const html = { kind: 'status', status: 404, body: '<html>not found</html>' } as const;

  test('to an update does not make the record a second time', async () => {
    await start({ hubspot: { customProperties: 'refused' }, settings: { onHubSpotDeletion: 'recreate' } });
    await world.takeIn('products', [product('P-1')]);
    await world.settle();
    world.hubspot.faults.add({ ...html, path: '/products/batch/update' });
    await world.takeIn('products', [product('P-1', { updatedAt: minute(1), name: 'New' })]);
    await world.settle();
    const found = world.hubspot.records(PORTAL, 'products');
    expect(found.map(({ properties }) => properties.name)).toEqual(['New']);
  });

  test('to a create is tried again', async () => {
    await start();
    world.hubspot.faults.add({ ...html, path: '/products/batch/upsert' });
    await world.takeIn('products', [product('P-1')]);
    await world.work(shardWith('products', 'P-1'));
    expect(await world.record('products', 'P-1')).toMatchObject({
      state: 'retry',
      reasonCode: 'hubspot-unreadable-answer',
    });
    await world.settle();
    expect(await world.record('products', 'P-1')).toMatchObject({ state: 'synced' });
  });
});

describe('a conflict with a record in HubSpot that belongs to another of ours', () => {
  const SHARED = 'shared@example.com';

  /** C-1 with an additional address in HubSpot, which nobody told us of. */
  async function startWithAdditionalAddress(): Promise<string> {
    await start();
    await world.takeIn('contacts', [contact('C-1', { email: 'anna@example.com' })]);
    await world.settle();
    const id = (await world.record('contacts', 'C-1'))?.hubspotId ?? '';
    world.hubspot.edit(PORTAL, 'contacts', id, { hs_additional_emails: SHARED });
    return id;
  }

  test('that has its address as an additional one fails, and never takes that over', async () => {
    const id = await startWithAdditionalAddress();
    await world.takeIn('contacts', [contact('C-2', { email: SHARED })]);
    await world.settle();
    const failed = await world.record('contacts', 'C-2');
    expect(failed).toMatchObject({ state: 'failed', reasonCode: 'record-held-by-another' });
    expect(failed?.reason).toContain(`${id} has a value of this one, and belongs to C-1`);
    expect(failed).not.toHaveProperty('hubspotId');
    expect(world.hubspot.records(PORTAL, 'contacts').map(({ properties }) => properties)).toEqual([
      expect.objectContaining({ lastname: 'Customer C-1', ledgerbridge_customer_id: 'C-1' }),
    ]);

    world.hubspot.edit(PORTAL, 'contacts', id, { hs_additional_emails: '' });
    await world.replay({ kind: 'failures' });
    await world.settle();
    expect(await world.record('contacts', 'C-2')).toMatchObject({ state: 'synced' });
    expect(world.hubspot.records(PORTAL, 'contacts')).toHaveLength(2);
  });

  test('waits while that one is on its way to another state, and follows when it lets the address go', async () => {
    const id = await startWithAdditionalAddress();
    world.hubspot.faults.add({ kind: 'status', status: 503, path: '/contacts/batch/update' });
    await world.takeIn('contacts', [contact('C-1', { email: 'new@example.com', updatedAt: minute(1) })]);
    await world.work(shardWith('contacts', 'C-1'));
    expect(await world.record('contacts', 'C-1')).toMatchObject({ state: 'retry' });
    await world.takeIn('contacts', [contact('C-2', { email: SHARED })]);
    await world.work(shardWith('contacts', 'C-2'));
    const waiting = await world.record('contacts', 'C-2');
    expect(waiting).toMatchObject({ state: 'retry', reasonCode: 'record-held-by-another', attempts: 1 });
    expect(waiting).not.toHaveProperty('hubspotId');

    world.hubspot.edit(PORTAL, 'contacts', id, { hs_additional_emails: '' });
    await world.settle();
    expect(await world.record('contacts', 'C-2')).toMatchObject({ state: 'synced' });
    expect(await world.record('contacts', 'C-1')).toMatchObject({ state: 'synced', hubspotId: id });
    expect(world.hubspot.records(PORTAL, 'contacts')).toHaveLength(2);
  });

  test('into which its own was merged fails, and what it wrote there is written over', async () => {
    await start();
    await world.takeIn('contacts', [
      contact('C-1', { email: 'one@example.com' }),
      contact('C-2', { email: 'two@example.com' }),
    ]);
    await world.settle();
    const [one, two] = await Promise.all(['C-1', 'C-2'].map((id) => world.record('contacts', id)));
    await world.hubspot.handle({
      method: 'POST',
      url: '/crm/v3/objects/contacts/merge',
      headers: { authorization: 'Bearer token-a', 'content-type': 'application/json' },
      body: JSON.stringify({ primaryObjectId: one?.hubspotId, objectIdToMerge: two?.hubspotId }),
    });
    const [survivor] = world.hubspot.records(PORTAL, 'contacts');
    await world.takeIn('contacts', [
      contact('C-1', { email: 'one@example.com', phone: '+49 1', updatedAt: minute(1) }),
    ]);
    await world.settle();
    expect(await world.record('contacts', 'C-1')).toMatchObject({
      state: 'synced',
      hubspotId: survivor?.id,
    });
    await world.takeIn('contacts', [
      contact('C-2', { email: 'two@example.com', phone: '+49 2', company: 'Two', updatedAt: minute(1) }),
    ]);
    await world.settle();
    const failed = await world.record('contacts', 'C-2');
    expect(failed).toMatchObject({
      state: 'failed',
      reasonCode: 'record-held-by-another',
      reason: expect.stringContaining(`${survivor?.id} belongs to C-1`),
      hubspotId: two?.hubspotId,
    });
    expect(await world.record('contacts', 'C-1')).toMatchObject({ state: 'synced' });
    const [merged] = world.hubspot.records(PORTAL, 'contacts');
    expect(merged?.properties).toMatchObject({
      ledgerbridge_customer_id: 'C-1',
      lastname: 'Customer C-1',
      email: 'one@example.com',
      phone: '+49 1',
    });
    expect(merged?.properties).not.toHaveProperty('company');
  });

  test.each(['unique', 'ordinary'] as const)(
    'to which somebody copied its key by hand fails, and leaves nothing there: %s',
    async (customProperties) => {
      await start({ hubspot: { customProperties } });
      await world.takeIn('products', [product('P-1')]);
      await world.settle();
      const id = (await world.record('products', 'P-1'))?.hubspotId ?? '';
      world.hubspot.edit(PORTAL, 'products', id, { ledgerbridge_product_id: 'P-2' });
      if (customProperties === 'ordinary') {
        world.hubspot.faults.add({ kind: 'lost-request', path: '/products/batch/create' });
      }
      await world.takeIn('products', [product('P-2', { description: 'Of the second' })]);
      await world.settle();
      const failed = await world.record('products', 'P-2');
      expect(failed).toMatchObject({ state: 'failed', reasonCode: 'record-held-by-another' });
      expect(failed?.reason).toContain('belongs to P-1');
      expect(failed).not.toHaveProperty('hubspotId');
      const [own] = world.hubspot.records(PORTAL, 'products');
      expect(own).toMatchObject({ id, properties: { name: 'Product P-1', hs_sku: 'SKU-P-1' } });
      expect(own?.properties).not.toHaveProperty('description');

      // Once the copy is gone, by hand or because the record was written again, it gets one of its own.
      world.hubspot.edit(PORTAL, 'products', id, { ledgerbridge_product_id: 'P-1' });
      await world.replay({ kind: 'failures' });
      await world.settle();
      expect(await world.record('products', 'P-2')).toMatchObject({ state: 'synced' });
      expect(world.hubspot.records(PORTAL, 'products').map(({ properties }) => properties.name)).toEqual([
        'Product P-1',
        'Product P-2',
      ]);
    },
  );
});
