import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createHubSpot, type HubSpotImitation } from '../../local/hubspot/imitation.ts';

const PORTAL = '101';
let directory: string;
let now = 1_800_000_000_000;
let hubspot: HubSpotImitation;
const log = () => join(directory, 'hubspot.jsonl');

/** What a restart finds. Nothing is closed first: the log must hold every answered write by itself. */
function start(): HubSpotImitation {
  const tokens = new Map([['token-a', PORTAL]]);
  return createHubSpot({ clock: () => now, tokens, directory, searchLagMs: 1_000 });
}

async function send(method: string, url: string, body: unknown = {}) {
  const headers = { authorization: 'Bearer token-a', 'content-type': 'application/json' };
  const answer = await hubspot.handle({ method, url, headers, body: JSON.stringify(body) });
  return answer.body === '' ? undefined : JSON.parse(answer.body);
}

const key = {
  name: 'product_key',
  label: 'Key',
  groupName: 'productinformation',
  type: 'string',
  fieldType: 'text',
};

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'hubspot-'));
  hubspot = start();
});

afterEach(() => rmSync(directory, { recursive: true }));

test('records, properties, line items and merges are there after a restart, and ids go on', async () => {
  await send('POST', '/crm/v3/properties/products', { ...key, hasUniqueValue: true });
  const product = await send('POST', '/crm/v3/objects/products', { properties: { product_key: 'A' } });
  await send('PATCH', `/crm/v3/objects/products/${product.id}`, { properties: { name: 'Pump' } });
  const gone = await send('POST', '/crm/v3/objects/contacts', { properties: { email: 'ann@x.io' } });
  await send('DELETE', `/crm/v3/objects/contacts/${gone.id}`);
  const dealId = hubspot.seed(PORTAL, 'deals', { dealname: 'Big' });
  const item = hubspot.seed(PORTAL, 'line_items', { name: 'Pump' }, { dealId });
  const before = [
    hubspot.records(PORTAL, 'products'),
    hubspot.records(PORTAL, 'contacts', { archived: true }),
  ];
  for (let restart = 0; restart < 2; restart += 1) {
    hubspot = start();
    expect([
      hubspot.records(PORTAL, 'products'),
      hubspot.records(PORTAL, 'contacts', { archived: true }),
    ]).toEqual(before);
  }
  const deal = await send('GET', `/crm/v3/objects/deals/${dealId}?associations=line_items`);
  expect(deal.associations['line items'].results[0].id).toBe(item);
  expect(() => hubspot.seed(PORTAL, 'products', { product_key: 'A' })).toThrow(/already has that value/);
  expect(Number(hubspot.seed(PORTAL, 'products', {}))).toBeGreaterThan(Number(item));
});

test('the log is compacted at a start: one line for a record however often it was written', () => {
  const id = hubspot.seed(PORTAL, 'products', { name: 'v0' });
  for (let version = 1; version <= 50; version += 1)
    hubspot.edit(PORTAL, 'products', id, { name: `v${version}` });
  start();
  const lines = readFileSync(log(), 'utf8').trimEnd().split('\n');
  expect(lines.filter((line) => line.includes('"kind":"record"'))).toHaveLength(1);
});

test('search finds after a restart what it found before, with the same lag', async () => {
  hubspot.seed(PORTAL, 'products', { name: 'old' });
  now += 1_000;
  hubspot.seed(PORTAL, 'products', { name: 'new' });
  hubspot = start();
  expect((await send('POST', '/crm/v3/objects/products/search')).total).toBe(1);
  now += 1_000;
  expect((await send('POST', '/crm/v3/objects/products/search')).total).toBe(2);
});

test('a torn last line is left out, and later writes are not lost behind it', () => {
  hubspot.seed(PORTAL, 'products', { name: 'kept' });
  appendFileSync(log(), '{"portalId":"101","changes":[{"kind":"rec');
  hubspot = start();
  hubspot.seed(PORTAL, 'products', { name: 'later' });
  const names = start()
    .records(PORTAL, 'products')
    .map(({ properties }) => properties.name);
  expect(names).toEqual(['kept', 'later']);
});

test('a damaged line in the middle stops the start and names itself', () => {
  hubspot.seed(PORTAL, 'products', { name: 'kept' });
  writeFileSync(log(), `garbage\n${readFileSync(log(), 'utf8')}`);
  expect(start).toThrow('line 1 of hubspot.jsonl is damaged');
});
