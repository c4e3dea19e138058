import { beforeEach, describe, expect, test } from '@jest/globals';
import { createHubSpot, type HubSpotImitation } from '../../local/hubspot/imitation.ts';

const card = {
  title: 'Invoices',
  fetch: {
    targetUrl: 'https://ledger.example.com/hubspot/card',
    objectTypes: [{ name: 'deals', propertiesToSend: ['dealname'] }],
  },
  display: { properties: [{ name: 'status', label: 'Status', dataType: 'STATUS', options: [] }] },
  actions: { baseUrls: ['https://ledger.example.com/'] },
};
const dated = { ...card, fetch: { ...card.fetch, cardType: 'EXTERNAL' } };
const families = [
  ['v3', '/crm/v3/extensions/cards-dev/77', card],
  ['2026-03', '/crm/extensions/cards-dev/2026-03/77', dated],
] as const;
let hubspot: HubSpotImitation;

async function send(method: string, url: string, body: unknown = {}, authorization?: string) {
  const headers = { 'content-type': 'application/json', ...(authorization ? { authorization } : {}) };
  const answer = await hubspot.handle({ method, url, headers, body: JSON.stringify(body) });
  return { status: answer.status, json: answer.body === '' ? undefined : JSON.parse(answer.body) };
}
const asApp = (method: string, url: string, body?: unknown) => send(method, url, body, 'Bearer token-a');

beforeEach(() => {
  hubspot = createHubSpot({
    clock: () => 1_800_000_000_000,
    tokens: new Map([['token-a', '101']]),
    developerKeys: new Map([['key-a', '101']]),
  });
});

describe.each(families)('the card definition API on the %s path', (_version, url, definition) => {
  test('creates, lists, reads, changes and deletes a card', async () => {
    const created = await asApp('POST', url, definition);
    expect(created).toMatchObject({
      status: 201,
      json: { title: 'Invoices', auditHistory: [{ actionType: 'CREATE' }] },
    });
    const one = `${url}/${created.json.id}`;
    expect((await asApp('GET', url)).json.results).toHaveLength(1);
    expect((await asApp('GET', one)).json).toEqual(created.json);
    const changed = await asApp('PATCH', one, { title: 'Bills' });
    expect(changed.json).toMatchObject({ title: 'Bills', fetch: card.fetch, actions: card.actions });
    expect((await asApp('DELETE', one)).status).toBe(204);
    expect((await asApp('GET', one)).status).toBe(404);
  });

  test('takes a bearer token or a developer key, and nothing else', async () => {
    expect((await send('GET', `${url}?hapikey=key-a`)).status).toBe(200);
    expect((await send('GET', `${url}?hapikey=other`)).status).toBe(401);
    expect((await send('GET', url)).status).toBe(401);
  });

  test.each([
    ['without a title', { ...definition, title: undefined }],
    ['with an unknown field', { ...definition, colour: 'red' }],
    [
      'for an unknown object',
      {
        ...definition,
        fetch: { ...definition.fetch, objectTypes: [{ name: 'quotes', propertiesToSend: [] }] },
      },
    ],
    [
      'with a property that deals do not have',
      {
        ...definition,
        fetch: { ...definition.fetch, objectTypes: [{ name: 'deals', propertiesToSend: ['colour'] }] },
      },
    ],
    [
      'with an unknown data type',
      { ...definition, display: { properties: [{ name: 'a', label: 'A', dataType: 'MONEY', options: [] }] } },
    ],
    ['with a base address that is none', { ...definition, actions: { baseUrls: ['ledger'] } }],
  ])('refuses a card %s', async (_what, body) => {
    const answer = await asApp('POST', url, body);
    expect([answer.status, answer.json.category]).toEqual([400, 'VALIDATION_ERROR']);
  });

  test('an account that can no longer create legacy cards gets 403, and may still delete', async () => {
    const { id } = (await asApp('POST', url, definition)).json;
    hubspot.configure({ legacyCards: 'withdrawn' });
    const answer = await asApp('POST', url, definition);
    expect([answer.status, answer.json.message]).toEqual([
      403,
      expect.stringContaining('no longer supported'),
    ]);
    expect((await asApp('DELETE', `${url}/${id}`)).status).toBe(204);
  });
});

test('the dated path demands cardType', async () => {
  expect((await asApp('POST', '/crm/extensions/cards-dev/2026-03/77', card)).status).toBe(400);
});

test("a card of another app is not there, and an app's key opens nothing but cards", async () => {
  const { id } = (await asApp('POST', families[0][1], card)).json;
  expect((await asApp('GET', `/crm/v3/extensions/cards-dev/78/${id}`)).status).toBe(404);
  expect((await send('GET', '/crm/v3/objects/products?hapikey=key-a')).status).toBe(401);
});
