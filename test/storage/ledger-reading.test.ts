import { setTimeout as wait } from 'node:timers/promises';
import { PutCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { InvoiceContent } from '../../functions/invoices/invoice.ts';
import { settingsKey } from '../../functions/invoices/ledger-keys.ts';
import { DEFAULT_SETTINGS } from '../../functions/invoices/portal-settings.ts';
import {
  dealId,
  freshPortal,
  invoiceId,
  invoiceLine,
  payment,
  replacement,
} from '../support/invoice-factory.ts';
import { IS_EMBEDDED, LedgerUnderTest } from './ledger-under-test.ts';

let ledger: LedgerUnderTest;
beforeAll(async () => {
  ledger = await LedgerUnderTest.start();
});
afterAll(() => ledger.stop());

const DEAL = dealId('5');
const due = (dueDate: string, number = 'INV-1'): Partial<InvoiceContent> => ({ dueDate, number });

describe('The top of a deal', () => {
  test('is one strongly consistent query for six items, however many invoices there are', async () => {
    const portal = freshPortal();
    for (let i = 1; i <= 12; i++) {
      await ledger.run(
        portal,
        invoiceId(`I-${i}`),
        replacement({ dealId: DEAL, content: { number: `INV-${i}` } }),
      );
    }
    const sent: QueryCommandInput[] = [];
    ledger.documents.middlewareStack.add(
      (next) => (args) => {
        sent.push(args.input as QueryCommandInput);
        return next(args);
      },
      { step: 'initialize', name: 'watch' },
    );
    ledger.endpoint.embedded?.resetRequests();

    const { summary, rows } = await ledger.store.dealTop(portal, DEAL, 5);

    ledger.documents.middlewareStack.remove('watch');
    expect(sent).toMatchObject([{ TableName: ledger.tableName, ConsistentRead: true, Limit: 6 }]);
    if (IS_EMBEDDED) expect(ledger.endpoint.embedded?.requests).toEqual({ Query: 1 });
    expect(rows.map(({ row }) => row.number)).toEqual(['INV-1', 'INV-2', 'INV-3', 'INV-4', 'INV-5']);
    expect(summary).toMatchObject({ invoiceCount: 12, currencies: [{ count: 12, total: 120_000n }] });
  });

  test('of a deal without invoices, or whose invoices have left, is empty', async () => {
    const portal = freshPortal();
    const nothing = { summary: { invoiceCount: 0, draftCount: 0, voidCount: 0, currencies: [] }, rows: [] };
    expect(await ledger.store.dealTop(portal, DEAL, 5)).toEqual(nothing);
    await ledger.run(portal, invoiceId('I'), replacement({ dealId: DEAL }));
    await ledger.run(portal, invoiceId('I'), { type: 'assign-deal', dealId: null });
    expect(await ledger.store.dealTop(portal, DEAL, 5)).toEqual(nothing);
  });
});

describe('A deal’s rows', () => {
  test('come from the table in the card’s order, page by page', async () => {
    const portal = freshPortal();
    const put = (id: string, command: Parameters<typeof replacement>[0]) =>
      ledger.run(portal, invoiceId(id), replacement({ dealId: DEAL, ...command }));
    await put('void', { state: 'void' });
    await put('paid-early', { payments: [payment('p', 10_000n, '2026-11-05')] });
    await put('paid-late', { payments: [payment('p', 10_000n, '2026-11-06')] });
    await put('draft', { state: 'draft' });
    await put('due-later', { content: due('2026-12-24') });
    await put('tenth', { content: due('2026-12-01', 'INV-10') });
    await put('ninth', { content: due('2026-12-01', 'INV-9') });
    await put('emoji', { content: due('2026-12-01', '😀') });
    await put('private-use', { content: due('2026-12-01', '\uE000') });

    const read: string[] = [];
    for (let after: string | undefined; ; ) {
      const page = await ledger.store.rowsAfter(portal, DEAL, after, 2);
      read.push(...page.map(({ row }) => row.invoiceId));
      after = page.at(-1)?.sortKey;
      if (page.length < 2) break;
    }
    expect(read).toEqual([
      ...['ninth', 'tenth', 'private-use', 'emoji', 'due-later'],
      ...['draft', 'paid-late', 'paid-early', 'void'],
    ]);
  });

  test('on no deal have a list of their own', async () => {
    const portal = freshPortal();
    for (const id of ['a', 'b', 'c']) await ledger.run(portal, invoiceId(id), replacement());
    await ledger.run(portal, invoiceId('b'), { type: 'assign-deal', dealId: DEAL });
    await ledger.run(portal, invoiceId('c'), replacement({ state: 'draft' }));
    const unlinked = async () => (await ledger.rows(portal, undefined)).map(({ row }) => row.invoiceId);
    expect(await unlinked()).toEqual(['a', 'c']);
    await ledger.run(portal, invoiceId('b'), replacement({ dealId: null }));
    await ledger.run(portal, invoiceId('c'), { type: 'delete' });
    expect(await unlinked()).toEqual(['a', 'b']);
  });
});

describe('A look-up', () => {
  test('by number finds every invoice that has it, page by page, and follows a change of number', async () => {
    const portal = freshPortal();
    for (const id of ['c', 'a', 'b', 'other']) {
      await ledger.run(
        portal,
        invoiceId(id),
        replacement({ content: { number: id === 'other' ? 'X' : 'TWICE' } }),
      );
    }
    const found = async (number: string, after?: string) =>
      ledger.store.idsByNumber(portal, number, after === undefined ? undefined : invoiceId(after), 2);
    /** The index is a moment behind on AWS; it is the only read that is. */
    const settled = async (number: string, ids: string[]) => {
      for (let tries = 0; tries < 100 && `${await found(number)}` !== `${ids}`; tries++) await wait(50);
      expect(await found(number)).toEqual(ids);
    };
    await settled('TWICE', ['a', 'b']);
    expect(await found('TWICE', 'b')).toEqual(['c']);
    await ledger.run(portal, invoiceId('a'), replacement({ content: { number: 'X' } }));
    await ledger.run(portal, invoiceId('b'), replacement({ content: { number: 'TWICE' }, state: 'draft' }));
    await ledger.run(portal, invoiceId('b'), { type: 'delete' });
    await settled('TWICE', ['c']);
    await settled('X', ['a', 'other']);
    expect(await found('twice')).toEqual([]);
  });

  test('of many ids answers in their order, larger than one answer of the table, without what is gone', async () => {
    const portal = freshPortal();
    const ids = ['z', 'm', 'a', ...Array.from({ length: 20 }, (_, i) => `big-${i}`)].map(invoiceId);
    const lines = Array.from({ length: 80 }, () => invoiceLine({ description: 'x'.repeat(1000) }));
    for (const id of ids) {
      await ledger.run(
        portal,
        id,
        replacement({ state: 'draft', content: { lines: id.startsWith('big') ? lines : [] } }),
      );
    }
    await ledger.run(portal, invoiceId('m'), { type: 'delete' });
    const read = await ledger.store.invoices(portal, [...ids, invoiceId('never')]);
    expect(read.map(({ invoiceId: id }) => id)).toEqual(ids.filter((id) => id !== 'm'));
    expect(await ledger.store.invoices(portal, [])).toEqual([]);
  });
});

test('a portal’s settings are its own, and the defaults where it has set nothing', async () => {
  const portal = freshPortal();
  expect(await ledger.store.settings(portal)).toEqual(DEFAULT_SETTINGS);
  const Item = { ...settingsKey(portal), timeZone: 'Asia/Tokyo' };
  await ledger.documents.send(new PutCommand({ TableName: ledger.tableName, Item }));
  expect(await ledger.store.settings(portal)).toEqual({ ...DEFAULT_SETTINGS, timeZone: 'Asia/Tokyo' });
});
