import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Answer, type Send, sendOverHttp } from '../support/http-exchange.ts';
import { allEvents, invoiceBody, type LedgerClient, ledgerClient, listOf } from '../support/ledger-client.ts';
import { type RunningSimulator, startSimulator } from '../support/start-simulator.ts';

const DEAL = '4711';
const PATH = '/v1/invoices/INV-1';
let simulator: RunningSimulator;
let send: Send;
let ledger: LedgerClient;
let before: unknown;

/** All that the ledger tells of what it holds. */
const wholeLedger = async (): Promise<unknown> => [
  (await ledger.get('INV-1')).body,
  (await ledger.dealInvoices(DEAL)).body,
  (await ledger.call('GET', '/v1/invoices?unlinked=true')).body,
];

beforeAll(async () => {
  simulator = await startSimulator({ LOCAL_EMPTY: '1' });
  send = sendOverHttp(simulator.url);
  ledger = ledgerClient(send, 'local-ledger-token');
  await ledger.put('INV-1', invoiceBody({ dealId: DEAL }));
  before = await wholeLedger();
});
afterAll(async () => {
  await simulator?.stop();
});

/** A problem document with everything that a sender needs. */
function expectProblem(answer: Answer, status: number): void {
  expect(answer.status).toBe(status);
  expect(answer.headers['content-type']).toBe('application/problem+json');
  expect(answer.body).toMatchObject({
    type: expect.stringMatching(/^urn:ledgerbridge:problem:[a-z-]+$/),
    title: expect.stringMatching(/\.$/),
    status,
    correlationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  expect(answer.headers['x-correlation-id']).toBe(answer.body.correlationId);
}

const line = (fields: object) => ({
  lines: [{ description: 'x', quantity: '1', unitPrice: '1', ...fields }],
});
const payment = (fields: object) => ({
  payments: [{ paymentId: 'p', amount: '1.00', paidAt: '2026-02-01', ...fields }],
});

/** What is wrong, the fields that make it so, and the field that the answer names first. */
const WRONG_FIELDS: [wrong: string, fields: Record<string, unknown>, field: string][] = [
  ['a field we do not know', { colour: 'red' }, 'colour'],
  ['a field we do not know in a line', line({ sku: 'A' }), 'lines[0].sku'],
  ['a field we do not know in the customer', { customer: { name: 'A', phone: '1' } }, 'customer.phone'],
  ['constructor as a field', { constructor: {} }, 'constructor'],
  ['a computed field sent back', { balance: '0.00' }, 'balance'],
  ['no number', { number: undefined }, 'number'],
  ['no number on a draft that has one', { number: null, status: 'draft' }, 'number'],
  ['an empty number', { number: '' }, 'number'],
  ['a blank number', { number: '  ' }, 'number'],
  ['a number of 65 characters', { number: 'x'.repeat(65) }, 'number'],
  ['a number with a line break', { number: 'A\nB' }, 'number'],
  ['a number with a zero byte', { number: 'A\u0000' }, 'number'],
  ['half a surrogate pair', { number: '\ud83e' }, 'number'],
  ['a JSON number as number', { number: 17 }, 'number'],
  ['no customer', { customer: undefined }, 'customer'],
  ['a customer without a name', { customer: {} }, 'customer.name'],
  ['an e-mail address that is none', { customer: { name: 'A', email: 'a@b' } }, 'customer.email'],
  ['an address in one text', { customer: { name: 'A', address: 'Street' } }, 'customer.address'],
  ['a lower-case currency', { currency: 'eur' }, 'currency'],
  ['an unknown currency', { currency: 'XYZ' }, 'currency'],
  ['no currency', { currency: undefined }, 'currency'],
  ['a date that does not exist', { issueDate: '2026-02-30' }, 'issueDate'],
  ['the 29 February of a common year', { issueDate: '2026-02-29' }, 'issueDate'],
  ['a date-time as issue date', { issueDate: '2026-01-10T00:00:00Z' }, 'issueDate'],
  ['a date in another order', { dueDate: '10.02.2999' }, 'dueDate'],
  ['a due date before the issue date', { dueDate: '2026-01-09' }, 'dueDate'],
  ['a derived status', { status: 'partially_paid' }, 'status'],
  ['overdue as status', { status: 'overdue' }, 'status'],
  ['a status in capitals', { status: 'OPEN' }, 'status'],
  ['a deal id with letters', { dealId: 'D1' }, 'dealId'],
  ['a deal id as JSON number', { dealId: 4711 }, 'dealId'],
  ['an empty deal id', { dealId: '' }, 'dealId'],
  ['no lines and no total', { lines: [] }, 'lines'],
  ['lines as an object', { lines: {} }, 'lines'],
  ['501 lines', { lines: Array(501).fill({ description: 'x', quantity: '1', unitPrice: '1' }) }, 'lines'],
  ['a JSON number as money', line({ unitPrice: 12.5 }), 'lines[0].unitPrice'],
  ['a JSON number as quantity', line({ quantity: 1 }), 'lines[0].quantity'],
  ['an exponent', line({ unitPrice: '1e3' }), 'lines[0].unitPrice'],
  ['NaN', line({ quantity: 'NaN' }), 'lines[0].quantity'],
  ['Infinity', line({ unitPrice: 'Infinity' }), 'lines[0].unitPrice'],
  ['a decimal comma', line({ unitPrice: '1,50' }), 'lines[0].unitPrice'],
  ['a plus sign', line({ unitPrice: '+1' }), 'lines[0].unitPrice'],
  ['a hexadecimal number', line({ unitPrice: '0x10' }), 'lines[0].unitPrice'],
  ['a leading zero', line({ unitPrice: '01' }), 'lines[0].unitPrice'],
  ['a point without digits after it', line({ unitPrice: '1.' }), 'lines[0].unitPrice'],
  ['a space in an amount', line({ unitPrice: ' 1' }), 'lines[0].unitPrice'],
  ['digits of another script', line({ unitPrice: '١٢' }), 'lines[0].unitPrice'],
  ['nine decimals in a unit price', line({ unitPrice: '0.123456789' }), 'lines[0].unitPrice'],
  ['16 digits in a unit price', line({ unitPrice: '1234567890123456' }), 'lines[0].unitPrice'],
  ['seven decimals in a quantity', line({ quantity: '0.1234567' }), 'lines[0].quantity'],
  ['a negative unit price', line({ unitPrice: '-1' }), 'lines[0].unitPrice'],
  ['a rate above 1', line({ taxRate: '1.01' }), 'lines[0].taxRate'],
  ['a rate in per cent', line({ taxRate: '19' }), 'lines[0].taxRate'],
  ['a negative rate', line({ taxRate: '-0.1' }), 'lines[0].taxRate'],
  ['a discount rate above 1', line({ discountRate: '1.5' }), 'lines[0].discountRate'],
  ['two kinds of discount', line({ discount: '1', discountRate: '0.1' }), 'lines[0].discountRate'],
  ['a discount finer than the currency', line({ discount: '0.001' }), 'lines[0].discount'],
  ['a description of 1,001 characters', line({ description: 'x'.repeat(1001) }), 'lines[0].description'],
  ['a total finer than the currency', { total: '1.001' }, 'total'],
  ['a total with a decimal of yen', { currency: 'JPY', total: '1.5' }, 'total'],
  ['a JSON number as total', { total: 1190 }, 'total'],
  ['a payment of zero', payment({ amount: '0.00' }), 'payments[0].amount'],
  ['a payment of minus zero', payment({ amount: '-0' }), 'payments[0].amount'],
  ['a payment without an id', payment({ paymentId: undefined }), 'payments[0].paymentId'],
  ['a payment on a day that does not exist', payment({ paidAt: '2026-13-01' }), 'payments[0].paidAt'],
  ['a payment at a time without offset', payment({ paidAt: '2026-02-01T10:00:00' }), 'payments[0].paidAt'],
  ['a payment finer than the currency', payment({ amount: '0.001' }), 'payments[0].amount'],
  [
    'one payment twice',
    { payments: [...payment({}).payments, ...payment({}).payments] },
    'payments[1].paymentId',
  ],
  ['a payment on a draft', { status: 'draft', ...payment({}) }, 'payments'],
  ['a javascript: link', { link: 'javascript:alert(1)' }, 'link'],
  ['an http: link', { link: 'http://books.example.com' }, 'link'],
  ['a link with credentials', { link: 'https://me:secret@books.example.com' }, 'link'],
  ['a data: PDF', { pdfUrl: 'data:application/pdf,x' }, 'pdfUrl'],
  ['a source time without offset', { sourceUpdatedAt: '2026-01-01T00:00:00' }, 'sourceUpdatedAt'],
  ['a source time as JSON number', { sourceUpdatedAt: 1 }, 'sourceUpdatedAt'],
];

describe('an invoice with', () => {
  test.each(WRONG_FIELDS)(
    '%s is refused by the field’s name, and nothing changes',
    async (_wrong, fields, field) => {
      const answer = await ledger.put('INV-1', invoiceBody(fields));
      expectProblem(answer, 400);
      expect(listOf(answer, 'errors')[0]).toEqual({
        field,
        problem: expect.stringMatching(/\w/),
        expected: expect.stringMatching(/\w/),
      });
      expect(await wholeLedger()).toEqual(before);
    },
  );

  test('several faults is told all of them at once, up to twenty', async () => {
    const two = await ledger.put('INV-1', invoiceBody({ currency: 'eur', issueDate: 'x', status: 'x' }));
    expect(listOf(two, 'errors').map((error) => error.field)).toEqual(['currency', 'issueDate', 'status']);
    const many = await ledger.put('INV-1', invoiceBody({ lines: Array(500).fill({}) }));
    expectProblem(many, 400);
    expect(listOf(many, 'errors')).toHaveLength(20);
    expect(many.body.detail).toMatch(/\(and \d{2,4} more\)\.$/);
  });

  test('an endless field name is answered in short', async () => {
    const answer = await ledger.put('INV-1', invoiceBody({ ['"'.repeat(500_000)]: 1 }));
    expectProblem(answer, 400);
    expect(JSON.stringify(answer.body).length).toBeLessThan(2000);
  });

  test('more than 100 kB as stored is refused with 413', async () => {
    const lines = Array(120).fill({ description: 'é'.repeat(500), quantity: '1', unitPrice: '1' });
    expectProblem(await ledger.put('INV-1', invoiceBody({ lines })), 413);
    expect(await wholeLedger()).toEqual(before);
  });

  test('lines that come to more than 15 digits is refused', async () => {
    const huge = { description: 'x', quantity: '999999999', unitPrice: '999999999999' };
    expectProblem(await ledger.put('INV-1', invoiceBody({ lines: [huge] })), 400);
    expect(await wholeLedger()).toEqual(before);
  });
});

describe('a body that is', () => {
  const deep = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
  test.each<[string, string | Buffer]>([
    ['empty', ''],
    ['not JSON', '{"number": '],
    ['a word', 'invoice'],
    ['JSON with a comment', '{} // end'],
    ['a bare NaN', '{"number": NaN}'],
    ['nested half a million deep', deep(500_000)],
    ['an invoice with __proto__', '{"__proto__": {"status": "paid"}}'],
    ['an invoice with __proto__ in a line', '{"lines": [{"__proto__": null}]}'],
    ['a list', '[]'],
    ['null', 'null'],
    ['a text', '"x"'],
    ['a JSON number', '1'],
  ])('%s is refused with 400, and nothing changes', async (_what, body) => {
    const answer = await ledger.call('PUT', PATH, body, { 'content-type': 'application/octet-stream' });
    expectProblem(answer, 400);
    expect(answer.body.detail).toEqual(expect.stringMatching(/\w/));
    expect(await wholeLedger()).toEqual(before);
  });

  // An invoice as it should be, were the byte not one that no UTF-8 text has.
  const latin1 = Buffer.from(JSON.stringify(invoiceBody({ number: 'M\xfcller' })), 'latin1');
  test.each(['application/json', 'application/octet-stream'])(
    'not UTF-8 is refused with 400 as %s, and nothing changes',
    async (contentType) => {
      const answer = await ledger.call('PUT', PATH, latin1, { 'content-type': contentType });
      expectProblem(answer, 400);
      expect(answer.body.detail).toBe('The body is not UTF-8 text.');
      expect(await wholeLedger()).toEqual(before);
    },
  );

  test('named __proto__ is refused by that name', async () => {
    const answer = await ledger.call('PUT', PATH, '{"customer": {"__proto__": {}}}');
    expect(answer.body.detail).toContain('__proto__');
  });

  test('JSON is read whatever content type it claims', async () => {
    for (const type of ['application/json', 'application/x-www-form-urlencoded', 'text/plain', 'image/png']) {
      const answer = await ledger.put('INV-1', invoiceBody({ dealId: DEAL }), { 'content-type': type });
      expect([type, answer.status, answer.body.version]).toEqual([type, 200, 1]);
    }
  });
});

describe('a path', () => {
  test.each([
    ['a slash', 'INV%2F1'],
    ['an encoded per cent', 'INV%252F1'],
    ['a space', 'INV%201'],
    ['a plus', 'INV+1'],
    ['an umlaut', '%C3%9C1'],
    ['a hash', 'INV%231'],
    ['a question mark', 'INV%3F1'],
    ['a line break', 'INV%0A1'],
    ['a line break behind a slash', 'INV/1%0A'],
    ['a zero byte', 'INV%00'],
    ['a leading point', '.INV'],
    ['two points', '..'],
    ['a leading dash', '-INV'],
    ['129 characters', 'a'.repeat(129)],
  ])('with an invoice id that has %s is refused with the rule for ids', async (_what, id) => {
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const answer = await ledger.call(
        method,
        `/v1/invoices/${id}`,
        method === 'PUT' ? invoiceBody() : undefined,
      );
      expectProblem(answer, 400);
      expect(answer.body.detail).toContain('1 to 128 letters, digits and . _ ~ -');
    }
    expect(await wholeLedger()).toEqual(before);
  });

  test.each(['D1', '0', '01', '-1', '1'.repeat(21), '4711%20'])(
    'with the deal id %s is refused',
    async (id) => {
      const answer = await ledger.call('GET', `/v1/deals/${id}/invoices`);
      expectProblem(answer, 400);
      expect(listOf(answer, 'errors')).toMatchObject([{ field: 'dealId' }]);
    },
  );

  test.each([
    ['/v1/invoicez'],
    ['/v1/invoices/'],
    ['/v1/deals/1'],
    ['/v1/deals/1/invoices/2'],
    ['/v1/foo%0Abar'],
    ['/v1/events/1'],
  ])('%s that is none of ours is 404', async (path) => {
    for (const method of ['GET', 'PUT', 'POST', 'DELETE', 'PATCH']) {
      expectProblem(await ledger.call(method, path), 404);
    }
  });

  test.each(['products', 'contacts'])(
    'an external id with a slash in a path of %s is told where it can stand',
    async (type) => {
      for (const id of ['A/100', 'A%2F100']) {
        const answer = await ledger.call('GET', `/v1/${type}/${id}`);
        expectProblem(answer, 404);
        expect(answer.body.detail).toBe(
          `There is no /v1/${type}/A/100. An external id with a slash goes into the query: GET /v1/${type}?externalId=A%2F100.`,
        );
      }
    },
  );

  test('below an invoice that is none of ours is 404, with those that there are', async () => {
    for (const path of [`${PATH}/payment`, `${PATH}/payment/p-1`, '/v1/invoices/A/B']) {
      const answer = await ledger.call('POST', path, { paymentId: 'p' });
      expectProblem(answer, 404);
      expect(answer.body.detail).toBe(
        `There is no ${path}. Below an invoice there are payments, deal, external-id; an invoice id has no slash.`,
      );
    }
  });

  test.each([
    ['PATCH', PATH, 'PUT, GET, DELETE'],
    ['POST', PATH, 'PUT, GET, DELETE'],
    ['HEAD', PATH, 'PUT, GET, DELETE'],
    ['GET', `${PATH}/payments`, 'POST'],
    ['GET', `${PATH}/deal`, 'PUT, DELETE'],
    ['DELETE', '/v1/invoices', 'GET'],
    ['POST', '/v1/events', 'GET'],
    ['PUT', '/v1/deals/1/invoices', 'GET'],
    ['TRACE', '/v1/events', 'GET'],
  ])('called with %s %s, which it doesn’t take, is 405 with what it takes', async (method, path, allow) => {
    const answer = await ledger.call(method, path);
    expect([answer.status, answer.headers.allow]).toEqual([405, allow]);
  });

  test.each([
    ['GET', `${PATH}?verbose=1`, 'verbose'],
    ['PUT', `${PATH}?dryRun=1`, 'dryRun'],
    ['DELETE', `${PATH}?force=true`, 'force'],
    ['POST', '/v1/invoices/batch?x', 'x'],
    ['GET', `/v1/deals/${DEAL}/invoices?status=open`, 'status'],
    ['GET', '/v1/events?since=1', 'since'],
  ])('called as %s %s names the parameter that it doesn’t know', async (method, target, name) => {
    const body = method === 'PUT' ? invoiceBody({ number: 'other' }) : { invoices: [{}] };
    const answer = await ledger.call(method, target, ['PUT', 'POST'].includes(method) ? body : undefined);
    expectProblem(answer, 400);
    expect(listOf(answer, 'errors')).toMatchObject([{ field: name }]);
    expect(await wholeLedger()).toEqual(before);
  });

  test('outside our prefixes is answered by API Gateway, in its own words', async () => {
    for (const target of [
      '/v1',
      '/v2/invoices',
      '//',
      '//host:x/v1',
      '/%',
      '/v1/%zz',
      '/hubspot/other',
      '*',
    ]) {
      const answer = await ledger.call('POST', target, {});
      expect([target, answer.status, answer.body.message]).toEqual([
        target,
        target.includes('%') ? 400 : 404,
        expect.stringMatching(/^(Not Found|Bad Request)$/),
      ]);
    }
    for (const target of ['//', '//host:x/v1', '/v1/..', '/../v1/invoices']) {
      expect((await send({ method: 'GET', target })).status).toBeGreaterThanOrEqual(400);
      expect((await send({ method: 'GET', target })).status).toBeLessThan(500);
    }
  });
});

test('an answer to a fault repeats at most a little of what was sent, and no token', async () => {
  const answer = await ledger.put(
    'INV-1',
    invoiceBody({ customer: { name: 'secret name '.repeat(30), email: 'no' } }),
  );
  expect(JSON.stringify(answer.body)).not.toContain('secret name '.repeat(5));
  expect(JSON.stringify(answer.body)).not.toContain('local-ledger-token');
});

test('after all of these the feed has the one event of the one invoice', async () => {
  await ledger.put('INV-LAST', invoiceBody());
  let events = await allEvents(ledger);
  while (!events.some((event) => event.invoiceId === 'INV-LAST')) events = await allEvents(ledger);
  expect(events.map((event) => event.eventId)).toEqual(['INV-1:1', 'INV-LAST:1']);
});
