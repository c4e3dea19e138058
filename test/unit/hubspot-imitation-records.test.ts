import { beforeEach, describe, expect, test } from '@jest/globals';
import { createHubSpot, type HubSpotImitation, type HubSpotOptions } from '../../local/hubspot/imitation.ts';

const PORTAL = '101';
let now: number;
let hubspot: HubSpotImitation;

function start(options: Partial<HubSpotOptions> = {}): HubSpotImitation {
  return createHubSpot({ clock: () => now, tokens: new Map([['token-a', PORTAL]]), ...options });
}

async function send(method: string, url: string, body?: unknown, token = 'token-a') {
  const answer = await hubspot.handle({
    method,
    url,
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { ...answer, json: answer.body.startsWith('{') ? JSON.parse(answer.body) : undefined };
}

async function createdId(type: string, properties: Record<string, string>): Promise<string> {
  const { json } = await send('POST', `/crm/v3/objects/${type}`, { properties });
  return json.id;
}

beforeEach(() => {
  now = Date.parse('2026-11-22T08:00:00Z');
  hubspot = start();
});

describe('what a request must be', () => {
  const refused: [string, string, string, unknown, number, RegExp][] = [
    [
      'an unknown property',
      'POST',
      '/crm/v3/objects/products',
      { properties: { colour: 'red' } },
      400,
      /PROPERTY_DOESNT_EXIST/,
    ],
    [
      'a number as a value',
      'POST',
      '/crm/v3/objects/products',
      { properties: { price: 5 } },
      400,
      /Cannot deserialize/,
    ],
    [
      'null as a value',
      'POST',
      '/crm/v3/objects/products',
      { properties: { price: null } },
      400,
      /Cannot deserialize/,
    ],
    [
      'a negative price',
      'POST',
      '/crm/v3/objects/products',
      { properties: { price: '-1' } },
      400,
      /INVALID_NUMERIC_RANGE/,
    ],
    [
      'a price in words',
      'POST',
      '/crm/v3/objects/products',
      { properties: { price: 'ten' } },
      400,
      /not a valid number/,
    ],
    [
      'a read-only property',
      'POST',
      '/crm/v3/objects/products',
      { properties: { hs_object_id: '7' } },
      400,
      /READ_ONLY_VALUE/,
    ],
    [
      'an invalid e-mail address',
      'POST',
      '/crm/v3/objects/contacts',
      { properties: { email: 'ann@' } },
      400,
      /INVALID_EMAIL/,
    ],
    [
      'a contact without a name and address',
      'POST',
      '/crm/v3/objects/contacts',
      { properties: { phone: '1' } },
      400,
      /at least one/,
    ],
    [
      'an unknown field',
      'POST',
      '/crm/v3/objects/products',
      { properties: {}, id: '7' },
      400,
      /Unrecognized field/,
    ],
    ['a missing field', 'POST', '/crm/v3/objects/products', {}, 400, /\[properties\]/],
    ['malformed JSON', 'POST', '/crm/v3/objects/products', '{"properties":', 400, /Invalid input JSON/],
    ['a wrong method', 'PUT', '/crm/v3/objects/products', {}, 405, /405/],
    ['a GET of a batch', 'GET', '/crm/v3/objects/products/batch/create', undefined, 405, /405/],
    [
      'an empty batch',
      'POST',
      '/crm/v3/objects/products/batch/create',
      { inputs: [] },
      400,
      /between 1 and 100/,
    ],
    [
      '101 inputs',
      'POST',
      '/crm/v3/objects/products/batch/create',
      { inputs: Array(101).fill({ properties: {} }) },
      400,
      /between 1 and 100/,
    ],
    ['an unknown object type', 'GET', '/crm/v3/objects/rockets', undefined, 404, /not found/],
    ['a list of 101', 'GET', '/crm/v3/objects/products?limit=101', undefined, 400, /limit/],
  ];
  test.each(refused)(
    '%s is refused in the error envelope',
    async (_what, method, url, body, status, message) => {
      const answer = await send(method, url, body);
      expect(answer.status).toBe(status);
      expect(answer.json).toMatchObject({
        status: 'error',
        category: expect.any(String),
        correlationId: expect.any(String),
      });
      expect(answer.json.message).toMatch(message);
      expect(hubspot.records(PORTAL, 'products')).toEqual([]);
    },
  );

  test('a missing or unknown token is answered 401', async () => {
    const answer = await send('GET', '/crm/v3/objects/products', undefined, 'stolen');
    expect([answer.status, answer.json.category]).toEqual([401, 'INVALID_AUTHENTICATION']);
  });

  test('a token sees only its own portal', async () => {
    hubspot = start({
      tokens: new Map([
        ['token-a', PORTAL],
        ['token-b', '202'],
      ]),
    });
    const id = await createdId('products', { name: 'Pump' });
    expect((await send('GET', `/crm/v3/objects/products/${id}`, undefined, 'token-b')).status).toBe(404);
  });
});

describe('contacts are unique by e-mail address', () => {
  test('a second contact with the address in other letters is refused and names the first', async () => {
    const id = await createdId('contacts', { email: 'Ann@X.io' });
    const answer = await send('POST', '/crm/v3/objects/contacts', { properties: { email: 'aNN@x.io' } });
    expect(answer.json).toMatchObject({
      category: 'CONFLICT',
      message: `Contact already exists. Existing ID: ${id}`,
    });
    expect(answer.status).toBe(409);
  });

  test('an additional address is taken as well, and a change to it is refused', async () => {
    const id = await createdId('contacts', { email: 'ann@x.io', hs_additional_emails: 'a.b@x.io;ab@x.io' });
    const other = await createdId('contacts', { email: 'bob@x.io' });
    const answer = await send('PATCH', `/crm/v3/objects/contacts/${other}`, {
      properties: { email: 'AB@x.io' },
    });
    expect([answer.status, answer.json.message]).toEqual([409, `Contact already exists. Existing ID: ${id}`]);
  });

  test('an archived contact lets its address go', async () => {
    const id = await createdId('contacts', { email: 'ann@x.io' });
    await send('DELETE', `/crm/v3/objects/contacts/${id}`);
    expect(
      (await send('POST', '/crm/v3/objects/contacts', { properties: { email: 'ann@x.io' } })).status,
    ).toBe(201);
  });

  test('after a merge either old id leads to the survivor, who holds both addresses', async () => {
    const one = await createdId('contacts', { email: 'ann@x.io', firstname: 'Ann' });
    const two = await createdId('contacts', { email: 'ann@y.io', lastname: 'Lee' });
    const body = { primaryObjectId: one, objectIdToMerge: two };
    const survivor = (await send('POST', '/crm/v3/objects/contacts/merge', body)).json;
    expect([one, two]).not.toContain(survivor.id);
    const read = await send(
      'GET',
      `/crm/v3/objects/contacts/${two}?properties=email,hs_additional_emails,lastname`,
    );
    expect(read.json).toMatchObject({
      id: survivor.id,
      properties: { email: 'ann@x.io', hs_additional_emails: 'ann@y.io', lastname: 'Lee' },
    });
    expect(
      (await send('POST', '/crm/v3/objects/contacts', { properties: { email: 'ann@y.io' } })).status,
    ).toBe(409);
  });
});

describe('products', () => {
  test('the same create twice makes two products', async () => {
    expect(await createdId('products', { hs_sku: 'A' })).not.toBe(
      await createdId('products', { hs_sku: 'A' }),
    );
  });

  test('an archived product is gone for reads and changes, and seen with archived=true', async () => {
    const id = await createdId('products', { name: 'Pump' });
    expect((await send('DELETE', `/crm/v3/objects/products/${id}`)).status).toBe(204);
    const url = `/crm/v3/objects/products/${id}`;
    expect((await send('GET', url)).json.category).toBe('OBJECT_NOT_FOUND');
    expect((await send('PATCH', url, { properties: { name: 'x' } })).status).toBe(404);
    expect((await send('GET', `${url}?archived=true`)).json).toMatchObject({ id, archived: true });
    expect((await send('GET', '/crm/v3/objects/products?archived=true')).json.results).toHaveLength(1);
  });

  test('an empty string clears a value, and what was never sent is left alone', async () => {
    const id = await createdId('products', { name: 'Pump', description: 'blue' });
    await send('PATCH', `/crm/v3/objects/products/${id}`, { properties: { description: '' } });
    const { json } = await send('GET', `/crm/v3/objects/products/${id}?properties=name,description`);
    expect(json.properties).toMatchObject({ name: 'Pump', description: null, hs_object_id: id });
  });

  test('a price in a currency exists only where the portal has the currency', async () => {
    const body = { properties: { hs_price_eur: '5.00' } };
    expect((await send('POST', '/crm/v3/objects/products', body)).status).toBe(400);
    hubspot.configure({ priceCurrencies: ['EUR'] }, PORTAL);
    expect((await send('POST', '/crm/v3/objects/products', body)).status).toBe(201);
  });

  test('a list is walked page by page in the order of the ids', async () => {
    const ids = [
      await createdId('products', {}),
      await createdId('products', {}),
      await createdId('products', {}),
    ];
    const first = (await send('GET', '/crm/v3/objects/products?limit=2')).json;
    const second = (await send('GET', `/crm/v3/objects/products?limit=2&after=${first.paging.next.after}`))
      .json;
    expect([...first.results, ...second.results].map(({ id }: { id: string }) => id)).toEqual(ids);
    expect(second.paging).toBeUndefined();
  });
});

describe('deals', () => {
  test('a deal names its line items, which can be read in a batch', async () => {
    const dealId = hubspot.seed(PORTAL, 'deals', { dealname: 'Big', amount: '10' });
    const item = hubspot.seed(PORTAL, 'line_items', { name: 'Pump', quantity: '2', price: '5' }, { dealId });
    const deal = await send(
      'GET',
      `/crm/objects/2026-03/deals/${dealId}?associations=line_items&properties=amount`,
    );
    expect(deal.json.associations).toEqual({
      'line items': { results: [{ id: item, type: 'deal_to_line_item' }] },
    });
    const v4 = await send('GET', `/crm/v4/objects/deals/${dealId}/associations/line_items`);
    expect(v4.json.results[0].toObjectId).toBe(item);
    const body = {
      inputs: [{ id: item }],
      properties: ['name', 'quantity', 'price'],
      propertiesWithHistory: [],
    };
    const items = await send('POST', '/crm/objects/2026-03/line_items/batch/read', body);
    expect(items.json.results[0].properties).toMatchObject({ name: 'Pump', quantity: '2', price: '5' });
    expect(hubspot.counters(PORTAL).recordWrites).toBe(0);
  });

  test('a line item is created on its deal by its association', async () => {
    const dealId = hubspot.seed(PORTAL, 'deals', { dealname: 'Big' });
    const types = [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 20 }];
    const body = { properties: { name: 'Pump' }, associations: [{ to: { id: dealId }, types }] };
    const { json } = await send('POST', '/crm/v3/objects/line_items', body);
    const deal = await send('GET', `/crm/v3/objects/deals/${dealId}?associations=line_items`);
    expect(deal.json.associations['line items'].results[0].id).toBe(json.id);
  });
});
