import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sendOverHttp } from '../support/http-exchange.ts';
import { invoiceBody, type LedgerClient, ledgerClient, listOf } from '../support/ledger-client.ts';
import { type RunningSimulator, startSimulator } from '../support/start-simulator.ts';

let simulator: RunningSimulator;
let ledger: LedgerClient;
beforeAll(async () => {
  simulator = await startSimulator({ LOCAL_EMPTY: '1' });
  ledger = ledgerClient(sendOverHttp(simulator.url), 'local-ledger-token');
}, 60_000);
afterAll(async () => {
  await simulator?.stop();
});

test('a hundred systems that write to one deal at once are all answered, and the summary is the sum of what was accepted', async () => {
  const DEAL = '4711';
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, index) =>
      ledger.put(`W-${index}`, invoiceBody({ dealId: DEAL, number: `W-${index}` })),
    ),
  );
  // 503 says that nothing was changed, and when to come again.
  expect(answers.map(({ status }) => status).filter((status) => status !== 201 && status !== 503)).toEqual(
    [],
  );
  const accepted = answers.filter(({ status }) => status === 201);
  expect(accepted.length).toBeGreaterThan(0);
  const { body } = await ledger.dealInvoices(DEAL, '?limit=100');
  expect(listOf({ ...answers[0], body } as (typeof answers)[0], 'invoices')).toHaveLength(accepted.length);
  const [first] = accepted;
  const cents = Number(String(first?.body.total).replace('.', '')) * accepted.length;
  expect(body.summary).toMatchObject({
    invoiceCount: accepted.length,
    currencies: [{ currency: 'EUR', total: (cents / 100).toFixed(2) }],
  });
}, 120_000);
