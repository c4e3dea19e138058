import { expect, test } from '@jest/globals';
import { UNAVAILABLE_CARD } from '../../functions/card/card-response.ts';
import { type CardAccess, fetchCard } from '../../functions/card/fetch-card.ts';
import type { ApiRequest } from '../../functions/http/api-request.ts';
import { EMPTY_SUMMARY } from '../../functions/invoices/deal-summary.ts';
import { DEFAULT_SETTINGS } from '../../functions/invoices/portal-settings.ts';
import { portalId } from '../support/invoice-factory.ts';

/** Never; but gives up when it is told to. */
const never = (signal: AbortSignal | undefined): Promise<never> =>
  new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));

/** Fetches a card for a request that has been under way for so long already, and tells how much longer it took. */
async function card(access: Partial<CardAccess>, underWayMs = 3_300) {
  let unavailable = 0;
  const operation = fetchCard({
    store: { dealTop: async () => ({ summary: EMPTY_SUMMARY, rows: [] }) },
    settings: async () => DEFAULT_SETTINGS,
    ticketKeys: { value: async () => ['k'.repeat(32)], fresh: async () => undefined },
    publicBaseUrl: 'https://bridge.example.com',
    now: Date.now,
    report: () => undefined,
    countUnavailable: () => {
      unavailable += 1;
    },
    ...access,
  });
  const parameters = new Map(
    Object.entries({
      userId: '7',
      userEmail: 'a@b.example',
      associatedObjectType: 'DEAL',
      associatedObjectId: '1',
    }),
  );
  const startedAt = performance.now();
  const request = { receivedAt: startedAt - underWayMs } as ApiRequest;
  const { body } = await operation(request, { portalId: portalId('1'), parameters, fields: {} });
  return { body, unavailable, milliseconds: performance.now() - startedAt };
}

test('a card’s deadline counts from its request, so that what came before the ledger’s turn is not added to it', async () => {
  const { body, milliseconds } = await card({
    store: { dealTop: (_portal, _deal, _rows, signal) => never(signal) },
  });
  expect(body).toEqual(UNAVAILABLE_CARD);
  expect(milliseconds).toBeLessThan(1_000);
});

test('a card that had no time left is explained, too', async () => {
  const { body } = await card(
    { store: { dealTop: (_portal, _deal, _rows, signal) => never(signal) } },
    9_000,
  );
  expect(body).toEqual(UNAVAILABLE_CARD);
});

test('a ticket key that doesn’t come in time costs the card its actions, and not its invoices', async () => {
  const ticketKeys = { value: () => new Promise<never>(() => {}), fresh: async () => undefined };
  const { body, unavailable, milliseconds } = await card({ ticketKeys });
  expect({ body, unavailable }).toEqual({ body: { results: [] }, unavailable: 0 });
  expect(milliseconds).toBeLessThan(1_000);
});

test('each card that can’t be shown is counted, since HubSpot gets a 200 for it', async () => {
  const out = async (): Promise<never> => {
    throw new Error('out');
  };
  expect(await card({ store: { dealTop: out } })).toMatchObject({ body: UNAVAILABLE_CARD, unavailable: 1 });
  expect(await card({ settings: out })).toMatchObject({ body: UNAVAILABLE_CARD, unavailable: 1 });
  expect(await card({})).toMatchObject({ unavailable: 0 });
});
