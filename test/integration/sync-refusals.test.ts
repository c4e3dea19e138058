import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { shardOf } from '../../functions/sync/records/shard.ts';
import { contact, minute, PORTAL, product, SyncWorld } from './sync-world.ts';

let world: SyncWorld;
beforeEach(async () => {
  world = await SyncWorld.start();
  await world.createKeyProperties();
});
afterEach(() => world.close());

const values = (type: 'products' | 'contacts') =>
  world.hubspot.records(PORTAL, type).map(({ properties }) => properties);

describe('a change that comes while HubSpot refuses the one before', () => {
  const bad = (externalId: string, more = {}) =>
    product(externalId, { properties: { nonsense: 'x' }, ...more });

  test('reaches HubSpot by itself', async () => {
    world.takeInDuring('/batch/upsert', 'products', [
      product('P-1', { updatedAt: minute(1), name: 'Corrected' }),
    ]);
    await world.takeIn('products', [bad('P-1')]);
    await world.settle();
    expect(await world.record('products', 'P-1')).toMatchObject({ state: 'synced' });
    expect(values('products')).toEqual([expect.objectContaining({ name: 'Corrected' })]);
  });

  test('is a deletion, and archives', async () => {
    await world.takeIn('products', [product('P-1')]);
    await world.settle();
    world.takeInDuring('/batch/update', 'products', [
      { externalId: 'P-1', updatedAt: minute(2), deleted: true },
    ]);
    await world.takeIn('products', [bad('P-1', { updatedAt: minute(1) })]);
    await world.settle();
    expect(await world.record('products', 'P-1')).toMatchObject({ state: 'archived' });
    expect(values('products')).toEqual([]);
  });

  test('has another address than the one that a stranger holds', async () => {
    await world.takeIn('contacts', [contact('C-1', { email: 'first@example.com' })]);
    await world.settle();
    world.hubspot.seed(PORTAL, 'contacts', { email: 'stranger@example.com' });
    world.takeInDuring('/batch/update', 'contacts', [
      contact('C-1', { updatedAt: minute(2), email: 'free@example.com' }),
    ]);
    await world.takeIn('contacts', [contact('C-1', { updatedAt: minute(1), email: 'stranger@example.com' })]);
    await world.settle();
    expect(await world.record('contacts', 'C-1')).toMatchObject({ state: 'synced' });
    expect(values('contacts').map(({ email }) => email)).toEqual([
      'free@example.com',
      'stranger@example.com',
    ]);
  });

  test('never takes over the contact of a stranger whose address it no longer wants', async () => {
    world.hubspot.seed(PORTAL, 'contacts', { email: 'stranger@example.com', firstname: 'Berta' });
    world.takeInDuring('/batch/upsert', 'contacts', [
      contact('C-1', { updatedAt: minute(1), email: 'free@example.com' }),
    ]);
    await world.takeIn('contacts', [contact('C-1', { email: 'stranger@example.com' })]);
    await world.settle();
    expect(values('contacts').map(({ email, firstname }) => [email, firstname])).toEqual([
      ['stranger@example.com', 'Berta'],
      ['free@example.com', 'Anna'],
    ]);
  });
});

describe('what HubSpot refused leaves nothing behind', () => {
  test('an address that it refused is free for another customer', async () => {
    const bad = { properties: { nonsense: '1' } };
    await world.takeIn('contacts', [contact('A', { email: 'x@example.com', ...bad })]);
    await world.settle();
    await world.takeIn('contacts', [contact('A', { updatedAt: minute(1), email: 'y@example.com', ...bad })]);
    await world.settle();
    await world.takeIn('contacts', [contact('B', { updatedAt: minute(2), email: 'x@example.com' })]);
    await world.settle();
    expect(await world.record('contacts', 'B')).toMatchObject({ state: 'synced' });
    expect(await world.record('contacts', 'A')).toMatchObject({ state: 'failed', sentEmails: [] });
  });

  test('a property that it does not know is not cleared, where its definitions are not shown', async () => {
    world.hubspot.faults.add({ kind: 'status', status: 403, path: '/properties/', times: null });
    await world.takeIn('contacts', [contact('C-1')]);
    await world.settle();
    await world.takeIn('contacts', [contact('C-1', { updatedAt: minute(1), properties: { nonsense: '1' } })]);
    await world.settle();
    expect(await world.record('contacts', 'C-1')).toMatchObject({ reasonCode: 'hubspot-unknown-property' });
    await world.takeIn('contacts', [contact('C-1', { updatedAt: minute(2), firstName: 'Corrected' })]);
    await world.settle();
    expect(await world.record('contacts', 'C-1')).toMatchObject({ state: 'synced' });
    expect(values('contacts').map(({ firstname }) => firstname)).toEqual(['Corrected']);
  });

  test('any number of properties that it refused, version after version, still leaves a row that can be stored', async () => {
    for (let version = 1; version <= 5; version++) {
      const names = Array.from({ length: 250 }, (_, index) => `p${version}_${index}_`.padEnd(100, 'x'));
      const properties = Object.fromEntries(names.map((name) => [name, 'v']));
      await world.takeIn('products', [product('P-1', { updatedAt: minute(version), properties })]);
      await world.settle();
    }
    expect(await world.record('products', 'P-1')).toMatchObject({
      names: [],
      reasonCode: 'hubspot-unknown-property',
    });
    await world.takeIn('products', [product('P-1', { updatedAt: minute(30) })]);
    await world.settle();
    expect(await world.record('products', 'P-1')).toMatchObject({ state: 'synced' });
  });
});

test('a property of ours that was removed fails no record, though the definitions can’t be read at that moment', async () => {
  await world.takeIn('products', [product('P-0')]);
  await world.settle();
  world.hubspot.removeProperty(PORTAL, 'products', 'ledgerbridge_product_id');
  world.hubspot.faults.add({ kind: 'status', status: 503, path: '/properties/' });
  await world.takeIn('products', [product('P-0', { updatedAt: minute(1), name: 'New' })]);
  await world.work({ portalId: PORTAL, type: 'products', shard: shardOf('P-0') });
  expect(await world.record('products', 'P-0')).toMatchObject({
    state: 'retry',
    reasonCode: 'hubspot-unknown-property',
  });
  await world.settle();
  expect(await world.record('products', 'P-0')).toMatchObject({ state: 'synced' });
  expect(values('products').map(({ name }) => name)).toEqual(['New']);
});
