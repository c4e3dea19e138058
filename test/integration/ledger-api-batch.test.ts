import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sendOverHttp } from '../support/http-exchange.ts';
import {
  allEvents,
  eventually,
  fieldsOf,
  invoiceBody,
  type LedgerClient,
  ledgerClient,
  listOf,
  unused,
  unusedDeal,
} from '../support/ledger-client.ts';
import { type RunningSimulator, startSimulator } from '../support/start-simulator.ts';

let simulator: RunningSimulator;
let ledger: LedgerClient;

beforeAll(async () => {
  simulator = await startSimulator({ LOCAL_EMPTY: '1' });
  ledger = ledgerClient(sendOverHttp(simulator.url), 'local-ledger-token');
});
afterAll(async () => {
  await simulator?.stop();
});

const entry = (invoiceId: unknown, fields: Record<string, unknown> = {}) => ({
  ...invoiceBody(fields),
  invoiceId,
});

describe('POST /v1/invoices/batch', () => {
  test('takes a hundred invoices and answers in their order', async () => {
    const deal = unusedDeal();
    const ids = Array.from({ length: 100 }, () => unused('B-'));
    const deals = [deal, undefined, unusedDeal(), null];
    const answer = await ledger.batch(ids.map((id, index) => entry(id, { dealId: deals[index % 4] })));
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      results: ids.map((invoiceId) => ({ invoiceId, outcome: 'created', version: 1 })),
    });
    expect((await ledger.dealInvoices(deal)).body.summary).toMatchObject({
      invoiceCount: 25,
      currencies: [{ currency: 'EUR', total: '29750.00' }],
    });
    const again = await ledger.batch(ids.map((id, index) => entry(id, { dealId: deals[index % 4] })));
    expect(new Set(fieldsOf(again, 'outcome', 'results'))).toEqual(new Set(['unchanged']));
  });

  test('tells created, updated, unchanged, stale and rejected apart, each with its version', async () => {
    const [was, same, stale, fresh, paid] = [
      unused('B-'),
      unused('B-'),
      unused('B-'),
      unused('B-'),
      unused('B-'),
    ];
    await ledger.batch([entry(was), entry(same), entry(stale, { sourceUpdatedAt: '2026-05-01T00:00:00Z' })]);
    await ledger.put(
      paid,
      invoiceBody({ payments: [{ paymentId: 'p', amount: '1.00', paidAt: '2026-03-01' }] }),
    );
    const answer = await ledger.batch([
      entry(was, { number: 'next' }),
      entry(same),
      entry(stale, { number: 'old', sourceUpdatedAt: '2026-04-30T00:00:00Z' }),
      entry(fresh),
      entry(paid, { status: 'draft' }),
    ]);
    expect(listOf(answer, 'results')).toEqual([
      { invoiceId: was, outcome: 'updated', version: 2 },
      { invoiceId: same, outcome: 'unchanged', version: 1 },
      { invoiceId: stale, outcome: 'stale', version: 1, problem: expect.objectContaining({ kind: 'stale' }) },
      { invoiceId: fresh, outcome: 'created', version: 1 },
      {
        invoiceId: paid,
        outcome: 'rejected',
        version: 1,
        problem: expect.objectContaining({ kind: 'payments-on-draft' }),
      },
    ]);
    expect((await ledger.get(stale)).body).toMatchObject({ number: 'INV-1' });
  });

  test('one bad invoice spoils no other, and each is told what is wrong with it', async () => {
    const [good, bad, last] = [unused('B-'), unused('B-'), unused('B-')];
    const answer = await ledger.batch([
      entry(good),
      entry(bad, { currency: 'eur', colour: 'red' }),
      entry('no good id!'),
      entry(17),
      entry(undefined),
      null,
      [],
      'text',
      { invoiceId: bad },
      entry(last),
    ]);
    expect(answer.status).toBe(200);
    const results = listOf(answer, 'results');
    expect(results.map(({ invoiceId, outcome }) => [invoiceId, outcome])).toEqual([
      [good, 'created'],
      [bad, 'rejected'],
      ['no good id!', 'rejected'],
      [null, 'rejected'],
      [null, 'rejected'],
      [null, 'rejected'],
      [null, 'rejected'],
      [null, 'rejected'],
      [bad, 'rejected'],
      [last, 'created'],
    ]);
    expect(results[1]?.problem).toMatchObject({
      kind: 'invalid-body',
      detail: expect.stringMatching(/\.$/),
      errors: [{ field: 'currency' }, { field: 'colour' }],
    });
    expect(results[2]?.problem).toMatchObject({
      errors: [{ field: 'invoiceId', problem: 'is "no good id!"' }],
    });
    expect((await ledger.get(bad)).status).toBe(404);
  });

  test('the same invoice twice is carried out in order, also when it moves between deals', async () => {
    const [id, first, second] = [unused('B-'), unusedDeal(), unusedDeal()];
    const answer = await ledger.batch([
      entry(id, { number: '1', dealId: first }),
      entry(unused('B-'), { dealId: second }),
      entry(id, { number: '2', dealId: second }),
      entry(id, { number: '2', dealId: second }),
      entry(id, { number: '3', dealId: null }),
    ]);
    expect(listOf(answer, 'results').map(({ outcome, version }) => [outcome, version])).toEqual([
      ['created', 1],
      ['created', 1],
      ['updated', 2],
      ['unchanged', 2],
      ['updated', 3],
    ]);
    expect((await ledger.get(id)).body).toMatchObject({ number: '3' });
    expect((await ledger.dealInvoices(first)).body.summary).toMatchObject({
      invoiceCount: 0,
      currencies: [],
    });
    expect((await ledger.dealInvoices(second)).body.summary).toMatchObject({ invoiceCount: 1 });
    const events = await eventually(
      async () => (await allEvents(ledger)).filter((event) => event.invoiceId === id),
      (found) => found.length === 3,
    );
    expect(events.map((event) => event.eventId)).toEqual([`${id}:1`, `${id}:2`, `${id}:3`]);
  });

  test('two batches over the same invoices at once leave each at one of the two, and the summary right', async () => {
    const deal = unusedDeal();
    const ids = Array.from({ length: 20 }, () => unused('B-'));
    const lineOf = (unitPrice: string) => [{ description: 'x', quantity: '1', unitPrice }];
    const batches = ['10.00', '20.00'].map((price) =>
      ids.map((id) => entry(id, { dealId: deal, lines: lineOf(price) })),
    );
    const answers = await Promise.all(batches.map((batch) => ledger.batch(batch)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const page = await ledger.dealInvoices(deal);
    const totals = fieldsOf(page, 'total').map(Number);
    expect(totals).toHaveLength(20);
    const sum = totals.reduce((a, b) => a + b, 0).toFixed(2);
    expect(page.body.summary).toMatchObject({ invoiceCount: 20, currencies: [{ total: sum, balance: sum }] });
  });

  test('101 invoices are refused as a whole with 413', async () => {
    const ids = Array.from({ length: 101 }, () => unused('B-'));
    const answer = await ledger.batch(ids.map((id) => entry(id)));
    expect(answer.status).toBe(413);
    expect(answer.body.detail).toContain('at most 100');
    expect((await ledger.get(ids[0] ?? '')).status).toBe(404);
  });

  test.each([
    ['no list', {}],
    ['an empty list', { invoices: [] }],
    ['null', { invoices: null }],
    ['an object', { invoices: { 0: {} } }],
    ['another field beside it', { invoices: [{}], dryRun: true }],
    ['a bare list', [{}]],
  ])('%s is refused with 400', async (_wrong, body) => {
    expect((await ledger.call('POST', '/v1/invoices/batch', body)).status).toBe(400);
  });

  test('If-Match is refused: it would guard no invoice of the batch', async () => {
    const invoiceId = unused('B-');
    const body = { invoices: [entry(invoiceId)] };
    const answer = await ledger.call('POST', '/v1/invoices/batch', body, { 'if-match': '"1"' });
    expect([answer.status, answer.body.detail]).toEqual([400, expect.stringContaining('If-Match')]);
    expect((await ledger.get(invoiceId)).status).toBe(404);
  });

  test('__proto__ in one invoice is refused by name, and nothing of the batch is carried out', async () => {
    const id = unused('B-');
    const text = JSON.stringify({ invoices: [entry(id), entry(unused('B-'))] }).replace(
      /}]}$/,
      ',"__proto__":{}}]}',
    );
    const answer = await ledger.call('POST', '/v1/invoices/batch', text);
    expect([answer.status, answer.body.detail]).toEqual([400, expect.stringContaining('__proto__')]);
    expect((await ledger.get(id)).status).toBe(404);
  });

  test('a batch that is wrong in fifty thousand places is answered in short', async () => {
    const answer = await ledger.batch(Array.from({ length: 100 }, () => ({ lines: Array(500).fill({}) })));
    expect(answer.status).toBe(200);
    expect(JSON.stringify(answer.body).length).toBeLessThan(1_000_000);
    const long = await ledger.batch([entry('"'.repeat(1_000_000), { ['"'.repeat(1_000_000)]: 1 })]);
    expect(JSON.stringify(long.body).length).toBeLessThan(5_000);
  });
});
