import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { dateInTimeZone } from '../../functions/invoices/calendar.ts';
import { type Send, sendOverHttp } from '../support/http-exchange.ts';
import { callCard, cardQuery } from '../support/hubspot-caller.ts';
import { eventually, fieldsOf, invoiceBody, ledgerClient, listOf } from '../support/ledger-client.ts';
import { type RunningSimulator, startSimulator } from '../support/start-simulator.ts';

const PUBLIC = 'https://tunnel.example.com/bridge';
/** Fourteen hours ahead of UTC; Pago Pago is eleven behind, so that it is always another day there. */
const TIME_ZONE = 'Pacific/Kiritimati';
let simulator: RunningSimulator;
let send: Send;

beforeAll(async () => {
  simulator = await startSimulator({
    LOCAL_EMPTY: '1',
    PUBLIC_BASE_URL: `${PUBLIC}/`,
    HUBSPOT_CLIENT_SECRET: 'new-secret,old-secret',
    HUBSPOT_SIGNATURE_V2: 'off',
    LEDGER_TOKENS: '1001:first,2002:second',
    PORTAL_TIME_ZONE: TIME_ZONE,
    // What a developer may have set for their own work with AWS.
    AWS_PROFILE: 'somebody',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true',
    AWS_SESSION_TOKEN: 'somebody',
  });
  send = sendOverHttp(simulator.url);
});
afterAll(async () => {
  await simulator?.stop();
});

const cardStatus = async (
  call: { secret?: string; signature?: 'v2' | 'both'; publicBaseUrl?: string } = {},
) =>
  (
    await callCard(send, {
      publicBaseUrl: PUBLIC,
      secret: 'new-secret',
      query: cardQuery('9', '1001'),
      ...call,
    })
  ).status;

test('signatures cover the public URL that was set, path prefix and all', async () => {
  expect(await cardStatus()).toBe(200);
  expect(await cardStatus({ publicBaseUrl: simulator.url })).toBe(401);
});

test('every client secret in the list counts, and the default no longer', async () => {
  expect(await cardStatus({ secret: 'old-secret' })).toBe(200);
  expect(await cardStatus({ secret: 'local-client-secret' })).toBe(401);
});

test('HUBSPOT_SIGNATURE_V2=off refuses what is signed with v2 alone', async () => {
  expect(await cardStatus({ signature: 'v2' })).toBe(401);
  expect(await cardStatus({ signature: 'both' })).toBe(200);
});

test('each ledger token speaks for its own portal, and the default one for none', async () => {
  const [first, second] = [ledgerClient(send, 'first'), ledgerClient(send, 'second')];
  await first.put('INV-1', invoiceBody());
  expect([(await first.get('INV-1')).status, (await second.get('INV-1')).status]).toEqual([200, 404]);
  expect((await ledgerClient(send, 'local-ledger-token').get('INV-1')).status).toBe(401);
});

test('the time zone decides for every portal what is overdue, in the ledger and on the card', async () => {
  const days = [dateInTimeZone(Date.now(), 'Pacific/Pago_Pago'), dateInTimeZone(Date.now(), TIME_ZONE)];
  for (const [portalId, token] of [
    ['1001', 'first'],
    ['2002', 'second'],
  ] as const) {
    const ledger = ledgerClient(send, token);
    for (const [index, dueDate] of days.entries()) {
      await ledger.put(`DUE-${index}`, invoiceBody({ dueDate, issueDate: '2020-01-01', dealId: '12' }));
    }
    expect(fieldsOf(await ledger.dealInvoices('12'), 'overdue')).toEqual([true, false]);
    const card = await callCard(send, {
      publicBaseUrl: PUBLIC,
      secret: 'new-secret',
      query: cardQuery('12', portalId),
    });
    expect(fieldsOf(card, 'status', 'results')).toEqual(['overdue', 'open']);
  }
});

test('the deal page signs with the current secret over the public URL', async () => {
  const card = await send({ method: 'GET', target: '/_page/deals/12/card' });
  expect(card.body.status).toBe(200);
  expect(listOf({ ...card, body: card.body.body as Record<string, unknown> }, 'results')).toHaveLength(2);
});

test('it logs one line a request, with nothing of the query or of what is secret', async () => {
  const before = simulator.output().length;
  const ledger = ledgerClient(send, 'first');
  await ledger.put('LOGGED', invoiceBody({ customer: { name: 'Confidential Ltd' } }));
  await ledger.put('LOGGED', {});
  await ledger.call('GET', '/v1/invoices?number=Confidential');
  await cardStatus();
  await cardStatus({ secret: 'wrong' });
  await send({ method: 'GET', target: '/nowhere' });
  await send({ method: 'GET', target: '/_page/deals/12/card' });
  const lines = await eventually(
    async () => simulator.output().slice(before).trimEnd().split('\n'),
    (printed) => printed.length >= 7,
  );
  expect(lines.map((line) => line.replace(/ \d+ ms$/, ''))).toEqual([
    'PUT /v1/invoices/LOGGED 201',
    'PUT /v1/invoices/LOGGED 400',
    'GET /v1/invoices 200',
    'GET /hubspot/card 200',
    'GET /hubspot/card 401',
    'GET /nowhere 404',
    // What the deal page fetches as HubSpot would; the page's own questions aren't logged.
    'GET /hubspot/card 200',
  ]);
  expect(simulator.output()).not.toMatch(/Confidential|new-secret|old-secret|second/);
});
