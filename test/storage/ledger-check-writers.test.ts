import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { rowItem } from '../../functions/invoices/ledger-items.ts';
import { rowPartition, summaryKey } from '../../functions/invoices/ledger-keys.ts';
import {
  DEAL,
  invoiceId,
  type OpenLedger,
  OTHER_DEAL,
  openLedger,
  PORTAL,
  replaceWith,
} from './ledger-check-fixture.ts';

let ledger: OpenLedger;
beforeEach(async () => {
  ledger = await openLedger();
});
afterEach(() => ledger.close());

/** Changes that are not numbered yet are not what is tested here: the check believes it runs an hour ago, when they were not made. */
const NOT_YET_NUMBERED = -3_600_000;

/** Writes to both deals: amounts, due dates (which move rows within their list), states and moves between the deals. */
async function writeMuch(writer: number, changes: number): Promise<void> {
  for (let change = 0; change < changes; change++) {
    const id = `W${writer}-${change % 4}`;
    const dealId = (change + writer) % 3 === 0 ? OTHER_DEAL : DEAL;
    const status = ['draft', 'open', 'paid', 'void'][(change + writer) % 4];
    const dueDate = `20${30 + ((change * 7) % 60)}-01-01`;
    await ledger.run(id, replaceWith({ number: id, dealId, status, dueDate, total: `${change}.00` }));
  }
}

test('while others write, a ledger that nobody damaged is not called damaged', async () => {
  let writing = true;
  const writers = Promise.all([1, 2, 3].map((writer) => writeMuch(writer, 40))).finally(() => {
    writing = false;
  });
  const lines: string[] = [];
  do {
    lines.push(...(await ledger.check({ later: NOT_YET_NUMBERED })).lines);
  } while (writing);
  await writers;
  expect(lines.filter((line) => !line.includes('could not be judged'))).toEqual([]);
});

test('what is damaged while others write is right when all are done', async () => {
  await writeMuch(1, 8);
  let writing = true;
  const writers = Promise.all([1, 2, 3].map((writer) => writeMuch(writer, 40))).finally(() => {
    writing = false;
  });
  let repaired = 0;
  do {
    const [row] = await ledger.store.rowsAfter(PORTAL, DEAL, undefined, 1);
    if (row) await ledger.remove({ pk: rowPartition(PORTAL, DEAL), sk: row.sortKey });
    await ledger.setAttribute(summaryKey(PORTAL, DEAL), 'draftCount', 77);
    const { lines } = await ledger.check({ repair: true, later: NOT_YET_NUMBERED });
    repaired += lines.filter((line) => line.includes('Repaired')).length;
  } while (writing);
  await writers;
  expect(repaired).toBeGreaterThan(0);
  expect((await ledger.check({ repair: true })).left).toBe(0);
  expect(await ledger.check()).toEqual({ lines: [], left: 0 });
});

test('a row is never written from an invoice that has changed since it was judged', async () => {
  const invoice = await ledger.put('A-1');
  await ledger.remove(rowItem(PORTAL, invoice));
  const { left } = await ledger.check({
    repair: true,
    beforeWrite: () => ledger.put('A-1', { dealId: OTHER_DEAL }),
  });
  expect(left).toBe(0);
  expect(await ledger.get(rowItem(PORTAL, invoice))).toBeUndefined();
  expect(await ledger.check()).toEqual({ lines: [], left: 0 });
});

test('a stray row is not removed once its invoice belongs there', async () => {
  const here = await ledger.put('A-1');
  await ledger.put('A-1', { dealId: OTHER_DEAL });
  await ledger.putItem(rowItem(PORTAL, here));
  await ledger.check({ repair: true, beforeWrite: () => ledger.put('A-1') });
  expect((await ledger.store.current(PORTAL, invoiceId('A-1'))).invoice?.dealId).toBe(DEAL);
  expect(await ledger.check()).toEqual({ lines: [], left: 0 });
});

test('a summary is never set to a sum that others have changed since', async () => {
  await ledger.put('A-1');
  await ledger.setAttribute(summaryKey(PORTAL, DEAL), 'invoiceCount', 5);
  const { lines } = await ledger.check({
    repair: true,
    beforeWrite: () => ledger.put('A-2', { number: 'INV-2' }),
  });
  expect(lines).toEqual([expect.stringMatching(/invoiceCount is 6, should be 2\. Repaired/)]);
  expect(await ledger.store.dealSummary(PORTAL, DEAL)).toMatchObject({ invoiceCount: 2 });
});

test('a table of many pages is checked whole', async () => {
  // Each invoice with its event is about 60 kB, and a page ends at 1 MB.
  const lines = Array.from({ length: 60 }, () => ({
    description: 'x'.repeat(500),
    quantity: '1',
    unitPrice: '1',
  }));
  for (let index = 0; index < 40; index++) {
    await ledger.put(`P-${index}`, { number: `P-${index}`, lines, total: undefined });
  }
  expect(await ledger.check()).toEqual({ lines: [], left: 0 });
  await ledger.setAttribute(summaryKey(PORTAL, DEAL), 'total_EUR', 1);
  const { invoice } = await ledger.store.current(PORTAL, invoiceId('P-39'));
  if (!invoice) throw new Error('P-39 is there.');
  await ledger.remove(rowItem(PORTAL, invoice));
  expect((await ledger.check({ repair: true })).lines).toHaveLength(2);
  expect(await ledger.check()).toEqual({ lines: [], left: 0 });
});
