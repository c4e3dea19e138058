import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Invoice } from '../../functions/invoices/invoice.ts';
import type { CommandResult } from '../../functions/invoices/ledger.ts';
import { invoiceKey, summaryKey } from '../../functions/invoices/ledger-keys.ts';
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

const A = invoiceId('A-1');
const DEAL = dealId('5');

/** The invoice that a command created, changed or left as it was. */
function invoiceOf(result: CommandResult): Invoice {
  if (!('invoice' in result)) throw new Error(JSON.stringify(result));
  return result.invoice;
}

describe('A change', () => {
  test('writes invoice, event, row and summary together', async () => {
    const portal = freshPortal();
    const result = await ledger.run(portal, A, replacement({ dealId: DEAL }), {
      actor: { kind: 'user', userId: '7', email: 'rep@example.com' },
      origin: 'hubspot',
    });
    const created = invoiceOf(result);

    expect(result.kind).toBe('created');
    expect(await ledger.store.current(portal, A)).toEqual({ invoiceId: A, invoice: created, version: 1 });
    expect(await ledger.events(portal, A)).toEqual([
      {
        eventId: 'A-1:1',
        type: 'invoice.created',
        at: created.updatedAt,
        invoiceId: 'A-1',
        version: 1,
        dealId: '5',
        actor: { kind: 'user', userId: '7', email: 'rep@example.com' },
        origin: 'hubspot',
        after: created,
      },
    ]);
    const { summary, rows } = await ledger.store.dealTop(portal, DEAL, 5);
    expect(rows.map(({ row }) => row)).toMatchObject([{ invoiceId: 'A-1', total: 10_000n, version: 1 }]);
    expect(summary).toMatchObject({ invoiceCount: 1, currencies: [{ currency: 'EUR', total: 10_000n }] });
  });

  test('is read back exactly, with every field and amounts beyond what a double holds', async () => {
    const portal = freshPortal();
    const sent = replacement({
      dealId: DEAL,
      payments: [payment('p1', 10n ** 17n - 2n), payment('p2', 1n, '2026-11-10T08:00:00.5+01:00')],
      sourceUpdatedAt: '2026-11-20T12:00:00.123456Z',
      content: {
        number: '😀 ‮RTL <script>',
        customer: { name: 'Ż', email: 'a@b.pl', externalId: 'C/1', address: ['ul. 1', 'Łódź'], taxId: 'PL1' },
        lines: [
          invoiceLine({ discount: 10n ** 16n + 1n, taxRate: '0.000000000000001', productExternalId: 'P' }),
        ],
        statedTotal: 10n ** 17n - 1n,
        link: 'https://books.example/1',
        pdfUrl: 'https://books.example/1.pdf',
      },
    });
    const created = invoiceOf(await ledger.run(portal, A, sent));
    expect(created).toMatchObject({ ...sent.content, payments: sent.payments });
    expect((await ledger.store.current(portal, A)).invoice).toEqual(created);
    const [event] = await ledger.events(portal, A);
    expect(event?.after).toEqual(created);
    expect((await ledger.store.dealSummary(portal, DEAL)).currencies).toEqual([
      { currency: 'EUR', count: 1, total: 10n ** 17n - 1n, amountPaid: 10n ** 17n - 1n, balance: 0n },
    ]);
    expect(await ledger.run(portal, A, sent)).toMatchObject({ kind: 'unchanged' });
  });

  test('sent again changes nothing: no version, no event, no write to the summary', async () => {
    const portal = freshPortal();
    const sent = replacement({ dealId: DEAL });
    const created = invoiceOf(await ledger.run(portal, A, sent));
    const again = await ledger.run(portal, A, sent);
    expect(again).toEqual({ kind: 'unchanged', invoice: created, before: created });
    expect(await ledger.events(portal, A)).toHaveLength(1);
    const summary = await ledger.documents.send(
      new GetCommand({ TableName: ledger.tableName, Key: summaryKey(portal, DEAL), ConsistentRead: true }),
    );
    expect(summary.Item?.revision).toBe(1);
  });

  test('moves the invoice’s row, and leaves one row', async () => {
    const portal = freshPortal();
    for (const command of [
      replacement({ dealId: DEAL, state: 'draft' }),
      replacement(),
      replacement({ content: { dueDate: '2027-01-01', number: 'B' } }),
      { type: 'record-payment', payment: payment('p', 10_000n), currency: 'EUR' } as const,
      replacement({ state: 'void' }),
    ]) {
      const { version, number } = invoiceOf(await ledger.run(portal, A, command));
      expect((await ledger.rows(portal, DEAL)).map(({ row }) => row)).toMatchObject([{ version, number }]);
    }
    const types = (await ledger.events(portal, A)).map(({ type }) => type.slice('invoice.'.length));
    expect(types).toEqual(['created', 'issued', 'updated', 'paid', 'voided']);
  });

  test('of another portal’s invoice with the same id is another invoice', async () => {
    const [one, two] = [freshPortal(), freshPortal()];
    await ledger.run(one, A, replacement({ dealId: DEAL }));
    expect((await ledger.store.current(two, A)).version).toBe(0);
    await ledger.run(two, A, replacement({ dealId: DEAL, content: { number: 'X' } }));
    expect((await ledger.rows(one, DEAL)).map(({ row }) => row.number)).toEqual(['INV-1']);
    expect((await ledger.store.dealSummary(two, DEAL)).invoiceCount).toBe(1);
    expect(await ledger.store.idsByNumber(two, 'INV-1', undefined, 10)).toEqual([]);
  });
});

describe('A deletion', () => {
  test('leaves the events, and a returning id goes on with its versions', async () => {
    const portal = freshPortal();
    const created = invoiceOf(await ledger.run(portal, A, replacement({ state: 'draft', dealId: DEAL })));
    expect(await ledger.run(portal, A, { type: 'delete' })).toEqual({
      kind: 'deleted',
      version: 2,
      before: created,
    });
    expect(await ledger.store.current(portal, A)).toMatchObject({
      invoiceId: A,
      invoice: undefined,
      version: 2,
    });
    expect(await ledger.run(portal, A, { type: 'delete' })).toMatchObject({ refusal: { code: 'not-found' } });
    expect(await ledger.rows(portal, DEAL)).toEqual([]);
    expect(await ledger.store.dealSummary(portal, DEAL)).toMatchObject({
      invoiceCount: 0,
      draftCount: 0,
      currencies: [],
    });

    const returned = await ledger.run(portal, A, replacement());
    expect(returned).toMatchObject({ kind: 'created', invoice: { version: 3, dealId: undefined } });
    const events = await ledger.events(portal, A);
    expect(events.map(({ version, type, dealId: on }) => [version, type, on])).toEqual([
      [1, 'invoice.created', '5'],
      [2, 'invoice.deleted', '5'],
      [3, 'invoice.created', undefined],
    ]);
    expect(events[1]?.before?.number).toBe('INV-1');
    expect(events[1]?.after).toBeUndefined();
  });
});

describe('A paid flag on what its payments cover', () => {
  const paid = replacement({ dealId: DEAL, payments: [payment('p', 10_000n)] });
  const flagged = replacement({ markedPaid: true });

  test('is kept for later, without a version, an event or a write to row and summary', async () => {
    const portal = freshPortal();
    const created = invoiceOf(await ledger.run(portal, A, paid));
    const deal = await ledger.store.dealTop(portal, DEAL, 5);
    expect(await ledger.run(portal, A, flagged)).toEqual({
      kind: 'unchanged',
      invoice: { ...created, markedPaid: true },
      before: created,
    });
    expect((await ledger.store.current(portal, A)).invoice).toEqual({ ...created, markedPaid: true });
    expect(await ledger.events(portal, A)).toHaveLength(1);
    expect(await ledger.store.dealTop(portal, DEAL, 5)).toEqual(deal);
  });

  test('still says paid when the payments are taken away', async () => {
    const portal = freshPortal();
    await ledger.run(portal, A, paid);
    await ledger.run(portal, A, flagged);
    const without = await ledger.run(portal, A, replacement({ markedPaid: true, payments: [] }));
    expect(without).toMatchObject({ kind: 'updated', invoice: { version: 2, markedPaid: true } });
    expect(await ledger.summaries(portal, DEAL)).toMatchObject({
      stored: { currencies: [{ amountPaid: 10_000n, balance: 0n }] },
    });
  });

  test('holds against a change that was decided before it came', async () => {
    const portal = freshPortal();
    const before = invoiceOf(await ledger.run(portal, A, paid));
    await ledger.run(portal, A, flagged);
    const told = { sourceUpdatedAt: '2026-11-20T12:00:00Z', markedPaid: false };
    expect(await ledger.store.touch(portal, before, told)).toBe('version-moved');
    expect((await ledger.store.current(portal, A)).invoice).toEqual({ ...before, markedPaid: true });
  });
});

describe('The source’s own time', () => {
  const told = (time: string, number = 'INV-1') =>
    replacement({ sourceUpdatedAt: `2026-11-20T12:00:0${time}Z`, content: { number } });

  test('moves on with an unchanged repeat, without a version, and makes what is older stale', async () => {
    const portal = freshPortal();
    await ledger.run(portal, A, told('1'));
    expect(await ledger.run(portal, A, told('5'))).toMatchObject({
      kind: 'unchanged',
      invoice: { version: 1 },
    });
    const stale = await ledger.run(portal, A, told('3', 'INV-2'));
    expect(stale).toMatchObject({ kind: 'refused', refusal: { code: 'stale' }, current: { version: 1 } });
    expect(await ledger.events(portal, A)).toHaveLength(1);
  });

  test('never goes back, whoever is told what at the same moment', async () => {
    const portal = freshPortal();
    await ledger.run(portal, A, told('0'));
    const times = [3, 9, 1, 7, 5, 2, 8, 4, 6];
    await Promise.all(times.map((time) => ledger.run(portal, A, told(`${time}`))));
    expect((await ledger.store.current(portal, A)).invoice).toMatchObject(told('9').content);
    expect((await ledger.store.current(portal, A)).invoice?.sourceUpdatedAt).toBe('2026-11-20T12:00:09Z');
  });

  test('holds against a change that was decided before it moved', async () => {
    const portal = freshPortal();
    await ledger.run(portal, A, told('1'));
    const { invoice: before, version } = await ledger.store.current(portal, A);
    if (!before) throw new Error('The invoice is missing');
    await ledger.run(portal, A, told('5'));
    const after = { ...before, number: 'OLD', version: version + 1, sourceUpdatedAt: '2026-11-20T12:00:03Z' };
    const late = await ledger.store.commit({
      portalId: portal,
      before,
      after,
      decidedOn: version,
      now: Date.parse(after.updatedAt),
      event: {
        eventId: 'A-1:2',
        type: 'invoice.updated',
        at: after.updatedAt,
        invoiceId: A,
        version: version + 1,
        actor: { kind: 'accounting' },
        origin: 'accounting',
        before,
        after,
      },
    });
    expect(late).toBe('version-moved');
    expect((await ledger.store.current(portal, A)).invoice).toMatchObject({
      number: 'INV-1',
      sourceUpdatedAt: '2026-11-20T12:00:05Z',
    });
  });
});

(IS_EMBEDDED ? test : test.skip)('a change is one read and one transaction', async () => {
  const portal = freshPortal();
  await ledger.run(portal, A, replacement({ dealId: DEAL }));
  ledger.endpoint.embedded?.resetRequests();
  await ledger.run(portal, A, { type: 'assign-deal', dealId: dealId('6') });
  expect(ledger.endpoint.embedded?.requests).toEqual({ GetItem: 1, TransactWriteItems: 1 });
});

test('an item of the ledger begins its key with the portal', () => {
  expect(invoiceKey(freshPortal(), A).pk).toMatch(/^\d+#invoice#A-1$/);
});
