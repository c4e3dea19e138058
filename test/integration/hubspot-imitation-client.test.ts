import { Client } from '@hubspot/api-client';
import { CardObjectTypeBodyNameEnum } from '@hubspot/api-client/lib/codegen/crm/extensions/cards/models/CardObjectTypeBody.js';
import { FilterOperatorEnum } from '@hubspot/api-client/lib/codegen/crm/products/models/Filter.js';
import {
  PropertyCreateFieldTypeEnum,
  PropertyCreateTypeEnum,
} from '@hubspot/api-client/lib/codegen/crm/properties/models/PropertyCreate.js';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createHubSpot, type HubSpotImitation } from '../../local/hubspot/imitation.ts';
import { type HubSpotServer, startHubSpotServer } from '../../local/hubspot/server.ts';

const PORTAL = '101';
let hubspot: HubSpotImitation;
let server: HubSpotServer;
let client: Client;

beforeEach(async () => {
  hubspot = createHubSpot({
    clock: Date.now,
    tokens: new Map([['token-a', PORTAL]]),
    developerKeys: new Map([['key-a', PORTAL]]),
  });
  server = await startHubSpotServer(hubspot);
  client = new Client({ accessToken: 'token-a', basePath: server.url });
});

afterEach(() => server.close());

/** The refusal of a call: HubSpot's client throws the status with the parsed body. */
async function refusalOf(call: Promise<unknown>): Promise<{ code: number; body: Record<string, unknown> }> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Error && 'code' in error && 'body' in error) {
      return { code: Number(error.code), body: Object(error.body) };
    }
    throw error;
  }
  throw new Error('the call was not refused');
}

describe("HubSpot's own client, which knows nothing of the imitation", () => {
  test('creates, reads, changes, lists and archives a product', async () => {
    const api = client.crm.products.basicApi;
    const created = await api.create({ properties: { name: 'Pump', price: '10.50' } });
    expect(created.createdAt).toBeInstanceOf(Date);
    await api.update(created.id, { properties: { price: '11.00' } });
    const read = await api.getById(created.id, ['name', 'price']);
    expect(read.properties).toMatchObject({ name: 'Pump', price: '11.00', hs_object_id: created.id });
    expect((await api.getPage(10)).results.map(({ id }) => id)).toEqual([created.id]);
    await api.archive(created.id);
    expect((await refusalOf(api.getById(created.id))).code).toBe(404);
    expect((await api.getById(created.id, undefined, undefined, undefined, true)).archived).toBe(true);
  });

  test('reads a contact by its address and is told whom a second one conflicts with', async () => {
    const api = client.crm.contacts.basicApi;
    const { id } = await api.create({ properties: { email: 'ann@x.io' } });
    expect((await api.getById('Ann@x.io', ['email'], undefined, undefined, false, 'email')).id).toBe(id);
    const { code, body } = await refusalOf(api.create({ properties: { email: 'ANN@x.io' } }));
    expect([code, body.message]).toEqual([409, `Contact already exists. Existing ID: ${id}`]);
  });

  test('sees 207 with the error of the one bad row of a batch', async () => {
    const inputs: { objectWriteTraceId: string; properties: Record<string, string> }[] = [
      { objectWriteTraceId: 'good', properties: { name: 'Pump' } },
      { objectWriteTraceId: 'bad', properties: { colour: 'red' } },
    ];
    const info = await client.crm.products.batchApi.createWithHttpInfo({ inputs });
    expect(info.httpStatusCode).toBe(207);
    expect(info.data).toMatchObject({
      results: [{ objectWriteTraceId: 'good', properties: { name: 'Pump' } }],
      numErrors: 1,
      errors: [{ category: 'VALIDATION_ERROR', context: { objectWriteTraceId: ['bad'] } }],
    });
  });

  test('upserts by a unique property it created, and reads, updates and archives in batches', async () => {
    const property = await client.crm.properties.coreApi.create('products', {
      name: 'product_key',
      label: 'Key',
      groupName: 'productinformation',
      type: PropertyCreateTypeEnum.String,
      fieldType: PropertyCreateFieldTypeEnum.Text,
      hasUniqueValue: true,
    });
    expect(property.hasUniqueValue).toBe(true);
    const all = await client.crm.properties.coreApi.getAll('products');
    expect(all.results.map(({ name }) => name)).toEqual(expect.arrayContaining(['price', 'product_key']));
    const { batchApi } = client.crm.products;
    const upsert = (name: string) =>
      batchApi.upsert({ inputs: [{ id: 'A/1', idProperty: 'product_key', properties: { name } }] });
    const [first] = (await upsert('Pump')).results;
    expect(first).toMatchObject({ _new: true });
    const [second] = (await upsert('Hose')).results;
    expect(second).toMatchObject({ _new: false, id: first?.id });
    const inputs = [{ id: first?.id ?? '', properties: { name: 'Tap' } }];
    expect((await batchApi.update({ inputs })).results).toHaveLength(1);
    const byKey = {
      idProperty: 'product_key',
      inputs: [{ id: 'A/1' }],
      properties: ['name'],
      propertiesWithHistory: [],
    };
    expect((await batchApi.read(byKey)).results[0]?.properties.name).toBe('Tap');
    await batchApi.archive({ inputs: [{ id: first?.id ?? '' }] });
    expect(hubspot.records(PORTAL, 'products')).toEqual([]);
  });

  test('searches', async () => {
    const id = hubspot.seed(PORTAL, 'products', { hs_sku: 'S-1' });
    hubspot.seed(PORTAL, 'products', { hs_sku: 'S-2' });
    const filters = [{ propertyName: 'hs_sku', operator: FilterOperatorEnum.Eq, value: 'S-1' }];
    const found = await client.crm.products.searchApi.doSearch({ filterGroups: [{ filters }], limit: 200 });
    expect([found.total, found.results[0]?.id]).toEqual([1, id]);
  });

  test('is told by a 429 which limit it met', async () => {
    hubspot.configure({ callsPer10s: 0 });
    const { code, body } = await refusalOf(client.crm.products.basicApi.getPage());
    expect([code, body.policyName, body.errorType]).toEqual([429, 'TEN_SECONDLY_ROLLING', 'RATE_LIMIT']);
  });

  test('manages the card of an app', async () => {
    const developer = new Client({ developerApiKey: 'key-a', basePath: server.url });
    const api = developer.crm.extensions.cards.cardsApi;
    const created = await api.create(77, {
      title: 'Invoices',
      fetch: {
        targetUrl: 'https://x.io/card',
        objectTypes: [{ name: CardObjectTypeBodyNameEnum.Deals, propertiesToSend: [] }],
      },
      display: { properties: [] },
      actions: { baseUrls: ['https://x.io/'] },
    });
    expect((await api.getAll(77)).results.map(({ id }) => id)).toEqual([created.id]);
    expect((await api.update(created.id, 77, { title: 'Bills' })).title).toBe('Bills');
    await api.archive(created.id, 77);
    expect((await api.getAll(77)).results).toEqual([]);
  });
});
