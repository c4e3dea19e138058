import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { rowItem } from '../../functions/invoices/ledger-items.ts';
import {
  eventKey,
  feedEntryKey,
  invoiceKey,
  rowPartition,
  sequenceKey,
  summaryKey,
} from '../../functions/invoices/ledger-keys.ts';
import {
  DEAL,
  invoiceId,
  type OpenLedger,
  OTHER_DEAL,
  OTHER_PORTAL,
  openLedger,
  PORTAL,
} from './ledger-check-fixture.ts';

let ledger: OpenLedger;
beforeEach(async () => {
  ledger = await openLedger();
  await ledger.put('A-1', { number: 'INV-1' });
  await ledger.put('A-2', { number: 'INV-2', status: 'draft' });
  await ledger.put('A-3', { number: 'INV-3', currency: 'JPY', total: '5000', status: 'paid' });
  await ledger.put('B-1', { number: 'INV-4', dealId: OTHER_DEAL });
  await ledger.put('C-1', { number: 'INV-5', dealId: null });
});
afterEach(() => ledger.close());

const clean = { lines: [], left: 0 };

/** The check tells this and changes nothing; with --repair it puts it right; then all is well. */
async function expectFoundAndRepaired(told: RegExp, repaired: RegExp): Promise<void> {
  const found = await ledger.check();
  expect(found).toEqual({ lines: [expect.stringMatching(told)], left: 1 });
  expect(found.lines[0]).toMatch(/Nothing was changed\.$/);
  expect(await ledger.check()).toEqual(found);
  const repair = await ledger.check({ repair: true });
  expect(repair).toEqual({ lines: [expect.stringMatching(repaired)], left: 0 });
  expect(await ledger.check()).toEqual(clean);
}

const summaryOf = (dealId = DEAL) => ledger.store.dealSummary(PORTAL, dealId);

test('a ledger that nobody damaged is clean, after changes of every kind', async () => {
  await ledger.put('A-1', { number: 'INV-1', status: 'void' });
  await ledger.put('A-1', { number: 'INV-1b', dueDate: '2027-01-01' });
  await ledger.put('B-1', { number: 'INV-4', dealId: DEAL });
  await ledger.run('A-2', { type: 'delete' });
  await ledger.numberChange('A-2', 2);
  await ledger.put('A-2', { number: 'INV-2', status: 'draft', dealId: null });
  expect(await ledger.check({ repair: true })).toEqual(clean);
});

test('an id that leads to another invoice is no damage, whether it was free before or had an invoice of its own', async () => {
  const give = (externalId: string, merge: boolean) =>
    ledger.run('A-2', { type: 'give-external-id', externalId: invoiceId(externalId), merge });
  await give('EXT-1', false);
  await ledger.numberChange('A-2', 2);
  await give('B-1', true);
  await ledger.numberChange('A-2', 3);
  expect(await ledger.check({ repair: true })).toEqual(clean);
});

describe('rows', () => {
  test('a missing row is written again from its invoice', async () => {
    const { invoice } = await ledger.store.current(PORTAL, invoiceId('A-1'));
    if (!invoice) throw new Error('A-1 is there.');
    const before = await ledger.get(rowItem(PORTAL, invoice));
    await ledger.remove(rowItem(PORTAL, invoice));
    await expectFoundAndRepaired(
      /^Portal 4711, invoice A-1: its row on deal 101 is missing\./,
      /Repaired: the row was written from the invoice\.$/,
    );
    expect(await ledger.get(rowItem(PORTAL, invoice))).toEqual(before);
  });

  test('a missing row of an invoice on no deal is written again', async () => {
    const { invoice } = await ledger.store.current(PORTAL, invoiceId('C-1'));
    if (!invoice) throw new Error('C-1 is there.');
    await ledger.remove(rowItem(PORTAL, invoice));
    await expectFoundAndRepaired(/invoice C-1: its row among those on no deal is missing/, /written from/);
  });

  test('a row with wrong figures is written anew, and the summary, which was right, is left alone', async () => {
    const summary = await ledger.get(summaryKey(PORTAL, DEAL));
    const [row] = await ledger.store.rowsAfter(PORTAL, DEAL, undefined, 1);
    const key = { pk: rowPartition(PORTAL, DEAL), sk: row?.sortKey ?? '' };
    await ledger.setAttribute(key, 'balance', 1);
    await ledger.setAttribute(key, 'customerName', undefined);
    await expectFoundAndRepaired(
      /invoice A-1: its row on deal 101 disagrees with it in balance, customerName\./,
      /written anew/,
    );
    expect(await ledger.get(summaryKey(PORTAL, DEAL))).toEqual(summary);
  });

  test('a row without an invoice is removed', async () => {
    const { invoice } = await ledger.store.current(PORTAL, invoiceId('A-1'));
    if (!invoice) throw new Error('A-1 is there.');
    await ledger.putItem(rowItem(PORTAL, { ...invoice, invoiceId: invoiceId('GHOST') }));
    await expectFoundAndRepaired(
      /a row of invoice GHOST on deal 101 should not be there: there is no such invoice/,
      /the row was removed/,
    );
  });

  test('a second row of an invoice, on a deal it has left, is removed', async () => {
    const left = await ledger.put('B-1', { number: 'INV-4', dealId: OTHER_DEAL, total: '7.00' });
    await ledger.put('B-1', { number: 'INV-4', dealId: DEAL, total: '7.00' });
    await ledger.putItem(rowItem(PORTAL, left));
    await expectFoundAndRepaired(
      /a row of invoice B-1 on deal 102 should not be there: the invoice is on deal 101/,
      /the row was removed/,
    );
  });

  test('a second row at another place of the same list is removed', async () => {
    const { invoice } = await ledger.store.current(PORTAL, invoiceId('A-1'));
    if (!invoice) throw new Error('A-1 is there.');
    await ledger.putItem(rowItem(PORTAL, { ...invoice, dueDate: '2029-01-01' }));
    await expectFoundAndRepaired(/A-1 on deal 101 should not be there: .* another place/, /removed/);
  });

  test('a row of a deleted invoice is removed', async () => {
    const { invoice } = await ledger.store.current(PORTAL, invoiceId('A-2'));
    if (!invoice) throw new Error('A-2 is there.');
    await ledger.run('A-2', { type: 'delete' });
    await ledger.numberChange('A-2', 2);
    await ledger.putItem(rowItem(PORTAL, invoice));
    await expectFoundAndRepaired(/a row of invoice A-2 .* there is no such invoice/, /removed/);
  });
});

describe('summaries', () => {
  test('a wrong summary is set to the sum, and leftovers of a currency the deal has no more to zero', async () => {
    const right = await summaryOf();
    await ledger.setAttribute(summaryKey(PORTAL, DEAL), 'total_EUR', 99);
    await ledger.setAttribute(summaryKey(PORTAL, DEAL), 'balance_KWD', 5);
    await ledger.setAttribute(summaryKey(PORTAL, DEAL), 'draftCount', 7);
    await expectFoundAndRepaired(
      /deal 101: its summary is not the sum of its invoices: balance_KWD is 0\.005, should be 0\.000; draftCount is 7, should be 1; total_EUR is 0\.99, should be 100\.00\./,
      /the summary was set to the sum/,
    );
    expect(await summaryOf()).toEqual(right);
  });

  test('a missing summary is written, and later changes add to it', async () => {
    const right = await summaryOf();
    await ledger.remove(summaryKey(PORTAL, DEAL));
    await expectFoundAndRepaired(/deal 101: its summary is not the sum/, /set to the sum/);
    expect(await summaryOf()).toEqual(right);
    await ledger.put('A-4', { number: 'INV-9', status: 'draft' });
    expect(await ledger.check()).toEqual(clean);
  });

  test('a summary that counts invoices that are gone, rows and all, is found', async () => {
    const dealId = '303';
    const invoice = await ledger.put('D-1', { dealId, status: 'draft' });
    await ledger.run('D-1', { type: 'delete' });
    await ledger.numberChange('D-1', 2);
    await ledger.setAttribute({ pk: `${PORTAL}#deal#${invoice.dealId}`, sk: '!summary' }, 'invoiceCount', 1);
    await expectFoundAndRepaired(/deal 303: .* invoiceCount is 1, should be 0/, /set to the sum/);
  });

  test('without repair, a summary is judged by the invoices where rows are missing', async () => {
    for (const { sortKey } of await ledger.store.rowsAfter(PORTAL, DEAL, undefined, 10)) {
      await ledger.remove({ pk: rowPartition(PORTAL, DEAL), sk: sortKey });
    }
    const { lines } = await ledger.check();
    expect(lines).toHaveLength(3);
    expect(lines.join('\n')).not.toMatch(/summary/);
    await ledger.remove(summaryKey(PORTAL, DEAL));
    expect((await ledger.check()).lines.filter((line) => line.includes('summary'))).toHaveLength(1);
    expect((await ledger.check({ repair: true })).left).toBe(0);
    expect(await ledger.check()).toEqual(clean);
    expect(await summaryOf()).toMatchObject({ invoiceCount: 3, draftCount: 1 });
  });
});

describe('histories', () => {
  test('a missing event is told, and can only be left', async () => {
    await ledger.put('A-1', { number: 'INV-1b' });
    await ledger.remove(eventKey(PORTAL, invoiceId('A-1'), 1));
    const { lines, left } = await ledger.check({ repair: true });
    expect(left).toBe(2);
    expect(lines.join('\n')).toMatch(
      /invoice A-1: 1 of its 2 changes is missing from its history\. Left as it is/,
    );
    expect(lines.join('\n')).toMatch(
      /number 1 of the feed points to change 1 of invoice A-1, which is missing/,
    );
  });

  test('an invoice that is gone while its events are there is told', async () => {
    await ledger.remove(invoiceKey(PORTAL, invoiceId('C-1')));
    const { lines } = await ledger.check();
    expect(lines.join('\n')).toMatch(
      /invoice C-1: there are 1 events of it, and the invoice itself is missing/,
    );
  });

  test('an invoice that can’t be read spoils neither the check nor its deal', async () => {
    await ledger.setAttribute(invoiceKey(PORTAL, invoiceId('A-1')), 'payments', 'lost');
    await ledger.setAttribute(summaryKey(PORTAL, OTHER_DEAL), 'invoiceCount', 3);
    const { lines, left } = await ledger.check({ repair: true });
    expect(left).toBe(1);
    expect(lines[0]).toMatch(/invoice A-1: what is stored can't be read/);
    expect(lines[1]).toMatch(/deal 102: .* Repaired/);
  });
});

describe('the feed', () => {
  test('a change without a number is numbered', async () => {
    await ledger.run('A-1', { type: 'assign-deal', dealId: null });
    await expectFoundAndRepaired(
      /invoice A-1: its change 2 of .* has no number in the feed/,
      /it was numbered/,
    );
    expect(await ledger.get(feedEntryKey(PORTAL, 6))).toMatchObject({ invoiceId: 'A-1', version: 2 });
  });

  test('a missing entry is put back under its number', async () => {
    const before = await ledger.get(feedEntryKey(PORTAL, 3));
    await ledger.remove(feedEntryKey(PORTAL, 3));
    await expectFoundAndRepaired(
      /invoice A-3: its change 1 is number 3 of the feed, where it is missing/,
      /the feed points to it again/,
    );
    expect(await ledger.get(feedEntryKey(PORTAL, 3))).toMatchObject({
      invoiceId: before?.invoiceId,
      sequence: 3,
    });
  });

  test('numbers that no change has are told as a gap', async () => {
    await ledger.setAttribute(sequenceKey(PORTAL), 'sequence', 7);
    const { lines, left } = await ledger.check({ repair: true });
    expect(left).toBe(1);
    expect(lines).toEqual([expect.stringMatching(/the feed has a gap: numbers 6 to 7 are missing\. Left/)]);
  });

  test('a counter that fell behind is moved on, and numbering goes on', async () => {
    await ledger.setAttribute(sequenceKey(PORTAL), 'sequence', 2);
    await expectFoundAndRepaired(/the feed's counter stands at 2, but number 5 is given already/, /moved on/);
    await ledger.put('E-1');
    expect(await ledger.check()).toEqual(clean);
  });

  test('a change that lost its number gets it back, not another', async () => {
    await ledger.setAttribute(eventKey(PORTAL, invoiceId('A-2'), 1), 'sequence', undefined);
    expect((await ledger.check({ repair: true })).left).toBe(0);
    expect(await ledger.get(eventKey(PORTAL, invoiceId('A-2'), 1))).toMatchObject({ sequence: 2 });
    expect(await ledger.check()).toEqual(clean);
  });

  test('entries whose retention is over may be gone', async () => {
    await ledger.putItem({ pk: `${PORTAL}#settings`, sk: 'settings', feedRetentionDays: 0 });
    for (const number of [1, 2, 3, 4, 5]) await ledger.remove(feedEntryKey(PORTAL, number));
    expect(await ledger.check()).toEqual(clean);
  });
});

test('a check of one portal neither sees nor touches another, even one whose id begins alike', async () => {
  await ledger.put('A-1', {}, OTHER_PORTAL);
  await ledger.remove(summaryKey(OTHER_PORTAL, DEAL));
  expect(await ledger.check({ portalId: PORTAL, repair: true })).toEqual(clean);
  const { lines } = await ledger.check({ portalId: OTHER_PORTAL });
  expect(lines).toEqual([expect.stringMatching(/^Portal 47110, deal 101: its summary/)]);
});
