import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sendOverHttp } from '../support/http-exchange.ts';
import { fieldsOf, invoiceBody, type LedgerClient, ledgerClient, listOf } from '../support/ledger-client.ts';
import { type RunningSimulator, startSimulator } from '../support/start-simulator.ts';

const MB = 1_048_576;
let simulator: RunningSimulator;
let ledger: LedgerClient;

beforeAll(async () => {
  simulator = await startSimulator({ LOCAL_EMPTY: '1' });
  ledger = ledgerClient(sendOverHttp(simulator.url), 'local-ledger-token');
});
afterAll(async () => {
  await simulator?.stop();
});

/** JSON of exactly this many bytes: blanks count as well as anything. */
const padded = (value: object, bytes: number): string => JSON.stringify(value).padEnd(bytes, ' ');

describe('a request body', () => {
  test.each([
    ['PUT', '/v1/invoices/L-1', invoiceBody(), MB],
    ['POST', '/v1/invoices/L-1/payments', { paymentId: 'p', amount: '1.00', paidAt: '2026-03-01' }, MB],
    ['PUT', '/v1/invoices/L-1/deal', { dealId: '5' }, MB],
    ['POST', '/v1/invoices/batch', { invoices: [{ ...invoiceBody(), invoiceId: 'L-2' }] }, 4 * MB],
  ])(
    'of %s %s is taken up to its limit, and beyond it is 413 with the limit',
    async (method, target, body, most) => {
      const tooLarge = await ledger.call(method, target, padded(body, most + 1));
      expect(tooLarge.status).toBe(413);
      expect(tooLarge.headers['content-type']).toBe('application/problem+json');
      expect(tooLarge.body).toMatchObject({
        detail: expect.stringContaining(String(most)),
        correlationId: expect.any(String),
      });
      expect((await ledger.call(method, target, padded(body, most))).status).toBeLessThan(300);
    },
  );

  test.each([6 * MB + 1, 20 * MB])(
    'of %i bytes is refused by API Gateway, in its own words',
    async (bytes) => {
      const answer = await ledger.call('POST', '/v1/invoices/batch', Buffer.alloc(bytes, 0x20));
      expect([answer.status, answer.body]).toEqual([413, { message: 'Request Entity Too Large' }]);
      expect((await ledger.get('L-1')).status).toBe(200);
    },
  );

  test('of 4 MB with a hundred large invoices is carried out', async () => {
    const lines = Array(35).fill({ description: 'x'.repeat(1000), quantity: '1', unitPrice: '1.00' });
    const invoices = Array.from({ length: 100 }, (_, index) => ({
      ...invoiceBody({ lines }),
      invoiceId: `M-${index}`,
    }));
    expect(JSON.stringify({ invoices }).length).toBeGreaterThan(3.5 * MB);
    expect(new Set(fieldsOf(await ledger.batch(invoices), 'outcome', 'results'))).toEqual(
      new Set(['created']),
    );
  });
});

describe('a page of large invoices', () => {
  const DEAL = '880011';
  // Just below what an invoice may have as stored; quotes are escaped twice on the way through Lambda.
  const linesOf = (text: string, count: number) =>
    Array(count).fill({ description: text.repeat(1000), quantity: '1', unitPrice: '1.00' });

  beforeAll(async () => {
    const store = async (prefix: string, dealId: string, lines: object[]) => {
      for (let start = 0; start < 60; start += 20) {
        const invoices = Array.from({ length: 20 }, (_, index) => ({
          ...invoiceBody({ dealId, lines, number: prefix }),
          invoiceId: `${prefix}-${start + index}`,
        }));
        expect(new Set(fieldsOf(await ledger.batch(invoices), 'outcome', 'results'))).toEqual(
          new Set(['created']),
        );
      }
    };
    await store('PLAIN', DEAL, linesOf('x', 90));
    await store('QUOTES', '880012', linesOf('"', 47));
  });

  const pages = async (target: string) => {
    const found: { ids: unknown[]; bytes: number; escaped: number }[] = [];
    let cursor = '';
    do {
      const page = await ledger.call('GET', `${target}limit=100${cursor}`);
      const text = JSON.stringify(page.body);
      found.push({
        ids: fieldsOf(page, 'invoiceId'),
        bytes: Buffer.byteLength(text),
        escaped: Buffer.byteLength(JSON.stringify(text)),
      });
      expect(listOf(page, 'invoices').length).toBeGreaterThan(0);
      cursor = page.body.nextCursor ? `&cursor=${page.body.nextCursor}` : '';
    } while (cursor !== '');
    return found;
  };

  test.each([
    ['of a deal', `/v1/deals/${DEAL}/invoices?`],
    ['of a number', '/v1/invoices?number=PLAIN&'],
  ])('%s closes early at 4 MB, and the next goes on behind it', async (_what, target) => {
    const found = await pages(target);
    expect(found.length).toBeGreaterThan(1);
    for (const { bytes } of found) expect(bytes).toBeLessThan(4_010_000);
    expect(found[0]?.bytes).toBeGreaterThan(3_800_000);
    const ids = found.flatMap((page) => page.ids);
    expect([ids.length, new Set(ids).size]).toEqual([60, 60]);
  });

  test('of the feed closes early at 4 MB, and who follows next meets every event once, in order', async () => {
    const eventIds: unknown[] = [];
    let after = '';
    let pageCount = 0;
    for (;;) {
      const page = await ledger.call('GET', `/v1/events?limit=100&after=${after}`);
      expect(Buffer.byteLength(JSON.stringify(page.body))).toBeLessThan(4_010_000);
      if (listOf(page, 'events').length === 0) break;
      eventIds.push(...fieldsOf(page, 'eventId', 'events'));
      after = String(page.body.next);
      pageCount += 1;
    }
    const large = eventIds.filter((eventId) => /^(PLAIN|QUOTES)-/.test(String(eventId)));
    expect([large.length, new Set(large).size]).toEqual([120, 120]);
    expect(pageCount).toBeGreaterThan(2);
    expect(eventIds).toHaveLength(Number(after));
  });

  test('stays within what Lambda can answer, also where everything must be escaped', async () => {
    const found = await pages('/v1/deals/880012/invoices?');
    for (const { escaped } of found) expect(escaped).toBeLessThan(6 * MB);
    expect(found.flatMap((page) => page.ids)).toHaveLength(60);
  });
});
