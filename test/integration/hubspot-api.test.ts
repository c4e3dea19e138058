import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { BatchResult, HubSpotApi, RowResult } from '../../functions/hubspot/hubspot-api.ts';
import { createHubSpot, type HubSpotImitation } from '../../local/hubspot/imitation.ts';
import { type HubSpotServer, startHubSpotServer } from '../../local/hubspot/server.ts';
import { gatewayTo } from './hubspot-api-gateway.ts';

const PORTAL = '101';
const KEY = 'ledgerbridge_product_id';
let hubspot: HubSpotImitation;
let server: HubSpotServer;

beforeEach(async () => {
  hubspot = createHubSpot({ clock: Date.now, tokens: new Map([['token-a', PORTAL]]) });
  server = await startHubSpotServer(hubspot);
});
afterEach(async () => {
  await server.close();
  hubspot.close();
});

/** The rows of a batch that HubSpot answered row by row. */
function rowsOf(result: BatchResult): Map<string, RowResult> {
  if (result.kind !== 'rows') throw new Error(`${result.kind}: ${result.reason}`);
  return result.rows;
}

function idOf(rows: Map<string, RowResult>, key: string): string {
  const row = rows.get(key);
  if (row?.kind !== 'ok') throw new Error(`${key} is ${row?.kind}`);
  return row.id;
}

const kindsOf = (result: BatchResult) => [...rowsOf(result)].map(([key, { kind }]) => [key, kind]).sort();
const products = (...skus: string[]) =>
  skus.map((sku) => ({ traceId: `t-${sku}`, properties: { name: `Product ${sku}`, hs_sku: sku } }));

async function withUniqueKey(api: HubSpotApi, type: 'products' | 'contacts' = 'products'): Promise<void> {
  const created = await api.createProperty(type, {
    name: KEY,
    label: 'Ledgerbridge product id',
    groupName: type === 'products' ? 'productinformation' : 'contactinformation',
    type: 'string',
    fieldType: 'text',
    hasUniqueValue: true,
  });
  expect(created).toMatchObject({ kind: 'property', property: { name: KEY, hasUniqueValue: true } });
}

describe.each(['2026-03', 'v3'] as const)('against the paths of %s', (apiVersion) => {
  let api: HubSpotApi;
  beforeEach(() => {
    api = gatewayTo(server.url, { apiVersion });
  });

  test('a batch is created, read, updated and archived, each row under its own key', async () => {
    const created = rowsOf(await api.batchCreate('products', products('A', 'B', 'C')));
    const [a, b] = [idOf(created, 't-A'), idOf(created, 't-B')];
    expect(created.get('t-A')).toMatchObject({ record: { properties: { hs_sku: 'A' } } });

    const updated = await api.batchUpdate('products', [
      { traceId: 'u-b', id: b, properties: { price: '10.50' } },
      { traceId: 'u-gone', id: '999999', properties: { price: '1' } },
    ]);
    expect(kindsOf(updated)).toEqual([
      ['u-b', 'ok'],
      ['u-gone', 'not-found'],
    ]);

    const read = rowsOf(await api.batchRead('products', { ids: [b, '999999', a], properties: ['price'] }));
    expect(read.get(b)).toMatchObject({ kind: 'ok', record: { properties: { price: '10.50' } } });
    expect(read.get(a)).toMatchObject({ kind: 'ok', record: { properties: { price: null } } });
    expect(read.get('999999')?.kind).toBe('not-found');

    expect(kindsOf(await api.batchArchive('products', [a, '999999']))).toEqual(
      [
        ['999999', 'ok'],
        [a, 'ok'],
      ].sort(),
    );
    const living = { ids: [a], properties: ['name'] };
    expect(kindsOf(await api.batchRead('products', living))).toEqual([[a, 'not-found']]);
    const archived = rowsOf(await api.batchRead('products', { ...living, archived: true }));
    expect(archived.get(a)).toMatchObject({ kind: 'ok', record: { archived: true } });
  });

  test('an upsert by a unique property tells created from updated, and reads back by it', async () => {
    await withUniqueKey(api);
    const upsert = (price: string) => ({
      traceId: `t-${price}`,
      idProperty: KEY,
      id: 'A/100',
      properties: { name: 'Pump', price },
    });
    const first = rowsOf(await api.batchUpsert('products', [upsert('1')]));
    expect(first.get('t-1')).toMatchObject({ kind: 'ok', created: true });
    const second = rowsOf(await api.batchUpsert('products', [upsert('2')]));
    expect(second.get('t-2')).toMatchObject({ kind: 'ok', created: false, id: idOf(first, 't-1') });
    const query = { ids: ['A/100', 'A/101'], idProperty: KEY, properties: ['price'] };
    const read = rowsOf(await api.batchRead('products', query));
    expect(read.get('A/100')).toMatchObject({ kind: 'ok', record: { properties: { price: '2' } } });
    expect(read.get('A/101')?.kind).toBe('not-found');
  });

  test('records are listed page by page and searched', async () => {
    await api.batchCreate('products', products('A', 'B', 'C'));
    const first = await api.listPage('products', { properties: ['hs_sku'], limit: 2 });
    if (first.kind !== 'page') throw new Error(first.reason);
    expect(first.records.map(({ properties }) => properties.hs_sku)).toEqual(['A', 'B']);
    const second = await api.listPage('products', { properties: [], limit: 2, after: first.after });
    expect(second).toMatchObject({ kind: 'page', records: [{}] });
    expect(second).not.toHaveProperty('after');

    const found = await api.search('products', {
      filterGroups: [{ filters: [{ propertyName: 'hs_sku', operator: 'EQ', value: 'B' }] }],
      properties: ['name'],
      limit: 10,
      sorts: [{ propertyName: 'createdate', direction: 'ASCENDING' }],
    });
    expect(found).toMatchObject({ total: 1, records: [{ properties: { name: 'Product B' } }] });
  });

  test('properties are listed with what the sync must know of them', async () => {
    await withUniqueKey(api);
    const listed = await api.listProperties('products');
    if (listed.kind !== 'properties') throw new Error(listed.reason);
    expect(listed.properties).toContainEqual(
      expect.objectContaining({ name: KEY, hasUniqueValue: true, readOnly: false }),
    );
    expect(listed.properties).toContainEqual(
      expect.objectContaining({ name: 'hs_object_id', readOnly: true }),
    );
  });
});

describe('a half-failed batch', () => {
  test('refuses only its bad rows, each with the property that is at fault', async () => {
    const api = gatewayTo(server.url);
    const result = await api.batchCreate('products', [
      ...products('A'),
      { traceId: 'bad', properties: { name: 'Bad', price: 'ten', colour: 'red' } },
    ]);
    expect(rowsOf(result).get('t-A')?.kind).toBe('ok');
    expect(rowsOf(result).get('bad')).toMatchObject({
      kind: 'refused',
      reasonCode: 'hubspot-invalid-value',
      reason: expect.stringMatching(/“price”.*“colour”: The portal has no such property/),
    });
  });

  test('names the contact that holds the e-mail address', async () => {
    const api = gatewayTo(server.url);
    const holder = hubspot.seed(PORTAL, 'contacts', { email: 'ann@x.io' });
    const result = await api.batchCreate('contacts', [
      { traceId: 'a', properties: { email: 'ANN@x.io' } },
      { traceId: 'b', properties: { email: 'bob@x.io' } },
    ]);
    expect(rowsOf(result).get('a')).toMatchObject({ kind: 'conflict', existingId: holder });
    expect(rowsOf(result).get('b')?.kind).toBe('ok');
  });

  test.each([400, 409] as const)(
    'names the holder of a unique value, which HubSpot refuses with %i',
    async (uniqueConflictStatus) => {
      hubspot.configure({ uniqueConflictStatus });
      const api = gatewayTo(server.url);
      await withUniqueKey(api);
      const holder = hubspot.seed(PORTAL, 'products', { name: 'A', [KEY]: 'K-1' });
      const inputs = [{ traceId: 'a', properties: { name: 'Other', [KEY]: 'K-1' } }];
      expect(rowsOf(await api.batchCreate('products', inputs)).get('a')).toMatchObject({
        kind: 'conflict',
        existingId: holder,
      });
    },
  );

  test('with internal errors leaves those rows open', async () => {
    hubspot.faults.add({ kind: 'row-errors', rows: [1] });
    const rows = rowsOf(await gatewayTo(server.url).batchCreate('products', products('A', 'B')));
    expect(rows.get('t-A')?.kind).toBe('ok');
    expect(rows.get('t-B')).toMatchObject({ kind: 'transient', outcome: 'unknown' });
  });
});

test('a contact that was merged away is read under its old id', async () => {
  const api = gatewayTo(server.url);
  const [kept, gone] = [
    hubspot.seed(PORTAL, 'contacts', { email: 'a@x.io' }),
    hubspot.seed(PORTAL, 'contacts', { email: 'b@x.io' }),
  ];
  const merged = await fetch(`${server.url}/crm/v3/objects/contacts/merge`, {
    method: 'POST',
    headers: { authorization: 'Bearer token-a', 'content-type': 'application/json' },
    body: JSON.stringify({ primaryObjectId: kept, objectIdToMerge: gone }),
  });
  const survivor = Object(await merged.json()).id;
  const rows = rowsOf(await api.batchRead('contacts', { ids: [gone], properties: ['email'] }));
  expect(rows.get(gone)).toMatchObject({ kind: 'ok', id: survivor });
});

describe('faults of the whole call', () => {
  const create = (api = gatewayTo(server.url)) => api.batchCreate('products', products('A'));

  test.each([
    [{ status: 429 }, { kind: 'throttled', policy: 'TEN_SECONDLY_ROLLING' }],
    [
      { status: 429, policyName: 'DAILY', retryAfter: 30 },
      { policy: 'DAILY', retryAfterMs: 30_000 },
    ],
    [{ status: 423 }, { kind: 'locked' }],
    [
      { status: 477, retryAfter: 3600 },
      { kind: 'parked', retryAfterMs: 3_600_000 },
    ],
    [{ status: 502 }, { kind: 'transient', outcome: 'unknown', reasonCode: 'hubspot-unavailable' }],
    [{ status: 500 }, { kind: 'transient', outcome: 'unknown' }],
    [{ status: 403 }, { kind: 'forbidden' }],
    [{ status: 400 }, { kind: 'refused' }],
  ] as const)('%j', async (fault, failure) => {
    hubspot.faults.add({ kind: 'status', ...fault });
    expect(await create()).toMatchObject(failure);
  });

  test('a limit that HubSpot really keeps', async () => {
    hubspot.configure({ callsPer10s: 1, searchesPerSecond: 0 });
    const api = gatewayTo(server.url);
    await create(api);
    expect(await create(api)).toMatchObject({ kind: 'throttled', policy: 'TEN_SECONDLY_ROLLING' });
    const search = api.search('products', { filterGroups: [], properties: [], limit: 1 });
    expect(await search).toMatchObject({ kind: 'throttled', policy: 'SECONDLY' });
  });

  test('an unknown token', async () => {
    const api = gatewayTo(server.url, { accessToken: async () => 'token-wrong' });
    expect(await create(api)).toMatchObject({ kind: 'unauthorized', status: 401 });
  });

  test('a response that is lost after the write was done leaves the outcome open', async () => {
    hubspot.faults.add({ kind: 'lost-response' });
    expect(await create()).toMatchObject({
      kind: 'transient',
      outcome: 'unknown',
      reasonCode: 'network-broken',
    });
    expect(hubspot.records(PORTAL, 'products')).toHaveLength(1);
  });

  test('an answer that takes longer than the call may leaves the outcome open', async () => {
    hubspot.faults.add({ kind: 'slow', delayMs: 400 });
    const result = gatewayTo(server.url).batchCreate('products', products('A'), { timeoutMs: 60 });
    expect(await result).toMatchObject({ kind: 'timeout' });
    expect(hubspot.records(PORTAL, 'products')).toHaveLength(1);
  });
});
