import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { callCard, cardQuery } from '../support/hubspot-caller.ts';
import { ledgerClient } from '../support/ledger-client.ts';
import { type RealLedger, startRealLedger } from '../support/real-ledger.ts';

let real: RealLedger;

beforeAll(async () => {
  real = await startRealLedger({
    LEDGER_TOKENS: '1001:old-token',
    HUBSPOT_CLIENT_SECRET: 'old-secret',
  });
});
afterAll(async () => {
  await real?.close();
});

const withToken = async (token: string): Promise<number> =>
  (await ledgerClient(real.send, token).dealInvoices('1')).status;

const withSecret = async (secret: string): Promise<number> => {
  const call = { publicBaseUrl: real.publicBaseUrl, secret, query: cardQuery('1', '1001') };
  return (await callCard(real.send, call)).status;
};

test('a new ledger token is taken at once, by all who come with it; the old one goes, and the new one outlasts an outage of Secrets Manager', async () => {
  expect(await withToken('old-token')).toBe(200);
  real.secrets.tokens = { 'new-token': '1001' };
  expect(await Promise.all(Array.from({ length: 5 }, () => withToken('new-token')))).toEqual(
    Array(5).fill(200),
  );
  expect(await withToken('old-token')).toBe(401);
  real.secrets.out = true;
  expect([await withToken('new-token'), await withToken('old-token')]).toEqual([200, 401]);
  real.secrets.out = false;
});

test('a new client secret is taken at once, by all requests signed with it; both count while both are listed, and outlast an outage', async () => {
  expect(await withSecret('old-secret')).toBe(200);
  real.secrets.clientSecrets = 'new-secret,old-secret';
  expect(await Promise.all(Array.from({ length: 5 }, () => withSecret('new-secret')))).toEqual(
    Array(5).fill(200),
  );
  real.secrets.out = true;
  expect([await withSecret('new-secret'), await withSecret('old-secret')]).toEqual([200, 200]);
  expect(await withSecret('third-secret')).toBe(401);
  real.secrets.out = false;
});
