import { Signature } from '@hubspot/api-client';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Answer } from '../support/http-exchange.ts';
import { type CardCall, callCard, cardHeaders, cardQuery } from '../support/hubspot-caller.ts';
import { invoiceBody, ledgerClient, listOf } from '../support/ledger-client.ts';
import { type RealLedger, startRealLedger } from '../support/real-ledger.ts';

const PUBLIC = 'https://bridge.example.com/accounting/v7';
const QUERY = cardQuery('31', '987654');
let real: RealLedger;

beforeAll(async () => {
  real = await startRealLedger({
    PUBLIC_BASE_URL: PUBLIC,
    HUBSPOT_CLIENT_SECRET: 'current-secret, previous-secret',
  });
  await ledgerClient(real.send, 'local-ledger-token').put('INV-1', invoiceBody({ dealId: '31' }));
});
afterAll(async () => {
  await real?.close();
});

const fetchCard = (call: Partial<CardCall> = {}): Promise<Answer> =>
  callCard(real.send, { publicBaseUrl: PUBLIC, secret: 'current-secret', query: QUERY, ...call });

function expectShown(answer: Answer): void {
  expect(answer.status).toBe(200);
  expect(listOf(answer, 'results')).toHaveLength(1);
}

/** Not a word on what was wrong. */
function expectRefused(answer: Answer): void {
  expect(answer.body).toEqual({
    type: 'urn:ledgerbridge:problem:unauthorized',
    title: 'The request is not authorized.',
    status: 401,
    correlationId: expect.any(String),
  });
  expect(answer.status).toBe(401);
  expect(answer.headers).not.toHaveProperty('www-authenticate');
}

describe('a card fetch is answered', () => {
  test.each(['v3', 'v2', 'both'] as const)(
    'signed with %s over the public URL, path prefix and all',
    async (signature) => {
      expectShown(await fetchCard({ signature }));
    },
  );

  test('signed with v3 over the raw or the decoded URL, and v2 over the raw one only', async () => {
    const query = QUERY.replace('@', '%40');
    expectShown(await fetchCard({ query, signature: 'v3' }));
    expectShown(await fetchCard({ query, signature: 'v3-decoded' }));
    expectShown(await fetchCard({ query, signature: 'v2' }));
  });

  test.each(['v2', 'v3'] as const)('signed with %s by HubSpot’s own library', async (version) => {
    const timestamp = Date.now();
    const hash = Signature.getSignature('GET', version, {
      clientSecret: 'current-secret',
      url: `${PUBLIC}/hubspot/card?${QUERY}`,
      requestBody: '',
      timestamp,
      signature: '',
    });
    const headers: Record<string, string> =
      version === 'v3'
        ? { 'X-HubSpot-Signature-v3': hash, 'X-HubSpot-Request-Timestamp': String(timestamp) }
        : { 'X-HubSpot-Signature': hash, 'X-HubSpot-Signature-Version': 'v2' };
    expectShown(await real.send({ method: 'GET', target: `/hubspot/card?${QUERY}`, headers }));
  });

  test('signed up to five minutes ago, or dated up to a minute ahead', async () => {
    expectShown(await fetchCard({ timestamp: Date.now() - 295_000 }));
    expectShown(await fetchCard({ timestamp: Date.now() + 55_000 }));
  });

  test('a second time: HubSpot may send a request again', async () => {
    const timestamp = Date.now();
    expectShown(await fetchCard({ timestamp }));
    expectShown(await fetchCard({ timestamp }));
  });

  test('signed with the secret before the current one', async () => {
    expectShown(await fetchCard({ secret: 'previous-secret' }));
    expectShown(await fetchCard({ secret: 'previous-secret', signature: 'v2' }));
  });
});

describe('a card fetch is 401, without a reason,', () => {
  test.each<[string, Partial<CardCall>]>([
    ['signed with another secret', { secret: 'other-secret' }],
    ['signed with v2 and another secret', { secret: 'other-secret', signature: 'v2' }],
    ['signed with no secret', { secret: '' }],
    ['signed with both secrets as they are stored', { secret: 'current-secret, previous-secret' }],
    ['signed over the address it came to', { publicBaseUrl: 'http://127.0.0.1:3000' }],
    ['signed over the public URL without its prefix', { publicBaseUrl: 'https://bridge.example.com' }],
    ['signed over another scheme', { publicBaseUrl: PUBLIC.replace('https', 'http') }],
    ['more than five minutes old', { timestamp: Date.now() - 301_000 }],
    ['dated more than a minute ahead', { timestamp: Date.now() + 120_000 }],
    ['with a timestamp in seconds', { timestamp: Math.floor(Date.now() / 1000) }],
    ['with a timestamp that is no number', { timestamp: `${Date.now()}.0` }],
    [
      'with another timestamp than was signed',
      { headers: { 'x-hubspot-request-timestamp': String(Date.now() - 1) } },
    ],
    ['without its timestamp', { headers: { 'x-hubspot-request-timestamp': undefined } }],
    ['without a signature', { headers: { 'x-hubspot-signature-v3': undefined } }],
    ['with an empty signature', { headers: { 'x-hubspot-signature-v3': '' } }],
    ['with a signature in hex', { headers: { 'x-hubspot-signature-v3': 'ab'.repeat(32) } }],
    [
      'with a good v2 but a wrong v3 signature',
      { signature: 'both', headers: { 'x-hubspot-signature-v3': `${'A'.repeat(43)}=` } },
    ],
    ['with a v2 signature called v1', { signature: 'v2', headers: { 'x-hubspot-signature-version': 'v1' } }],
    [
      'with a v2 signature called nothing',
      { signature: 'v2', headers: { 'x-hubspot-signature-version': undefined } },
    ],
  ])('%s', async (_what, call) => {
    expectRefused(await fetchCard(call));
  });

  test('when a parameter was changed, added, taken away or moved after signing', async () => {
    const headersOf = { publicBaseUrl: PUBLIC, secret: 'current-secret', query: QUERY } satisfies CardCall;
    const queries = [
      QUERY.replace('987654', '987655'),
      `${QUERY}&appId=1`,
      `${QUERY}&`,
      QUERY.replace(/&portalId=\d+/, ''),
      QUERY.split('&').reverse().join('&'),
      QUERY.replace('=31', '=%33%31'),
      '',
    ];
    for (const query of queries) {
      for (const signature of ['v3', 'v2'] as const) {
        const headers = cardHeaders({ ...headersOf, signature });
        expectRefused(await real.send({ method: 'GET', target: `/hubspot/card?${query}`, headers }));
      }
    }
  });

  test('before anything else about it is said', async () => {
    expectRefused(await fetchCard({ secret: 'other-secret', query: 'portalId=x&portalId=y' }));
  });
});

test('a body on a GET is refused though it is signed: it could stand in for the end of the query', async () => {
  // Joined without separators, the signed text is the same with the last two characters in the query or in the body.
  const timestamp = Date.now();
  const honest = {
    publicBaseUrl: PUBLIC,
    secret: 'current-secret',
    query: cardQuery('31', '987654'),
    timestamp,
  };
  const answer = await real.send({
    method: 'GET',
    target: `/hubspot/card?${honest.query.slice(0, -2)}`,
    headers: cardHeaders(honest),
    body: Buffer.from(honest.query.slice(-2)),
  });
  expect([answer.status, listOf(answer, 'errors')[0]?.field]).toEqual([400, 'body']);
});
