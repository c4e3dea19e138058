import { beforeEach, describe, expect, test } from '@jest/globals';
import { createHubSpot, type HubSpotImitation } from '../../local/hubspot/imitation.ts';

const PORTAL = '101';
const KEY = 'ledgerbridge_product_id';
let hubspot: HubSpotImitation;

async function send(method: string, url: string, body: unknown) {
  const answer = await hubspot.handle({
    method,
    url,
    headers: { authorization: 'Bearer token-a', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { ...answer, json: answer.body === '' ? undefined : JSON.parse(answer.body) };
}

const batch = (operation: string, inputs: unknown[], type = 'products', fields: object = {}) =>
  send('POST', `/crm/objects/2026-03/${type}/batch/${operation}`, { inputs, ...fields });

function keyProperty(name: string, type = 'products') {
  return send('POST', `/crm/properties/2026-03/${type}`, {
    name,
    label: name,
    groupName: type === 'products' ? 'productinformation' : 'contactinformation',
    type: 'string',
    fieldType: 'text',
    hasUniqueValue: true,
  });
}

beforeEach(() => {
  hubspot = createHubSpot({ clock: () => 1_800_000_000_000, tokens: new Map([['token-a', PORTAL]]) });
});

describe('a batch create', () => {
  test('with a trace id on every input fails only the bad row, with 207', async () => {
    const answer = await batch('create', [
      { objectWriteTraceId: 'r1', properties: { name: 'Pump' } },
      { objectWriteTraceId: 'r2', properties: { price: 'ten' } },
      { objectWriteTraceId: 'r3', properties: { name: 'Hose' } },
    ]);
    expect(answer.status).toBe(207);
    expect(answer.json).toMatchObject({ status: 'COMPLETE', numErrors: 1 });
    expect(answer.json.errors).toMatchObject([
      { status: 'error', category: 'VALIDATION_ERROR', context: { objectWriteTraceId: ['r2'] } },
    ]);
    expect(answer.json.results.map((row: { objectWriteTraceId: string }) => row.objectWriteTraceId)).toEqual([
      'r3',
      'r1',
    ]);
    expect(hubspot.counters(PORTAL)).toMatchObject({ writeCalls: 1, recordWrites: 2 });
  });

  test.each([
    ['without trace ids', [{}, {}]],
    ['with one trace id twice', [{ objectWriteTraceId: 'r' }, { objectWriteTraceId: 'r' }]],
  ])('%s is refused as a whole by one bad row, and writes nothing', async (_how, [first, second]) => {
    const email = { email: 'ann@x.io' };
    const answer = await batch(
      'create',
      [
        { ...first, properties: email },
        { ...second, properties: email },
      ],
      'contacts',
    );
    expect([answer.status, answer.json.category]).toEqual([409, 'CONFLICT']);
    expect(hubspot.records(PORTAL, 'contacts')).toEqual([]);
    expect(hubspot.counters(PORTAL).writeCalls).toBe(0);
    expect((await batch('create', [{ properties: email }], 'contacts')).status).toBe(201);
  });
});

describe('a batch update', () => {
  test('lists ids that are not there beside what it wrote', async () => {
    const id = hubspot.seed(PORTAL, 'products', { name: 'Pump' });
    const answer = await batch('update', [
      { id, properties: { name: 'Hose' } },
      { id: '999', properties: { name: 'x' } },
    ]);
    expect(answer.status).toBe(207);
    expect(answer.json.errors).toMatchObject([{ category: 'OBJECT_NOT_FOUND', context: { ids: ['999'] } }]);
    expect(hubspot.records(PORTAL, 'products')[0]?.properties).toMatchObject({ name: 'Hose' });
  });

  test('puts every row back when a bad one fails it as a whole', async () => {
    const one = hubspot.seed(PORTAL, 'contacts', { email: 'one@x.io' });
    const two = hubspot.seed(PORTAL, 'contacts', { email: 'two@x.io' });
    const inputs = [
      { id: one, properties: { email: 'new@x.io' } },
      { id: two, properties: { email: 'not an address' } },
    ];
    expect((await batch('update', inputs, 'contacts')).status).toBe(400);
    expect(hubspot.records(PORTAL, 'contacts').map(({ properties }) => properties.email)).toEqual([
      'one@x.io',
      'two@x.io',
    ]);
    expect((await batch('create', [{ properties: { email: 'new@x.io' } }], 'contacts')).status).toBe(201);
  });

  test('of contacts by e-mail address is refused, and so is one id twice', async () => {
    const byEmail = { id: 'ann@x.io', idProperty: 'email', properties: {} };
    expect((await batch('update', [byEmail], 'contacts')).json.message).toMatch(/not supported/);
    const row = { id: '501', properties: {} };
    expect((await batch('update', [row, row])).json.message).toMatch(
      /Duplicate IDs found in batch input: \[501\]/,
    );
  });
});

describe('a batch upsert by a unique property', () => {
  test('creates once and updates after, saying which in each row', async () => {
    await keyProperty(KEY);
    const row = (id: string, name: string) => ({
      id,
      idProperty: KEY,
      objectWriteTraceId: id,
      properties: { name },
    });
    const first = await batch('upsert', [row('A/100', 'Pump')]);
    expect(first.json.results).toMatchObject([{ new: true, properties: { [KEY]: 'A/100', name: 'Pump' } }]);
    const second = await batch('upsert', [row('A/100', 'Hose'), row('B', 'Tap')]);
    expect(second.json.results).toMatchObject([{ new: true }, { new: false, id: first.json.results[0].id }]);
    expect(hubspot.records(PORTAL, 'products')).toHaveLength(2);
  });

  test('is refused by an ordinary property', async () => {
    hubspot.configure({ customProperties: 'ordinary' }, PORTAL);
    expect((await keyProperty(KEY)).json).toMatchObject({ name: KEY, hasUniqueValue: false });
    const answer = await batch('upsert', [{ id: 'A', idProperty: KEY, properties: { name: 'Pump' } }]);
    expect([answer.status, answer.json.message]).toEqual([400, expect.stringContaining('not unique')]);
  });

  test('of a contact whose address another one holds is a conflict of that row', async () => {
    await keyProperty('customer_key', 'contacts');
    const holder = hubspot.seed(PORTAL, 'contacts', { email: 'ann@x.io' });
    const input = {
      id: 'C-1',
      idProperty: 'customer_key',
      objectWriteTraceId: 't',
      properties: { email: 'ann@x.io' },
    };
    const { json } = await batch('upsert', [input], 'contacts');
    expect(json.errors).toMatchObject([
      { category: 'CONFLICT', message: `Contact already exists. Existing ID: ${holder}` },
    ]);
  });

  test.each([400, 409] as const)('a value that another record holds is refused with %i', async (status) => {
    hubspot.configure({ uniqueConflictStatus: status });
    await keyProperty(KEY);
    hubspot.seed(PORTAL, 'products', { [KEY]: 'A' });
    const answer = await send('POST', '/crm/v3/objects/products', { properties: { [KEY]: 'A' } });
    expect([answer.status, answer.json.message]).toEqual([
      status,
      expect.stringContaining('already has that value'),
    ]);
  });
});

test('a batch read names what is not there, archived records included', async () => {
  const [live, gone] = [
    hubspot.seed(PORTAL, 'products', { name: 'A' }),
    hubspot.seed(PORTAL, 'products', {}),
  ];
  hubspot.archive(PORTAL, 'products', gone);
  const fields = { properties: [], propertiesWithHistory: [] };
  const answer = await batch('read', [{ id: live }, { id: gone }, { id: live }], 'products', fields);
  expect(answer.status).toBe(207);
  expect(answer.json.results.map(({ id }: { id: string }) => id)).toEqual([live]);
  expect(answer.json.errors).toMatchObject([{ category: 'OBJECT_NOT_FOUND', context: { ids: [gone] } }]);
});

test.each([{ properties: [] }, { propertiesWithHistory: [] }])(
  'a batch read must name properties and those with history, as the model says: with %j alone it is refused',
  async (fields) => {
    const id = hubspot.seed(PORTAL, 'products', {});
    const answer = await batch('read', [{ id }], 'products', fields);
    expect(answer.status).toBe(400);
    expect(answer.json.message).toMatch(/required attributes are not set \[properties/);
  },
);

test('a batch archive passes over what is gone', async () => {
  const id = hubspot.seed(PORTAL, 'products', {});
  expect((await batch('archive', [{ id }, { id: '999' }])).status).toBe(204);
  expect(hubspot.records(PORTAL, 'products', { archived: true }).map((record) => record.id)).toEqual([id]);
});

describe('properties', () => {
  test('an object type has at most ten unique ones, and a name only once', async () => {
    for (let index = 0; index < 10; index += 1) expect((await keyProperty(`key_${index}`)).status).toBe(201);
    expect((await keyProperty('key_10')).status).toBe(400);
    expect((await keyProperty('key_1')).status).toBe(409);
  });

  test('where the portal refuses them, creating one is 403 with the missing scope', async () => {
    hubspot.configure({ customProperties: { products: 'refused' } }, PORTAL);
    const answer = await keyProperty(KEY);
    expect(answer.json).toMatchObject({
      category: 'MISSING_SCOPES',
      context: { missingScopes: ['crm.schemas.products.write'] },
    });
    expect((await keyProperty(KEY, 'contacts')).status).toBe(201);
  });

  test('one can be taken from a portal that refuses them, as an admin would', async () => {
    await keyProperty(KEY);
    hubspot.configure({ customProperties: 'refused' });
    expect((await send('DELETE', `/crm/v3/properties/products/${KEY}`, undefined)).status).toBe(403);
    expect((await send('DELETE', `/_imitation/properties/${PORTAL}/products/${KEY}`, undefined)).status).toBe(
      204,
    );
    const answer = await batch('upsert', [{ id: 'A', idProperty: KEY, properties: { name: 'Pump' } }]);
    expect(answer.status).toBe(400);
  });

  test('a deleted one takes its values with it', async () => {
    await keyProperty(KEY);
    const id = hubspot.seed(PORTAL, 'products', { [KEY]: 'A' });
    expect((await send('DELETE', `/crm/v3/properties/products/${KEY}`, undefined)).status).toBe(204);
    await keyProperty(KEY);
    const { json } = await send('GET', `/crm/v3/objects/products/${id}?properties=${KEY}`, undefined);
    expect(json.properties[KEY]).toBeNull();
    expect((await send('GET', `/crm/v3/properties/products/other`, undefined)).status).toBe(404);
  });
});
