import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Answer, type Send, sendOverHttp } from '../support/http-exchange.ts';
import {
  allEvents,
  eventually,
  invoiceBody,
  type LedgerClient,
  ledgerClient,
  listOf,
} from '../support/ledger-client.ts';
import { type RunningSimulator, startSimulator } from '../support/start-simulator.ts';

const RUNS = 300;
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

/** Whatever was sent: an answer of ours or of the gateway's, never a fault on our side. */
function expectOrderly({ status, headers, body }: Answer): void {
  expect(status).toBeGreaterThanOrEqual(200);
  expect(status).toBeLessThan(500);
  if (status < 400 || headers['content-type'] !== 'application/problem+json') return;
  if (Object.keys(body).length === 0) return; // HEAD
  expect(body).toMatchObject({
    type: expect.stringMatching(/^urn:ledgerbridge:problem:/),
    title: expect.any(String),
    status,
    correlationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
}

const money = fc.oneof(
  fc.constantFrom('1.00', '-1', '0', '1e3', 'NaN', '', '00', '999999999999999', '0.00000001', '1190.00'),
  fc.integer(),
  fc.string(),
);
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 70 }),
  fc.constantFrom('A', '\ud800', '\u0000', '__proto__'),
);
const date = fc.oneof(
  fc.constantFrom(
    '2026-02-28',
    '2026-02-30',
    '0000-01-01',
    '0001-01-01',
    '9999-12-31',
    '2026-01-01T00:00:00Z',
  ),
  fc.constantFrom('9999-12-31T23:59:59-12:00', '0001-01-01T00:00:00+14:00', '2026-06-30T23:59:60Z'),
  fc.string(),
);
/** Objects that have some of these fields, and now and then one that nobody knows. */
const some = (fields: Record<string, fc.Arbitrary<unknown>>) =>
  fc.record(
    { ...fields, [`x${Object.keys(fields).length}`]: fc.option(fc.anything(), { freq: 20, nil: undefined }) },
    { requiredKeys: [] },
  );
const line = some({
  description: text,
  quantity: money,
  unitPrice: money,
  discount: money,
  discountRate: money,
  taxRate: money,
});
const payment = some({ paymentId: text, amount: money, paidAt: date });
const changes = some({
  number: text,
  dealId: fc.oneof(text, fc.constant(null), fc.constantFrom('1', '2')),
  customer: fc.oneof(some({ name: text, email: fc.emailAddress(), address: fc.array(text) }), fc.anything()),
  currency: fc.oneof(fc.constantFrom('EUR', 'JPY', 'KWD', 'CLF', 'eur', 'XXX'), fc.anything()),
  issueDate: date,
  dueDate: date,
  status: fc.oneof(fc.constantFrom('draft', 'open', 'paid', 'void'), fc.anything()),
  lines: fc.oneof(fc.array(line, { maxLength: 4 }), fc.anything()),
  total: money,
  payments: fc.oneof(fc.array(payment, { maxLength: 4 }), fc.anything()),
  link: fc.oneof(fc.webUrl(), text),
  sourceUpdatedAt: date,
});
/** Close to right, so that much of it goes deep into the ledger. */
const invoice = changes.map((fields) => invoiceBody({ dealId: '1', ...fields }));
const jsonText = (value: unknown): string => {
  try {
    return (
      JSON.stringify(value, (_key, entry) => (typeof entry === 'bigint' ? String(entry) : entry)) ?? 'null'
    );
  } catch {
    return '{}';
  }
};
const id = fc.constantFrom('F-1', 'F-2', 'F-3', 'F-4');

test('no invoice, payment or deal that can be thought of gets a 5xx, and the ledger stays whole', async () => {
  const request = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.tuple(
        fc.constant('PUT'),
        id.map((name) => `/v1/invoices/${name}`),
        invoice,
      ),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(
        fc.constant('DELETE'),
        id.map((name) => `/v1/invoices/${name}`),
        fc.constant({}),
      ),
    },
    {
      weight: 2,
      arbitrary: fc.tuple(
        fc.constant('POST'),
        id.map((name) => `/v1/invoices/${name}/payments`),
        payment,
      ),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(
        fc.constant('PUT'),
        id.map((name) => `/v1/invoices/${name}/deal`),
        some({ dealId: text }),
      ),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(
        fc.constant('POST'),
        fc.constant('/v1/invoices/batch'),
        some({
          invoices: fc.array(
            fc.oneof(
              fc.tuple(invoice, id).map(([sent, name]) => ({ ...sent, invoiceId: name })),
              fc.anything(),
            ),
          ),
        }),
      ),
    },
  );
  await fc.assert(
    fc.asyncProperty(request, async ([method, target, body]) => {
      expectOrderly(await ledger.call(method, target, jsonText(body)));
    }),
    { numRuns: RUNS },
  );
  // Every change has its event, in order; and the deal's summary is the sum of its invoices.
  const versions = new Map<unknown, unknown>();
  for (const name of ['F-1', 'F-2', 'F-3', 'F-4']) {
    const { status, body } = await ledger.get(name);
    if (status === 200) versions.set(name, body.version);
  }
  const lastEvents = async () =>
    new Map(
      (await allEvents(ledger))
        .filter((event) => event.after)
        .map((event) => [event.invoiceId, (event.after as { version: number }).version]),
    );
  const told = await eventually(lastEvents, (events) =>
    [...versions].every(([name, version]) => events.get(name) === version),
  );
  for (const [name, version] of versions) expect(told.get(name)).toBe(version);
  const deal = await ledger.dealInvoices('1', '?limit=100');
  expect((deal.body.summary as { invoiceCount: number }).invoiceCount).toBe(listOf(deal, 'invoices').length);
});

test('no body, whatever its bytes and its content type, gets a 5xx', async () => {
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    fc.json().map((json) => Buffer.from(json)),
    fc.anything().map((value) => Buffer.from(jsonText(value))),
  );
  const type = fc.constantFrom(
    'application/json',
    'application/x-www-form-urlencoded',
    'text/plain',
    'multipart/form-data',
    '',
  );
  await fc.assert(
    fc.asyncProperty(body, type, fc.constantFrom('PUT', 'POST'), async (bytes, contentType, method) => {
      const target = method === 'PUT' ? '/v1/invoices/BYTES' : '/v1/invoices/batch';
      const answer = await ledger.call(method, target, bytes, { 'content-type': contentType });
      expectOrderly(answer);
      expect(answer.status).toBeGreaterThanOrEqual(400);
    }),
    { numRuns: RUNS },
  );
  expect((await ledger.get('BYTES')).status).toBe(404);
});

test('no method, path, query or header gets a 5xx', async () => {
  const escaped = fc
    .string({ unit: 'binary', maxLength: 30 })
    .map((part) => encodeURIComponent(part.toWellFormed()));
  const part = fc.oneof(
    fc.constantFrom(
      'v1',
      'invoices',
      'deals',
      'events',
      'hubspot',
      'card',
      'batch',
      'payments',
      'deal',
      '..',
      '.',
      '',
      '%',
      '%2F',
      '%00',
      '%zz',
    ),
    fc.constantFrom('F-1', '1', '4711', 'a'.repeat(128), 'a'.repeat(129)),
    escaped,
  );
  const path = fc.oneof(
    fc.array(part, { maxLength: 5 }).map((parts) => `/${parts.join('/')}`),
    part.map((last) => `/v1/invoices/${last}`),
    part.map((last) => `/v1/deals/${last}/invoices`),
    fc.constantFrom('/v1/events', '/v1/invoices', '/hubspot/card'),
  );
  const name = fc.oneof(
    fc.constantFrom(
      'limit',
      'cursor',
      'after',
      'origin',
      'number',
      'unlinked',
      'portalId',
      'associatedObjectType',
    ),
    escaped,
  );
  const cursor = fc
    .string({ unit: 'binary' })
    .map((position) => Buffer.from(`row#${position}`).toString('base64url'));
  const value = fc.oneof(
    fc.constantFrom('', '1', '-1', '100', 'true', '999999999999999999', '%', 'x'.repeat(3000)),
    cursor,
    escaped,
  );
  const query = fc
    .array(fc.tuple(name, value), { maxLength: 3 })
    .map((pairs) => pairs.map((pair) => pair.join('=')).join('&'));
  const header = fc.string({ maxLength: 40 }).map((raw) => raw.replaceAll(/[^\x21-\x7e]/g, ''));
  const method = fc.constantFrom('GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS');
  await fc.assert(
    fc.asyncProperty(method, path, query, header, fc.boolean(), async (verb, target, search, odd, known) => {
      const headers = {
        authorization: known ? 'Bearer local-ledger-token' : `Bearer ${odd}`,
        'if-match': odd || '*',
        'x-hubspot-signature-v3': odd,
        'x-hubspot-request-timestamp': String(Date.now()),
      };
      const body = ['PUT', 'POST', 'PATCH'].includes(verb) ? '{}' : undefined;
      expectOrderly(
        await send({ method: verb, target: `${target}${search ? `?${search}` : ''}`, headers, body }),
      );
    }),
    { numRuns: RUNS * 2 },
  );
});
