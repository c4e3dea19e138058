import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { signV3 } from '../../functions/hubspot/request-signature.ts';
import { type Answer, type Send, sendOverHttp } from '../support/http-exchange.ts';
import { cardQuery } from '../support/hubspot-caller.ts';
import {
  invoiceBody,
  type LedgerClient,
  ledgerClient,
  unused,
  unusedDeal,
} from '../support/ledger-client.ts';
import { type RunningSimulator, startSimulator } from '../support/start-simulator.ts';

const PORTAL = '987654';

let simulator: RunningSimulator;
let send: Send;
let ledger: LedgerClient;
beforeAll(async () => {
  simulator = await startSimulator({ LOCAL_EMPTY: '1' });
  send = sendOverHttp(simulator.url);
  ledger = ledgerClient(send, 'local-ledger-token');
});
afterAll(async () => {
  await simulator?.stop();
});

/** An invoice that a rep creates on a deal through HubSpot, issued. Answers its id. */
async function createdInHubSpot(dealId = unusedDeal()): Promise<string> {
  const { number, status, ...fields } = invoiceBody();
  const target = `/hubspot/invoices?${cardQuery(dealId, PORTAL)}`;
  const text = JSON.stringify({ ...fields, issue: true, idempotencyKey: unused('key') });
  const signed = { method: 'POST', uri: `${simulator.url}${target}`, body: Buffer.from(text) };
  const timestamp = String(Date.now());
  const headers = {
    'content-type': 'application/json',
    'x-hubspot-signature-v3': signV3(signed, timestamp, 'local-client-secret'),
    'x-hubspot-request-timestamp': timestamp,
  };
  const answer = await send({ method: 'POST', target, body: text, headers });
  return (answer.body.invoice as { invoiceId: string }).invoiceId;
}

const give = (id: string, body: unknown, headers?: Record<string, string>): Promise<Answer> =>
  ledger.call('PUT', `/v1/invoices/${id}/external-id`, body, headers);

describe('The accounting system’s id for an invoice that began in HubSpot', () => {
  test('is given with a number, and both ids find the invoice from then on', async () => {
    const [ours, theirs] = [await createdInHubSpot(), unused('ACC-')];
    const given = await give(ours, { externalId: theirs, number: 'R-2026-1' });
    expect(given.status).toBe(200);
    expect(given.headers.etag).toBe('"2"');
    expect(given.body).toMatchObject({ invoiceId: ours, externalId: theirs, number: 'R-2026-1', version: 2 });
    expect((await ledger.get(ours)).body).toEqual(given.body);
    expect((await ledger.get(theirs)).body).toEqual(given.body);
  });

  test('given again changes nothing; another one is 409 with the invoice as it is', async () => {
    const [ours, theirs] = [await createdInHubSpot(), unused('ACC-')];
    const first = await give(ours, { externalId: theirs });
    expect((await give(ours, { externalId: theirs })).body).toEqual(first.body);
    const another = await give(ours, { externalId: unused('ACC-') });
    expect(another).toMatchObject({ status: 409, body: { current: { externalId: theirs, version: 2 } } });
  });

  test('that has an invoice is 409 with both, unless they are to be merged: then the content is theirs, the deal ours', async () => {
    const [deal, theirs, number] = [unusedDeal(), unused('ACC-'), unused('R-')];
    const ours = await createdInHubSpot(deal);
    await ledger.put(theirs, invoiceBody({ number, dueDate: '2999-03-31' }));
    const refused = await give(ours, { externalId: theirs });
    expect(refused.status).toBe(409);
    expect(refused.headers['content-type']).toBe('application/problem+json');
    expect(refused.body).toMatchObject({
      type: 'urn:ledgerbridge:problem:external-id-taken',
      current: { invoiceId: ours, version: 1 },
      other: { invoiceId: theirs, number, version: 1 },
    });

    const elseNumbered = await give(ours, { externalId: theirs, merge: true, number: unused('R-') });
    expect(elseNumbered).toMatchObject({
      status: 409,
      body: { type: 'urn:ledgerbridge:problem:number-conflict', current: { invoiceId: ours, version: 1 } },
    });

    const merged = await give(ours, { externalId: theirs, merge: true });
    expect(merged).toMatchObject({
      status: 200,
      body: {
        invoiceId: ours,
        externalId: theirs,
        number,
        dealId: deal,
        dueDate: '2999-03-31',
        origin: 'hubspot',
      },
    });
    expect((await ledger.get(theirs)).body).toEqual(merged.body);
    expect((await ledger.dealInvoices(deal)).body).toMatchObject({ summary: { invoiceCount: 1 } });
  });

  test('is given to the version that was seen, or not at all', async () => {
    const [ours, theirs] = [await createdInHubSpot(), unused('ACC-')];
    const stale = await give(ours, { externalId: theirs }, { 'if-match': '"7"' });
    expect(stale).toMatchObject({ status: 412, body: { current: { invoiceId: ours, version: 1 } } });
    expect((await ledger.get(theirs)).status).toBe(404);
  });

  test('is given to no invoice that isn’t there', async () => {
    expect((await give(unused('hs-none'), { externalId: unused('ACC-') })).status).toBe(404);
  });

  test.each<[string, object, string]>([
    ['no id', {}, 'externalId'],
    ['an id with a slash', { externalId: 'A/1' }, 'externalId'],
    ['an id that is a number', { externalId: 1 }, 'externalId'],
    ['an empty number', { externalId: 'A', number: '' }, 'number'],
    ['null for a number', { externalId: 'A', number: null }, 'number'],
    ['a merge that is a text', { externalId: 'A', merge: 'true' }, 'merge'],
    ['a field that isn’t known', { externalId: 'A', dealId: '1' }, 'dealId'],
  ])('is refused by the field’s name with %s', async (_wrong, body, field) => {
    const ours = await createdInHubSpot();
    const answer = await give(ours, body);
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field }] } });
    expect((await ledger.get(ours)).body).toMatchObject({ version: 1 });
  });

  test('is refused where it is the invoice’s own', async () => {
    const ours = await createdInHubSpot();
    const answer = await give(ours, { externalId: ours });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: 'externalId' }] } });
  });
});
