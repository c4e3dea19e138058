import { setTimeout as wait } from 'node:timers/promises';
import { addSummaries, contribution, EMPTY_SUMMARY } from '../functions/invoices/deal-summary.ts';
import { asDealId, asInvoiceId } from '../functions/invoices/identifiers.ts';
import { Ledger } from '../functions/invoices/ledger.ts';
import { DEFAULT_SETTINGS } from '../functions/invoices/portal-settings.ts';
import type { Figure } from './figure.ts';
import { known, type LedgerFixture, PORTAL, typicalInvoice } from './ledger-fixture.ts';
import { milliseconds } from './statistics.ts';

const WRITERS = 100;
const WRITES_EACH = 5;

/** A hundred writers on one deal at once: what was accepted is in the ledger, and the summary is the sum. */
export async function parallelWriters({ store }: LedgerFixture): Promise<Figure[]> {
  const dealId = known(asDealId('100'));
  const ledger = new Ledger(store, async () => DEFAULT_SETTINGS, {
    now: Date.now,
    wait,
    random: Math.random,
  });
  let accepted = 0;
  const writer = async (_: unknown, index: number): Promise<void> => {
    for (let write = 0; write < WRITES_EACH; write++) {
      const number = `W-${index}-${write}`;
      const result = await ledger.run({
        portalId: PORTAL,
        invoiceId: known(asInvoiceId(number)),
        command: typicalInvoice(number, dealId),
        actor: { kind: 'accounting' },
        origin: 'accounting',
      });
      if (result.kind === 'created') accepted += 1;
    }
  };
  const taken = await milliseconds(() => Promise.all(Array.from({ length: WRITERS }, writer)));
  const rows = await store.rowsAfter(PORTAL, dealId, undefined, WRITERS * WRITES_EACH + 1);
  let sum = EMPTY_SUMMARY;
  for (const { row } of rows) {
    const { invoice } = await store.current(PORTAL, row.invoiceId);
    if (invoice) sum = addSummaries(sum, contribution(invoice));
  }
  const asText = (value: unknown): string =>
    JSON.stringify(value, (_k, v) => (typeof v === 'bigint' ? `${v}` : v));
  const equal = asText(await store.dealSummary(PORTAL, dealId)) === asText(sum);
  return [
    {
      name: `${WRITERS} parallel writers on one deal`,
      measured: `${accepted} accepted, ${rows.length} in the ledger, ${Math.round(taken)} ms`,
      bound: 'all accepted are there and the summary is their sum',
      holds: equal && rows.length === accepted,
    },
  ];
}
