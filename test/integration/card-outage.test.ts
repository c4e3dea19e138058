import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import type { Answer } from '../support/http-exchange.ts';
import { callCard, cardQuery } from '../support/hubspot-caller.ts';
import { invoiceBody, type LedgerClient, ledgerClient, listOf } from '../support/ledger-client.ts';
import { type RealLedger, startRealLedger } from '../support/real-ledger.ts';

let real: RealLedger;
let ledger: LedgerClient;

beforeAll(async () => {
  real = await startRealLedger({
    HUBSPOT_CLIENT_SECRET: 'secret',
    LEDGER_TOKENS: '987654:token,1001:a,1002:b,1003:c,1004:d',
  });
  ledger = ledgerClient(real.send, 'token');
  for (const token of ['token', 'a', 'b', 'c', 'd']) {
    await ledgerClient(real.send, token).put('INV-1', invoiceBody({ dealId: '31' }));
  }
});
afterAll(async () => {
  await real?.close();
});
afterEach(() => {
  real.embedded.faults.reset();
});

const fetchCard = (portalId: string, timestamp = Date.now()): Promise<Answer> =>
  callCard(real.send, {
    publicBaseUrl: real.publicBaseUrl,
    secret: 'secret',
    query: cardQuery('31', portalId),
    timestamp,
  });

async function timed(answer: Promise<Answer>): Promise<[Answer, number]> {
  const startedAt = performance.now();
  return [await answer, performance.now() - startedAt];
}

function expectExplained([answer, milliseconds]: [Answer, number]): void {
  expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/json']);
  expect(listOf(answer, 'results')).toEqual([
    {
      objectId: expect.any(Number),
      title: 'Invoices can’t be shown right now',
      properties: [{ label: 'What to do', dataType: 'STRING', value: expect.stringContaining('Reload') }],
    },
  ]);
  expect(milliseconds).toBeLessThan(4_000);
}

test('a ledger that can’t be reached is explained on the card, within four seconds, and the card is back with it', async () => {
  real.embedded.faults.unreachable(true);
  expectExplained(await timed(fetchCard('1001')));
  real.embedded.faults.unreachable(false);
  expect(listOf(await fetchCard('1001'), 'results')).toMatchObject([{ title: 'INV-1' }]);
});

test('a ledger that is too slow is explained on the card, within four seconds', async () => {
  real.embedded.faults.delayNext(20, 10_000);
  expectExplained(await timed(fetchCard('1002')));
});

test('a ledger and a Secrets Manager that both never answer are explained on the card, within four seconds', async () => {
  await fetchCard('1002');
  const timestamp = Date.now();
  // What was read of the secrets has become too old to be used without asking.
  const later = jest.spyOn(Date, 'now').mockReturnValue(timestamp + 61_000);
  real.secrets.silent = true;
  real.embedded.faults.delayNext(20, 10_000);
  try {
    expectExplained(await timed(fetchCard('1002', timestamp)));
  } finally {
    later.mockRestore();
    real.secrets.silent = false;
  }
});

test('a ledger that is slow once is asked again in time', async () => {
  await fetchCard('1003');
  real.embedded.faults.delayNext(1, 10_000);
  const [answer, milliseconds] = await timed(fetchCard('1003'));
  expect(listOf(answer, 'results')).toMatchObject([{ title: 'INV-1' }]);
  expect(milliseconds).toBeLessThan(4_000);
});

test('a ledger that throttles for a moment is asked again', async () => {
  real.embedded.faults.throttleNext(2, 'Query');
  expect(listOf(await fetchCard('1003'), 'results')).toMatchObject([{ title: 'INV-1' }]);
});

test('a bad signature is 401 and a bad object type 400 also while the ledger is out', async () => {
  real.embedded.faults.unreachable(true);
  const call = { publicBaseUrl: real.publicBaseUrl, secret: 'wrong', query: cardQuery('31', '1003') };
  expect((await callCard(real.send, call)).status).toBe(401);
  const query = cardQuery('31', '1003', { associatedObjectType: 'NONSENSE' });
  expect((await callCard(real.send, { ...call, secret: 'secret', query })).status).toBe(400);
});

test('a card is one strongly consistent query, once the portal’s settings are known', async () => {
  await fetchCard('1004');
  real.embedded.resetRequests();
  for (let count = 0; count < 5; count++) await fetchCard('1004');
  expect(real.embedded.requests).toEqual({ Query: 5 });
});

test('the ledger API answers a 5xx problem without a word of the cause, and nothing is half done', async () => {
  real.embedded.faults.unreachable(true);
  const answer = await ledger.put('INV-2', invoiceBody({ dealId: '31' }));
  expect(answer.status).toBe(500);
  expect(answer.headers['content-type']).toBe('application/problem+json');
  expect(JSON.stringify(answer.body)).not.toMatch(/ECONN|127\.0\.0\.1|dynamo/i);
  real.embedded.faults.unreachable(false);
  expect((await ledger.get('INV-2')).status).toBe(404);
  expect((await ledger.put('INV-2', invoiceBody({ dealId: '31' }))).status).toBe(201);
});

test('a transaction that meets others is tried again, and the answer is as if it had not', async () => {
  real.embedded.faults.conflictNext(3);
  expect((await ledger.put('INV-3', invoiceBody({ dealId: '31' }))).body).toMatchObject({ version: 1 });
});
