import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sendOverHttp } from '../support/http-exchange.ts';
import {
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

const link = (id: string, body: unknown) => ledger.call('PUT', `/v1/invoices/${id}/deal`, body);
const unlink = (id: string) => ledger.call('DELETE', `/v1/invoices/${id}/deal`);
const idsOn = async (deal: string) => fieldsOf(await ledger.dealInvoices(deal), 'invoiceId');
const unlinkedIds = async () =>
  fieldsOf(await ledger.call('GET', '/v1/invoices?unlinked=true&limit=100'), 'invoiceId');
const cursorOf = (position: string) => Buffer.from(position).toString('base64url');

describe('PUT and DELETE /v1/invoices/{invoiceId}/deal', () => {
  test('link, move and unlink: the invoice is always in exactly one place, and so are its amounts', async () => {
    const [id, first, second] = [unused('L-'), unusedDeal(), unusedDeal()];
    await ledger.put(id, invoiceBody());
    const places = async () => [await idsOn(first), await idsOn(second), (await unlinkedIds()).includes(id)];
    expect(await places()).toEqual([[], [], true]);
    const linked = await link(id, { dealId: first });
    expect([linked.status, linked.headers.etag, linked.body.dealId]).toEqual([200, '"2"', first]);
    expect(await places()).toEqual([[id], [], false]);
    await link(id, { dealId: second });
    expect(await places()).toEqual([[], [id], false]);
    const totals = { currency: 'EUR', total: '1190.00', amountPaid: '0.00', balance: '1190.00' };
    expect((await ledger.dealInvoices(first)).body.summary).toMatchObject({
      invoiceCount: 0,
      currencies: [],
    });
    expect((await ledger.dealInvoices(second)).body.summary).toMatchObject({
      invoiceCount: 1,
      currencies: [totals],
    });
    const unlinked = await unlink(id);
    expect([unlinked.status, unlinked.body.dealId]).toEqual([200, undefined]);
    expect(await places()).toEqual([[], [], true]);
  });

  test('the same again changes nothing', async () => {
    const [id, deal] = [unused('L-'), unusedDeal()];
    await ledger.put(id, invoiceBody({ dealId: deal }));
    expect((await link(id, { dealId: deal })).body.version).toBe(1);
    await unlink(id);
    expect((await unlink(id)).body.version).toBe(2);
  });

  test('are 404 for an invoice that does not exist', async () => {
    expect([(await link('NOT-THERE', { dealId: '1' })).status, (await unlink('NOT-THERE')).status]).toEqual([
      404, 404,
    ]);
  });

  test.each([
    ['null', { dealId: null }],
    ['a JSON number', { dealId: 5 }],
    ['letters', { dealId: 'abc' }],
    ['nothing', {}],
    ['another field', { dealId: '5', deal: '5' }],
    ['a list', ['5']],
  ])('refuse %s as deal with 400', async (_wrong, body) => {
    const id = unused('L-');
    await ledger.put(id, invoiceBody());
    expect((await link(id, body)).status).toBe(400);
    expect((await ledger.get(id)).body).toMatchObject({ version: 1 });
  });
});

describe('GET /v1/deals/{dealId}/invoices', () => {
  test('answers the card’s order: open by due date, drafts, paid, void, each newest first, ties by number and id', async () => {
    const deal = unusedDeal();
    const paid = (paidAt: string) => ({
      status: 'paid',
      payments: [{ paymentId: 'p', amount: '1.00', paidAt }],
    });
    const inOrder: [string, Record<string, unknown>][] = [
      ['open-due-first', { dueDate: '2026-02-01' }],
      ['open-9-a', { dueDate: '2026-03-01', number: 'N-9' }],
      ['open-9-b', { dueDate: '2026-03-01', number: 'N-9' }],
      ['open-10', { dueDate: '2026-03-01', number: 'N-10' }],
      [
        'partial',
        { dueDate: '2026-04-01', payments: [{ paymentId: 'p', amount: '1.00', paidAt: '2026-02-01' }] },
      ],
      ['draft-new', { status: 'draft', issueDate: '2026-05-02' }],
      ['draft-old', { status: 'draft', issueDate: '2026-05-01' }],
      ['paid-late', paid('2026-06-02')],
      ['paid-by-flag', { status: 'paid', issueDate: '2026-06-01' }],
      ['paid-early', paid('2026-05-31T23:59:59Z')],
      ['void-new', { status: 'void', issueDate: '2026-07-02' }],
      ['void-old', { status: 'void', issueDate: '2026-07-01' }],
    ];
    const names = inOrder.map(([name]) => name);
    const prefix = unused('O');
    for (const [name, fields] of inOrder.toReversed()) {
      await ledger.put(`${prefix}-${name}`, invoiceBody({ dealId: deal, ...fields }));
    }
    const answer = await ledger.dealInvoices(deal);
    expect(fieldsOf(answer, 'invoiceId')).toEqual(names.map((name) => `${prefix}-${name}`));
    expect(answer.body).not.toHaveProperty('nextCursor');
    expect(answer.body.summary).toEqual({
      invoiceCount: 12,
      draftCount: 2,
      voidCount: 2,
      currencies: [{ currency: 'EUR', total: '9520.00', amountPaid: '3571.00', balance: '5949.00' }],
    });
    const [first] = listOf(answer, 'invoices');
    expect(first).toEqual((await ledger.get(`${prefix}-open-due-first`)).body);
  });

  test('never adds currencies together', async () => {
    const deal = unusedDeal();
    for (const [currency, unitPrice] of [
      ['KWD', '1.125'],
      ['JPY', '480000'],
      ['EUR', '1250.50'],
      ['EUR', '0.50'],
    ]) {
      await ledger.put(
        unused('C-'),
        invoiceBody({ dealId: deal, currency, lines: [{ description: 'x', quantity: '1', unitPrice }] }),
      );
    }
    const sums = (currency: string, total: string, none: string) => ({
      currency,
      total,
      amountPaid: none,
      balance: total,
    });
    expect((await ledger.dealInvoices(deal)).body.summary).toMatchObject({
      invoiceCount: 4,
      currencies: [sums('EUR', '1251.00', '0.00'), sums('JPY', '480000', '0'), sums('KWD', '1.125', '0.000')],
    });
  });

  test('pages give every invoice once, in order, whatever the limit', async () => {
    const deal = unusedDeal();
    const all = Array.from({ length: 27 }, (_, index) => ({
      ...invoiceBody({
        dealId: deal,
        number: `P-${index}`,
        status: (['open', 'draft', 'paid', 'void'] as const)[index % 4],
      }),
      invoiceId: unused('P-'),
    }));
    await ledger.batch(all);
    const whole = fieldsOf(await ledger.dealInvoices(deal, '?limit=100'), 'invoiceId');
    expect(whole).toHaveLength(27);
    expect(fieldsOf(await ledger.dealInvoices(deal), 'invoiceId')).toEqual(whole.slice(0, 25));
    for (const limit of [1, 7, 26, 27]) {
      const found: unknown[] = [];
      let query = `?limit=${limit}`;
      while (query !== '') {
        const page = await ledger.dealInvoices(deal, query);
        expect(page.body.summary).toMatchObject({ invoiceCount: 27 });
        found.push(...fieldsOf(page, 'invoiceId'));
        query = page.body.nextCursor ? `?limit=${limit}&cursor=${page.body.nextCursor}` : '';
      }
      expect(found).toEqual(whole);
    }
  });

  test('is empty for a deal we know nothing of', async () => {
    expect(await ledger.dealInvoices(unusedDeal())).toMatchObject({
      status: 200,
      body: { summary: { invoiceCount: 0, draftCount: 0, voidCount: 0, currencies: [] }, invoices: [] },
    });
  });

  test.each(['0', '-1', '101', '1.5', 'ten', '', '1e1', '0x1', '%31%20'])(
    'refuses the limit “%s”',
    async (limit) => {
      const answer = await ledger.dealInvoices('1', `?limit=${limit}`);
      expect([answer.status, listOf(answer, 'errors')[0]?.field]).toEqual([400, 'limit']);
    },
  );

  test.each([
    ['nothing', ''],
    ['no base64', '%24%24'],
    [
      'another alphabet of base64',
      Buffer.from('row#1#\u{1f600}\u{1f600}~~~').toString('base64').replaceAll('+', '%2B'),
    ],
    ['bytes that are no text', Buffer.from([0x72, 0x6f, 0x77, 0x23, 0xff]).toString('base64url')],
    ['the summary’s key', cursorOf('!summary')],
    ['a key of another kind', cursorOf('event#000000000001')],
    ['JSON', cursorOf('{"pk":"987654#deal#1","sk":"row#"}')],
    ['a key longer than DynamoDB takes', cursorOf(`row#1#${'x'.repeat(1100)}`)],
    ['a page’s cursor with something behind', `${cursorOf('row#1#2026-01-01')}=`],
    ['a position among numbers', cursorOf('INV-1')],
  ])('refuses a forged cursor: %s', async (_what, cursor) => {
    for (const target of [
      `/v1/deals/1/invoices?cursor=${cursor}`,
      `/v1/invoices?unlinked=true&cursor=${cursor}`,
    ]) {
      const answer = await ledger.call('GET', target);
      expect([answer.status, listOf(answer, 'errors')[0]?.field]).toEqual([400, 'cursor']);
    }
  });

  test('gives no foreign row for the cursor of another deal, or of the invoices on none', async () => {
    const [mine, other] = [unusedDeal(), unusedDeal()];
    const own = [unused('A-'), unused('A-'), unused('A-')];
    for (const id of own) await ledger.put(id, invoiceBody({ dealId: mine }));
    for (const id of [unused('B-'), unused('B-')]) await ledger.put(id, invoiceBody({ dealId: other }));
    await ledger.put(unused('U-'), invoiceBody());
    await ledger.put(unused('U-'), invoiceBody());
    const cursors = [
      (await ledger.dealInvoices(other, '?limit=1')).body.nextCursor,
      (await ledger.call('GET', '/v1/invoices?unlinked=true&limit=1')).body.nextCursor,
    ];
    for (const cursor of cursors) {
      expect(cursor).toEqual(expect.any(String));
      const found = fieldsOf(await ledger.dealInvoices(mine, `?cursor=${cursor}`), 'invoiceId');
      expect(found.filter((id) => !own.includes(String(id)))).toEqual([]);
    }
  });

  test('refuses a deal’s cursor among the invoices of a number', async () => {
    const deal = unusedDeal();
    for (const id of [unused('A-'), unused('A-')]) await ledger.put(id, invoiceBody({ dealId: deal }));
    const cursor = (await ledger.dealInvoices(deal, '?limit=1')).body.nextCursor;
    expect((await ledger.call('GET', `/v1/invoices?number=INV-1&cursor=${cursor}`)).status).toBe(400);
  });
});

test('GET /v1/invoices?unlinked=true pages through what has no deal, each once', async () => {
  const ids = Array.from({ length: 5 }, () => unused('U-'));
  for (const id of ids) await ledger.put(id, invoiceBody());
  const found: unknown[] = [];
  let query = '?unlinked=true&limit=2';
  while (query !== '') {
    const page = await ledger.call('GET', `/v1/invoices${query}`);
    expect(page.body).not.toHaveProperty('summary');
    found.push(...fieldsOf(page, 'invoiceId'));
    query = page.body.nextCursor ? `?unlinked=true&limit=2&cursor=${page.body.nextCursor}` : '';
  }
  expect(found).toHaveLength(new Set(found).size);
  expect(found).toEqual(expect.arrayContaining(ids));
});
