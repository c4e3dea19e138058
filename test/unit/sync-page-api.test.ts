import { describe, expect, test } from '@jest/globals';
import { contactInput, productInput } from '../../functions/sync/intake/record-input.ts';
import type { ArrivedRequest } from '../../local/gateway/gateway-event.ts';
import {
  REFUSED_CONTACT,
  REFUSED_PRODUCT,
  SAMPLE_CONTACTS,
  SAMPLE_PRODUCTS,
  sampleContacts,
  sampleProducts,
} from '../../local/sync-page/sample-records.ts';
import { syncApi } from '../../local/sync-page/sync-api.ts';

const none = { pending: 0, retry: 0, synced: 0, failed: 0, archived: 0 };
const health = { counts: { products: { ...none, failed: 1 }, contacts: none } };
const failed = {
  type: 'products',
  externalId: 'A/100',
  reason: 'No such option.',
  reasonCode: 'hubspot-invalid-option',
  since: '2026-11-22T09:30:00.000Z',
  attempts: 1,
};

/** The API with these answers, by method and path; what it was asked is kept. */
function apiAnswering(answers: Record<string, [status: number, body: unknown]>) {
  const asked: ArrivedRequest[] = [];
  const api = syncApi(async (request) => {
    asked.push(request);
    const [status, body] = answers[`${request.method} ${request.target.replace(/\?.*/, '')}`] ?? [404, {}];
    return { status, headers: {}, body: Buffer.from(JSON.stringify(body)) };
  }, 'the-token');
  return { api, asked };
}

describe('the page as a client of the API', () => {
  test('says how the sync stands, with the token of the portal', async () => {
    const { api, asked } = apiAnswering({
      'GET /v1/sync/health': [200, health],
      'GET /v1/sync/failures': [200, { failures: [failed], nextCursor: 'next' }],
    });
    expect(await api.standing()).toEqual({ kind: 'answered', health, failures: [failed], hasMore: true });
    expect(asked.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer the-token',
      'Bearer the-token',
    ]);
  });

  test('hands on why the API refuses', async () => {
    const { api } = apiAnswering({
      'GET /v1/sync/health': [200, health],
      'GET /v1/sync/failures': [503, { title: 'Busy.', detail: 'The table is busy.' }],
      'POST /v1/sync/replay': [500, { message: 'Internal Server Error' }],
    });
    expect(await api.standing()).toEqual({
      kind: 'refused',
      reason: 'The API answered with status 503: The table is busy.',
    });
    expect(await api.replay({ all: true })).toEqual({
      kind: 'refused',
      message: 'The API answered with status 500: {"message":"Internal Server Error"}',
    });
  });

  test('sends records and counts the verdicts', async () => {
    const verdicts = ['accepted', 'unchanged', 'accepted'].map((verdict) => ({ verdict }));
    const { api, asked } = apiAnswering({ 'POST /v1/products': [202, { results: verdicts }] });
    expect(await api.send('products', [{ externalId: '1' }])).toEqual({
      kind: 'done',
      message: 'Sent 3 products: 2 accepted, 1 unchanged.',
    });
    expect(JSON.parse(String(asked[0]?.body))).toEqual({ records: [{ externalId: '1' }] });
  });

  test('replays and says how many', async () => {
    const { api, asked } = apiAnswering({ 'POST /v1/sync/replay': [202, { replayed: 2 }] });
    const replay = { type: 'products', externalIds: ['A/100', 'B'] } as const;
    expect(await api.replay(replay)).toEqual({ kind: 'done', message: '2 records are tried again.' });
    expect(JSON.parse(String(asked[0]?.body))).toEqual(replay);
  });
});

describe('the sample records', () => {
  const at = Date.UTC(2026, 10, 22, 9, 30, 7);

  test('are taken by the intake, each with an id of its own', () => {
    const [products, contacts] = [sampleProducts(at), sampleContacts(at)];
    expect([products.length, contacts.length]).toEqual([SAMPLE_PRODUCTS, SAMPLE_CONTACTS]);
    for (const product of products) expect(productInput.safeParse(product).success).toBe(true);
    for (const contact of contacts) expect(contactInput.safeParse(contact).success).toBe(true);
    const ids = [...products, ...contacts].map(({ externalId }) => externalId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining([REFUSED_PRODUCT, REFUSED_CONTACT]));
  });

  test('have new values a second later', () => {
    const valuesAt = (time: number) => [
      ...sampleProducts(time).map(({ price }) => price),
      ...sampleContacts(time).map(({ phone }) => phone),
    ];
    const [before, after] = [valuesAt(at), valuesAt(at + 1_000)];
    expect(before.filter((value, index) => value === after[index])).toEqual([]);
  });
});
