import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Send, sendOverHttp } from '../support/http-exchange.ts';
import {
  allEvents,
  eventually,
  fieldsOf,
  invoiceBody,
  type LedgerClient,
  ledgerClient,
} from '../support/ledger-client.ts';
import { type RunningSimulator, startSimulator } from '../support/start-simulator.ts';

describe('a ledger token', () => {
  let simulator: RunningSimulator;
  let send: Send;
  let first: LedgerClient;
  let second: LedgerClient;

  beforeAll(async () => {
    simulator = await startSimulator({
      LOCAL_EMPTY: '1',
      LEDGER_TOKENS: '1001:first-token, 2002:second-token',
    });
    send = sendOverHttp(simulator.url);
    first = ledgerClient(send, 'first-token');
    second = ledgerClient(send, 'second-token');
    await first.put('INV-1', invoiceBody({ dealId: '7', number: 'MINE' }));
  });
  afterAll(async () => {
    await simulator?.stop();
  });

  test.each<[string, string | undefined]>([
    ['missing', undefined],
    ['empty', ''],
    ['without the word Bearer', 'first-token'],
    ['empty behind Bearer', 'Bearer '],
    ['of nobody', 'Bearer third-token'],
    ['longer than the right one', 'Bearer first-token-'],
    ['in other capitals', 'Bearer FIRST-TOKEN'],
    ['one of two', 'Bearer first-token second-token'],
    ['sent as Basic', `Basic ${Buffer.from('1001:first-token').toString('base64')}`],
    ['endlessly long', `Bearer ${'x'.repeat(9000)}`],
  ])('that is %s is 401 everywhere, with the scheme and without a reason', async (_what, authorization) => {
    const headers = authorization === undefined ? undefined : { authorization };
    for (const [method, target] of [
      ['GET', '/v1/invoices/INV-1'],
      ['PUT', '/v1/invoices/INV-1'],
      ['POST', '/v1/invoices/batch'],
      ['GET', '/v1/events'],
      ['GET', '/v1/nothing'],
    ] as const) {
      const answer = await send({ method, target, ...(headers ? { headers } : {}) });
      expect([answer.status, answer.headers['www-authenticate']]).toEqual([401, 'Bearer']);
      expect(answer.body).toEqual({
        type: 'urn:ledgerbridge:problem:unauthorized',
        title: 'The request is not authorized.',
        status: 401,
        correlationId: expect.any(String),
      });
    }
    expect((await first.get('INV-1')).body.version).toBe(1);
  });

  test('is taken whatever the case of its scheme', async () => {
    const headers = { authorization: 'bearer first-token' };
    expect((await send({ method: 'GET', target: '/v1/invoices/INV-1', headers })).status).toBe(200);
  });

  test('of another portal finds nothing: 404 for every call, as if the invoice were not there', async () => {
    const body = { paymentId: 'p', amount: '1.00', paidAt: '2026-03-01' };
    const answers = [
      await second.get('INV-1'),
      await second.remove('INV-1'),
      await second.pay('INV-1', body),
      await second.call('PUT', '/v1/invoices/INV-1/deal', { dealId: '7' }),
      await second.call('DELETE', '/v1/invoices/INV-1/deal'),
    ];
    expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(404));
    expect(fieldsOf(await second.dealInvoices('7'), 'invoiceId')).toEqual([]);
    expect(fieldsOf(await second.call('GET', '/v1/invoices?number=MINE'), 'invoiceId')).toEqual([]);
    expect(fieldsOf(await second.call('GET', '/v1/invoices?unlinked=true'), 'invoiceId')).toEqual([]);
    expect((await first.get('INV-1')).body).toMatchObject({ version: 1, dealId: '7' });
  });

  test('keeps the same invoice id of two portals apart, in lists, summaries and feeds too', async () => {
    const mine = await first.put('SAME', invoiceBody({ dealId: '8', number: 'first' }));
    const theirs = await second.put('SAME', invoiceBody({ dealId: '8', number: 'second', status: 'draft' }));
    expect([mine.status, theirs.status]).toEqual([201, 201]);
    expect((await second.remove('SAME')).status).toBe(204);
    expect((await first.get('SAME')).body).toMatchObject({ number: 'first', version: 1 });
    expect((await first.dealInvoices('8')).body.summary).toMatchObject({ invoiceCount: 1, draftCount: 0 });
    expect((await second.dealInvoices('8')).body.summary).toMatchObject({ invoiceCount: 0 });
    const feed = await eventually(
      () => allEvents(second),
      (events) => events.length >= 2,
    );
    expect(feed.map((event) => [event.eventId, event.type])).toEqual([
      ['SAME:1', 'invoice.created'],
      ['SAME:2', 'invoice.deleted'],
    ]);
    const own = await eventually(
      () => allEvents(first),
      (events) => events.length >= 2,
    );
    expect(own.map((event) => event.eventId)).toEqual(['INV-1:1', 'SAME:1']);
  });

  test('stands in no line of the log', async () => {
    await send({
      method: 'GET',
      target: '/v1/invoices?number=first-token',
      headers: { authorization: 'Bearer third-token' },
    });
    expect(simulator.output()).not.toMatch(/third-token|second-token/);
    expect(simulator.output().match(/first-token/g)).toHaveLength(1); // where the start says how to call the API
  });
});
