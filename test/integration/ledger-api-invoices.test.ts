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

/** An event of each kind takes a moment to reach the feed: the last one is waited for. */
const typesOf = async (invoiceId: string, lastVersion: number): Promise<unknown[]> => {
  const events = await eventually(
    async () => (await allEvents(ledger)).filter((event) => event.invoiceId === invoiceId),
    (found) => found.some((event) => event.eventId === `${invoiceId}:${lastVersion}`),
  );
  return events.map((event) => event.type);
};

describe('PUT /v1/invoices/{invoiceId}', () => {
  test('answers 201 with the stored invoice, its totals and its version as ETag', async () => {
    const id = unused('INV-');
    const answer = await ledger.put(id, invoiceBody({ number: 'R-1', dealId: '4711' }));
    expect(answer.status).toBe(201);
    expect(answer.headers.etag).toBe('"1"');
    expect(answer.headers['content-type']).toBe('application/json');
    expect(answer.body).toEqual({
      ...invoiceBody({ number: 'R-1', dealId: '4711' }),
      invoiceId: id,
      overdue: false,
      subtotal: '1000.00',
      taxTotal: '190.00',
      total: '1190.00',
      amountPaid: '0.00',
      balance: '1190.00',
      payments: [],
      version: 1,
      updatedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      origin: 'accounting',
    });
  });

  test('answers every field of the body as it was sent', async () => {
    const id = unused('INV-');
    const sent = invoiceBody({
      dealId: '4711',
      customer: {
        name: 'Müller & Söhne 🥐',
        email: 'buchhaltung@mueller.example',
        externalId: 'C 1/7',
        address: ['Uferstraße 12', '20457 Hamburg'],
        taxId: 'DE811234567',
      },
      lines: [
        {
          description: 'Rate\nsecond line',
          quantity: '1.500000',
          unitPrice: '0.12345678',
          discountRate: '0.1',
        },
        { description: 'Amount', quantity: '2', unitPrice: '10', discount: '0.50', taxRate: '0' },
        {
          description: 'Product',
          quantity: '-1',
          unitPrice: '3.00',
          taxRate: '0.19',
          productExternalId: 'P-1',
        },
      ],
      total: '17.99',
      payments: [
        { paymentId: 'p-1', amount: '5.00', paidAt: '2026-02-01' },
        { paymentId: 'p-2', amount: '-1.00', paidAt: '2026-02-02T10:00:00+02:00' },
      ],
      link: 'https://books.example.com/i/1?a=b#c',
      pdfUrl: 'https://books.example.com/i/1.pdf',
      sourceUpdatedAt: '2026-02-03T04:05:06.789+01:00',
    });
    await ledger.put(id, sent);
    const { status: _sentStatus, ...stated } = sent;
    const answer = await ledger.get(id);
    expect(answer.body).toMatchObject(stated);
    expect(answer.body).toMatchObject({ status: 'partially_paid', amountPaid: '4.00', balance: '13.99' });
  });

  test('answers 200 with the next version when the invoice was there', async () => {
    const id = unused('INV-');
    await ledger.put(id, invoiceBody());
    const answer = await ledger.put(id, invoiceBody({ number: 'INV-1a' }));
    expect([answer.status, answer.headers.etag, answer.body.version]).toEqual([200, '"2"', 2]);
    expect((await ledger.get(id)).body).toEqual(answer.body);
  });

  test('keeps the version and makes no event when the same is sent again, also with numbers written differently', async () => {
    const id = unused('INV-');
    const first = await ledger.put(id, invoiceBody());
    const again = await ledger.put(id, invoiceBody());
    const [line] = invoiceBody().lines as object[];
    const written = await ledger.put(
      id,
      invoiceBody({ lines: [{ ...line, quantity: '10.00', unitPrice: '100' }] }),
    );
    expect([again.status, again.headers.etag, written.status, written.headers.etag]).toEqual([
      200,
      '"1"',
      200,
      '"1"',
    ]);
    expect(again.body).toEqual(first.body);
    // A later change's event comes after whatever these would have made.
    await ledger.put(id, invoiceBody({ number: 'INV-2' }));
    expect(await typesOf(id, 2)).toEqual(['invoice.created', 'invoice.updated']);
  });

  test('keeps payments and deal that the body leaves out; null unlinks and an empty list takes payments away', async () => {
    const [id, deal] = [unused('INV-'), unusedDeal()];
    const payments = [{ paymentId: 'p', amount: '90.00', paidAt: '2026-03-01' }];
    await ledger.put(id, invoiceBody({ dealId: deal, payments }));
    const kept = await ledger.put(id, invoiceBody({ number: 'kept' }));
    expect(kept.body).toMatchObject({ dealId: deal, payments, balance: '1100.00' });
    const cleared = await ledger.put(id, invoiceBody({ dealId: null, payments: [] }));
    expect(cleared.body).not.toHaveProperty('dealId');
    expect(cleared.body).toMatchObject({ payments: [], balance: '1190.00', status: 'open' });
  });

  test('takes a change dated before the one it has for 409 with the current invoice, and the same instant in another zone for a repeat', async () => {
    const id = unused('INV-');
    const body = invoiceBody({ sourceUpdatedAt: '2026-05-01T12:00:00Z' });
    const first = await ledger.put(id, body);
    const older = await ledger.put(id, { ...body, number: 'old', sourceUpdatedAt: '2026-05-01T11:59:59Z' });
    expect(older.status).toBe(409);
    expect(older.body).toMatchObject({ current: first.body, correlationId: expect.any(String) });
    const repeat = await ledger.put(id, { ...body, sourceUpdatedAt: '2026-05-01T14:00:00+02:00' });
    expect([repeat.status, repeat.body.version]).toEqual([200, 1]);
  });

  test('lets a number repeat, and answers an id in every way it may be written', async () => {
    const longest = `${unused('a')}${'.~_-Z9'.repeat(21)}`.slice(0, 128);
    for (const id of [longest, unused('A.'), unused('0~'), unused('z_-')]) {
      expect((await ledger.put(id, invoiceBody({ number: 'SAME' }))).status).toBe(201);
      expect((await ledger.get(id)).body).toMatchObject({ invoiceId: id, number: 'SAME' });
    }
  });
});

describe('DELETE /v1/invoices/{invoiceId}', () => {
  test.each(['draft', 'void'])('takes a %s one, after which it is gone from everywhere', async (status) => {
    const [id, deal] = [unused('INV-'), unusedDeal()];
    await ledger.put(id, invoiceBody({ status, dealId: deal }));
    const answer = await ledger.remove(id);
    expect([answer.status, answer.body]).toEqual([204, {}]);
    expect((await ledger.get(id)).status).toBe(404);
    expect((await ledger.remove(id)).status).toBe(404);
    expect((await ledger.dealInvoices(deal)).body).toEqual({
      summary: { invoiceCount: 0, draftCount: 0, voidCount: 0, currencies: [] },
      invoices: [],
    });
    expect(await typesOf(id, 2)).toEqual(['invoice.created', 'invoice.deleted']);
  });

  test.each([
    ['open', {}],
    ['paid', { status: 'paid' }],
    ['partially paid', { payments: [{ paymentId: 'p', amount: '1.00', paidAt: '2026-03-01' }] }],
  ])(
    'refuses one that is %s with 409, the advice to void it and the current invoice',
    async (_status, fields) => {
      const id = unused('INV-');
      const { body: before } = await ledger.put(id, invoiceBody(fields));
      const answer = await ledger.remove(id);
      expect(answer.status).toBe(409);
      expect(answer.body).toMatchObject({
        current: before,
        detail: expect.stringContaining('void it first'),
      });
      expect((await ledger.get(id)).body).toEqual(before);
    },
  );

  test('goes on with the versions where the id returns', async () => {
    const id = unused('INV-');
    await ledger.put(id, invoiceBody({ status: 'draft' }));
    await ledger.remove(id);
    const answer = await ledger.put(id, invoiceBody());
    expect([answer.status, answer.headers.etag]).toEqual([201, '"3"']);
    expect(await typesOf(id, 3)).toEqual(['invoice.created', 'invoice.deleted', 'invoice.created']);
  });
});

describe('If-Match', () => {
  test('lets a change through on the version it names or on *, and answers 412 with the current invoice on another', async () => {
    const id = unused('INV-');
    const first = await ledger.put(id, invoiceBody());
    const second = await ledger.put(id, invoiceBody({ number: 'b' }), {
      'if-match': first.headers.etag ?? '',
    });
    expect(second.status).toBe(200);
    const stale = await ledger.put(id, invoiceBody({ number: 'c' }), { 'if-match': '"1"' });
    expect([stale.status, stale.body.current]).toEqual([412, second.body]);
    expect((await ledger.put(id, invoiceBody({ number: 'd' }), { 'if-match': '*' })).status).toBe(200);
    expect((await ledger.get(id)).body).toMatchObject({ number: 'd', version: 3 });
  });

  test('holds for payments, deals and deletions too', async () => {
    const id = unused('INV-');
    await ledger.put(id, invoiceBody());
    const { body: before } = await ledger.put(id, invoiceBody({ number: 'moved' }));
    const stale = { 'if-match': '"1"' };
    const answers = [
      await ledger.pay(id, { paymentId: 'p', amount: '1.00', paidAt: '2026-03-01' }, stale),
      await ledger.call('PUT', `/v1/invoices/${id}/deal`, { dealId: '5' }, stale),
      await ledger.call('DELETE', `/v1/invoices/${id}/deal`, undefined, stale),
      await ledger.remove(id, stale),
    ];
    expect(answers.map(({ status, body }) => [status, body.current])).toEqual(Array(4).fill([412, before]));
    expect((await ledger.get(id)).body).toEqual(before);
  });

  test('creates nothing: on an id without an invoice every version is stale', async () => {
    const id = unused('INV-');
    for (const tag of ['*', '"1"']) {
      const answer = await ledger.put(id, invoiceBody(), { 'if-match': tag });
      expect([answer.status, answer.body.current]).toEqual([412, undefined]);
    }
    expect((await ledger.get(id)).status).toBe(404);
  });

  test.each(['1', '"one"', '"1", "2"', '""', '"-1"', '"1e3"', '"1234567890123"', 'W/1', '"1'])(
    'is refused with 400 as %s',
    async (tag) => {
      const id = unused('INV-');
      const { body: before } = await ledger.put(id, invoiceBody());
      const answer = await ledger.put(id, invoiceBody({ number: 'x' }), { 'if-match': tag });
      expect(answer.status).toBe(400);
      expect(answer.body).toMatchObject({ errors: [{ field: 'If-Match' }] });
      expect((await ledger.get(id)).body).toEqual(before);
    },
  );
});

describe('settlement as it is answered', () => {
  test('“paid” without payments is settled in full, and “open” takes that back', async () => {
    const id = unused('INV-');
    const paid = await ledger.put(id, invoiceBody({ status: 'paid' }));
    expect(paid.body).toMatchObject({ status: 'paid', amountPaid: '1190.00', balance: '0.00', payments: [] });
    const open = await ledger.put(id, invoiceBody({ status: 'open' }));
    expect(open.body).toMatchObject({ status: 'open', amountPaid: '0.00', balance: '1190.00' });
  });

  test('a stated total is the truth and the difference is told; it needs no lines', async () => {
    const stated = await ledger.put(unused('INV-'), invoiceBody({ total: '1190.05' }));
    expect(stated.body).toMatchObject({ subtotal: '1000.00', roundingAmount: '0.05', total: '1190.05' });
    const bare = await ledger.put(unused('INV-'), invoiceBody({ lines: [], total: '50.00' }));
    expect(bare.body).toMatchObject({ lines: [], subtotal: '0.00', total: '50.00', roundingAmount: '50.00' });
  });

  test('every currency has its own decimals', async () => {
    const line = { description: 'x', quantity: '3', unitPrice: '312.1255' };
    const totals = [];
    for (const currency of ['JPY', 'EUR', 'KWD']) {
      totals.push((await ledger.put(unused('INV-'), invoiceBody({ currency, lines: [line] }))).body.total);
    }
    expect(totals).toEqual(['936', '936.38', '936.377']);
  });

  test('an invoice past its due date is overdue, a paid or void one is not', async () => {
    const overdue = [];
    for (const status of ['open', 'paid', 'void', 'draft']) {
      overdue.push(
        (await ledger.put(unused('INV-'), invoiceBody({ status, dueDate: '2026-01-11' }))).body.overdue,
      );
    }
    expect(overdue).toEqual([true, false, false, false]);
  });
});

test('each kind of change makes the one event that names it best', async () => {
  const [id, deal] = [unused('INV-'), unusedDeal()];
  await ledger.put(id, invoiceBody({ status: 'draft' }));
  await ledger.put(id, invoiceBody({ status: 'draft', number: 'n' }));
  await ledger.put(id, invoiceBody({ number: 'n' }));
  await ledger.call('PUT', `/v1/invoices/${id}/deal`, { dealId: deal });
  await ledger.pay(id, { paymentId: '1', amount: '90.00', paidAt: '2026-03-01' });
  await ledger.pay(id, { paymentId: '2', amount: '1100.00', paidAt: '2026-03-02' });
  await ledger.put(id, invoiceBody({ number: 'n', status: 'void' }));
  await ledger.call('DELETE', `/v1/invoices/${id}/deal`);
  await ledger.remove(id);
  expect(await typesOf(id, 9)).toEqual([
    'invoice.created',
    'invoice.updated',
    'invoice.issued',
    'invoice.linked',
    'invoice.payment_recorded',
    'invoice.paid',
    'invoice.voided',
    'invoice.unlinked',
    'invoice.deleted',
  ]);
  const events = (await allEvents(ledger)).filter((event) => event.invoiceId === id);
  expect(events.map((event) => event.eventId)).toEqual(events.map((_event, index) => `${id}:${index + 1}`));
  expect(events.map((event) => event.dealId)).toEqual([
    undefined,
    undefined,
    undefined,
    deal,
    deal,
    deal,
    deal,
    deal,
    undefined,
  ]);
  for (const event of events) {
    expect(event).toMatchObject({ actor: { kind: 'accounting' }, origin: 'accounting' });
  }
});

describe('GET /v1/invoices', () => {
  test('finds every invoice of a number, page by page, and none of a longer or shorter one', async () => {
    const number = unused('Nº 17/');
    const ids = Array.from({ length: 5 }, () => unused('N-'));
    for (const id of ids) await ledger.put(id, invoiceBody({ number }));
    await ledger.put(unused('N-'), invoiceBody({ number: `${number}0` }));
    const query = `?number=${encodeURIComponent(number)}&limit=2`;
    const found: unknown[] = [];
    let cursor = '';
    do {
      const page = await ledger.call('GET', `/v1/invoices${query}${cursor}`);
      expect(listOf(page, 'invoices').length).toBeLessThanOrEqual(2);
      found.push(...fieldsOf(page, 'invoiceId'));
      cursor = page.body.nextCursor ? `&cursor=${page.body.nextCursor}` : '';
    } while (cursor !== '');
    expect(found).toEqual([...ids].sort());
  });

  test('follows an invoice whose number changes, and forgets a deleted one', async () => {
    const [id, was, is] = [unused('INV-'), unused('was'), unused('is')];
    const findBy = async (number: string) =>
      fieldsOf(await ledger.call('GET', `/v1/invoices?number=${number}`), 'invoiceId');
    await ledger.put(id, invoiceBody({ number: was, status: 'draft' }));
    await ledger.put(id, invoiceBody({ number: is, status: 'draft' }));
    expect([await findBy(was), await findBy(is)]).toEqual([[], [id]]);
    await ledger.remove(id);
    expect(await findBy(is)).toEqual([]);
  });

  test.each([
    ['', 'number or unlinked'],
    ['?number=1&unlinked=true', 'number or unlinked'],
    ['?unlinked=true&unlinked=true', 'unlinked'],
    ['?unlinked=yes', 'unlinked'],
    ['?number=', 'number'],
    [`?number=${'x'.repeat(65)}`, 'number'],
    ['?nummer=1', 'nummer'],
    ['?number=1&number=2', 'number'],
    ['?number=1&limit=0', 'limit'],
    ['?number=1&limit=101', 'limit'],
    ['?number=1&limit=1e1', 'limit'],
    ['?number=1&cursor=', 'cursor'],
  ])('refuses the query “%s”, naming %s', async (query, field) => {
    const answer = await ledger.call('GET', `/v1/invoices${query}`);
    expect([answer.status, listOf(answer, 'errors')[0]?.field]).toEqual([400, field]);
  });

  test('refuses a number longer than any key of the table', async () => {
    const answer = await ledger.call('GET', `/v1/invoices?number=${'x'.repeat(5000)}`);
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body).length).toBeLessThan(1000);
  });
});
