import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { SAMPLE_DEAL_LIST, SAMPLE_DEALS } from '../../local/sample-data/sample-deals.ts';
import { type Answer, type Send, sendOverHttp } from '../support/http-exchange.ts';
import {
  allEvents,
  eventually,
  fieldsOf,
  invoiceBody,
  type LedgerClient,
  ledgerClient,
  listOf,
} from '../support/ledger-client.ts';
import { type RunningSimulator, startSimulator } from '../support/start-simulator.ts';

let directory: string;
let simulator: RunningSimulator;
let send: Send;
let ledger: LedgerClient;

const start = async (): Promise<void> => {
  simulator = await startSimulator({ LOCAL_DATA_DIR: directory });
  send = sendOverHttp(simulator.url);
  ledger = ledgerClient(send, 'local-ledger-token');
};
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'ledgerbridge-sample-'));
  await start();
});
afterAll(async () => {
  await simulator?.stop();
  rmSync(directory, { recursive: true, force: true });
});

const cardOf = async (dealId: string): Promise<Record<string, unknown>[]> => {
  const answer = await send({ method: 'GET', target: `/_page/deals/${dealId}/card` });
  expect(answer.body.status).toBe(200);
  return listOf({ ...answer, body: answer.body.body as Answer['body'] }, 'results');
};
const summaryOf = async (dealId: string) => (await ledger.dealInvoices(dealId)).body.summary;

test('the start page lists every sample deal, and each has its own page', async () => {
  const page = await fetch(simulator.url).then((response) => response.text());
  for (const { dealId } of SAMPLE_DEAL_LIST) {
    expect(page).toContain(`/deals/${dealId}`);
    expect((await fetch(`${simulator.url}/deals/${dealId}`)).status).toBe(200);
  }
  expect(Object.values(SAMPLE_DEALS).sort()).toEqual(SAMPLE_DEAL_LIST.map(({ dealId }) => dealId).sort());
});

test('one deal has no invoice and one has two', async () => {
  expect(await cardOf(SAMPLE_DEALS.none)).toEqual([]);
  expect(await cardOf(SAMPLE_DEALS.two)).toHaveLength(2);
  expect(await summaryOf(SAMPLE_DEALS.two)).toMatchObject({ invoiceCount: 2 });
});

test('one has seven, in every status that a card can show, overdue ones whenever it is loaded', async () => {
  const page = await ledger.dealInvoices(SAMPLE_DEALS.overview);
  expect(new Set(fieldsOf(page, 'status'))).toEqual(
    new Set(['open', 'partially_paid', 'draft', 'paid', 'void']),
  );
  expect(fieldsOf(page, 'overdue').filter(Boolean)).toHaveLength(2);
  const statuses = (await cardOf(SAMPLE_DEALS.overview)).map(({ status }) => status);
  expect(statuses).toEqual(['overdue', 'overdue', 'open', 'draft', 'paid']);
});

test('one has 2,000, of which the card shows the five most urgent', async () => {
  expect(await summaryOf(SAMPLE_DEALS.many)).toMatchObject({ invoiceCount: 2000 });
  const statuses = (await cardOf(SAMPLE_DEALS.many)).map(({ status }) => status);
  expect(statuses).toEqual(Array(5).fill('overdue'));
});

test('one is in three currencies, which are never added', async () => {
  expect(await summaryOf(SAMPLE_DEALS.currencies)).toMatchObject({
    invoiceCount: 3,
    currencies: [
      { currency: 'EUR', total: '4501.80' },
      { currency: 'JPY', total: '1584000' },
      { currency: 'KWD', total: '936.375' },
    ],
  });
});

test('one has texts that are long, right-to-left, full of markup or emoji', async () => {
  const customers = (await cardOf(SAMPLE_DEALS.texts)).map(
    ({ properties }) => (properties as { value: string }[])[3]?.value ?? '',
  );
  expect(customers).toHaveLength(5);
  for (const kind of [/.{80}/, /\p{Script=Arabic}/u, /<script>/, /\p{Emoji_Presentation}/u]) {
    expect(customers.some((name) => kind.test(name))).toBe(true);
  }
});

test('the form for an invoice on a deal with line items has them filled in', async () => {
  const { body } = await send({ method: 'GET', target: `/_page/deals/${SAMPLE_DEALS.none}/card` });
  const { primaryAction } = body.body as { primaryAction: { uri: string } };
  const form = await fetch(primaryAction.uri).then((response) => response.text());
  expect(form).toContain('Oak desk, 160 cm');
  expect(form).toContain('189.5');
  expect(form).not.toContain('could not be filled in');
});

test('the accounting system’s catalogue is on its way to HubSpot, to pick products from', async () => {
  const product = await eventually(
    async () => (await ledger.call('GET', '/v1/products/CHAIR-W')).body,
    ({ state }) => state === 'synced',
  );
  expect(product).toMatchObject({ state: 'synced', desired: { name: 'Walnut chair', price: '189.50' } });
});

test('feed and summaries hold on it: an event for every version of every invoice, sums that are those of the invoices', async () => {
  const events = await allEvents(ledger);
  const invoices: Record<string, unknown>[] = [];
  for (const dealId of Object.values(SAMPLE_DEALS)) {
    let query = '?limit=100';
    const own: Record<string, unknown>[] = [];
    let summary: unknown;
    while (query !== '') {
      const page = await ledger.dealInvoices(dealId, query);
      own.push(...listOf(page, 'invoices'));
      summary = page.body.summary;
      query = page.body.nextCursor ? `?limit=100&cursor=${page.body.nextCursor}` : '';
    }
    expect(summary).toMatchObject({ invoiceCount: own.length });
    const counted = own.filter(({ status }) => status !== 'draft' && status !== 'void');
    for (const { currency, balance } of (summary as { currencies: Record<string, string>[] }).currencies) {
      const sum = counted
        .filter((one) => one.currency === currency)
        .reduce((total, one) => total + Number(one.balance), 0);
      expect(Number(balance)).toBeCloseTo(sum, 2);
    }
    invoices.push(...own);
  }
  const expected = invoices.flatMap(({ invoiceId, version }) =>
    Array.from({ length: Number(version) }, (_, index) => `${invoiceId}:${index + 1}`),
  );
  expect(events.map(({ eventId }) => String(eventId)).sort()).toEqual(expected.sort());
  expect(events.map(({ at }) => at)).toEqual(events.map(({ at }) => at).sort());
});

test('what is sent goes on from it, and a second start leaves everything as it is', async () => {
  await ledger.put('INV-0042', invoiceBody({ number: 'INV-0042', dealId: SAMPLE_DEALS.two }));
  expect(await summaryOf(SAMPLE_DEALS.two)).toMatchObject({ invoiceCount: 3 });
  expect(await summaryOf(SAMPLE_DEALS.overview)).toMatchObject({ invoiceCount: 6 });
  await simulator.stop();
  await start();
  expect(await summaryOf(SAMPLE_DEALS.two)).toMatchObject({ invoiceCount: 3 });
  expect(await summaryOf(SAMPLE_DEALS.overview)).toMatchObject({ invoiceCount: 6 });
  expect(await summaryOf(SAMPLE_DEALS.many)).toMatchObject({ invoiceCount: 2000 });
});
