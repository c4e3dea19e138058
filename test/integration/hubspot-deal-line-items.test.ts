import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { API_VERSIONS, type ApiVersion } from '../../functions/hubspot/api-paths.ts';
import { readDealLineItems } from '../../functions/hubspot/deal-line-items.ts';
import { createHubSpot, type HubSpotImitation } from '../../local/hubspot/imitation.ts';
import { type HubSpotServer, startHubSpotServer } from '../../local/hubspot/server.ts';
import { UNLIMITED } from './hubspot-api-gateway.ts';

const PORTAL = '101';
let hubspot: HubSpotImitation;
let server: HubSpotServer;

beforeAll(async () => {
  hubspot = createHubSpot({ clock: Date.now, tokens: new Map([['token-a', PORTAL]]) });
  server = await startHubSpotServer(hubspot);
});
afterAll(async () => {
  await server.close();
  hubspot.close();
});

const read = (dealId: string, apiVersion: ApiVersion = '2026-03', token = 'token-a') =>
  readDealLineItems(
    { baseUrl: server.url, apiVersion, accessToken: async () => token, budget: UNLIMITED },
    PORTAL,
    dealId,
  );

describe('a deal’s line items', () => {
  test.each(API_VERSIONS)(
    'come with their values and the deal’s currency, on the %s paths',
    async (version) => {
      const dealId = hubspot.seed(PORTAL, 'deals', { dealname: 'Kitchen', deal_currency_code: 'EUR' });
      hubspot.seed(
        PORTAL,
        'line_items',
        { name: 'Oven', quantity: '2', price: '1850.00', hs_product_id: '501' },
        { dealId },
      );
      hubspot.seed(PORTAL, 'line_items', { name: 'Delivery', quantity: '1', price: '150' }, { dealId });
      expect(await read(dealId, version)).toEqual({
        kind: 'items',
        currency: 'EUR',
        items: expect.arrayContaining([
          expect.objectContaining({ name: 'Oven', quantity: '2', price: '1850.00', productId: '501' }),
          expect.objectContaining({ name: 'Delivery', quantity: '1', price: '150', productId: '' }),
        ]),
      });
    },
  );

  test('are none on a deal without any', async () => {
    const dealId = hubspot.seed(PORTAL, 'deals', { dealname: 'Nothing yet' });
    expect(await read(dealId)).toMatchObject({ kind: 'items', items: [] });
  });

  test('that can’t be had are a failure with a reason, never an exception', async () => {
    expect(await read('999999')).toMatchObject({ kind: 'not-found', reason: expect.any(String) });
    expect(await read('1', '2026-03', 'wrong')).toMatchObject({ kind: 'unauthorized' });
  });
});
