import { setTimeout as wait } from 'node:timers/promises';
import { PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { changeOperations } from '../../functions/invoices/change-transaction.ts';
import type { PortalId } from '../../functions/invoices/identifiers.ts';
import { Ledger, LedgerBusyError } from '../../functions/invoices/ledger.ts';
import { eventKey } from '../../functions/invoices/ledger-keys.ts';
import { LedgerStore } from '../../functions/invoices/ledger-store.ts';
import { DEFAULT_SETTINGS } from '../../functions/invoices/portal-settings.ts';
import type { FaultInjector } from '../../local/dynamodb/embedded-dynamodb.ts';
import { dealId, freshPortal, invoice, invoiceId, replacement } from '../support/invoice-factory.ts';
import { IS_EMBEDDED, LedgerUnderTest } from './ledger-under-test.ts';

let ledger: LedgerUnderTest;
beforeAll(async () => {
  ledger = await LedgerUnderTest.start();
});
afterEach(() => ledger.endpoint.embedded?.faults.reset());
afterAll(() => ledger.stop());

const A = invoiceId('A-1');
const DEAL = dealId('5');

/** Everything the table holds of a portal. */
async function everything(portal: PortalId): Promise<unknown[]> {
  const { Items = [] } = await ledger.documents.send(
    new ScanCommand({
      TableName: ledger.tableName,
      FilterExpression: 'begins_with(pk, :portal)',
      ExpressionAttributeValues: { ':portal': `${portal}#` },
      ConsistentRead: true,
    }),
  );
  return Items;
}

describe('A transaction that fails on its last operations', () => {
  test('leaves nothing of the others', async () => {
    const portal = freshPortal();
    // An event under the version that comes next can't be there, unless somebody meddled: the second operation fails.
    const planted = { ...eventKey(portal, A, 1), entity: 'planted' };
    await ledger.documents.send(new PutCommand({ TableName: ledger.tableName, Item: planted }));
    const failure = ledger.run(portal, A, replacement({ dealId: DEAL }));
    await expect(failure).rejects.toThrow(expect.objectContaining({ name: 'TransactionCanceledException' }));
    expect(await everything(portal)).toEqual([planted]);
  });
});

test('a move’s transaction has each item once, the invoice first', () => {
  const before = invoice({ dealId: DEAL });
  const after = { ...before, dealId: dealId('6'), version: 2 };
  const event = {
    eventId: 'A-1:2',
    type: 'invoice.linked',
    at: after.updatedAt,
    invoiceId: A,
    version: 2,
    actor: { kind: 'accounting' },
    origin: 'accounting',
  } as const;
  const parts = changeOperations(
    { portalId: freshPortal(), before, after, decidedOn: 1, event, now: 0 },
    'table',
  );
  const keys = parts.map(({ operation: { Put, Update, Delete } }) => {
    const { pk, sk } = Put?.Item ?? Update?.Key ?? Delete?.Key ?? {};
    return `${pk} ${sk}`.replace(/^\d+#/, '');
  });
  expect(new Set(keys).size).toBe(6);
  expect(keys.map((key) => key.split(' ')[0])).toEqual([
    'invoice#A-1',
    'invoice#A-1',
    'deal#5',
    'deal#6',
    'deal#5',
    'deal#6',
  ]);
  expect(parts.map(({ part }) => part)).toEqual(['invoice', 'event', 'row', 'row', 'summary', 'summary']);
});

(IS_EMBEDDED ? describe : describe.skip)('With faults of the table', () => {
  const faults = (): FaultInjector => {
    if (!ledger.endpoint.embedded) throw new Error('Faults need the embedded DynamoDB');
    return ledger.endpoint.embedded.faults;
  };

  test('a transaction conflict is tried again', async () => {
    const portal = freshPortal();
    faults().conflictNext(3);
    expect(await ledger.run(portal, A, replacement({ dealId: DEAL }))).toMatchObject({ kind: 'created' });
    expect(await ledger.events(portal, A)).toHaveLength(1);
    expect((await ledger.store.dealSummary(portal, DEAL)).invoiceCount).toBe(1);
  });

  test('endless conflicts end as LedgerBusyError within ten seconds, and change nothing', async () => {
    const portal = freshPortal();
    let clock = 0;
    const waits: number[] = [];
    const timing = {
      now: () => clock,
      wait: async (milliseconds: number) => {
        waits.push(milliseconds);
        clock += milliseconds;
      },
      random: () => 0.5,
    };
    faults().conflictNext(1_000);
    const busy = new Ledger(ledger.store, async () => DEFAULT_SETTINGS, timing).run({
      portalId: portal,
      invoiceId: A,
      command: replacement({ dealId: DEAL }),
      actor: { kind: 'accounting' },
      origin: 'accounting',
    });
    await expect(busy).rejects.toThrow(LedgerBusyError);
    expect(clock).toBeLessThan(10_500);
    expect(Math.max(...waits)).toBeLessThanOrEqual(200);
    expect(await everything(portal)).toEqual([]);
  });

  test('throttling beyond the SDK’s own tries is an error and changes nothing; the caller may send it again', async () => {
    const portal = freshPortal();
    faults().throttleNext(10, 'TransactWriteItems');
    await expect(ledger.run(portal, A, replacement({ dealId: DEAL }))).rejects.toThrow(/throughput/);
    expect(await everything(portal)).toEqual([]);
    faults().reset();
    expect(await ledger.run(portal, A, replacement({ dealId: DEAL }))).toMatchObject({ kind: 'created' });
  });

  test('a crash between the decision and the write leaves nothing', async () => {
    const portal = freshPortal();
    let looks = 0;
    const timing = {
      // The clock is read twice before the invoice is, and then for the decision.
      now: () => {
        looks += 1;
        if (looks === 3) faults().unreachable(true);
        return 0;
      },
      wait,
      random: () => 0,
    };
    ledger.endpoint.embedded?.resetRequests();
    const lost = new Ledger(ledger.store, async () => DEFAULT_SETTINGS, timing).run({
      portalId: portal,
      invoiceId: A,
      command: replacement({ dealId: DEAL }),
      actor: { kind: 'accounting' },
      origin: 'accounting',
    });
    await expect(lost).rejects.toThrow();
    expect(ledger.endpoint.embedded?.requests).toEqual({ GetItem: 1 });
    faults().reset();
    expect(await everything(portal)).toEqual([]);
  });

  test('a write whose answer was lost is there once, and its sender is answered as if nothing had been', async () => {
    const portal = freshPortal();
    await ledger.run(portal, A, replacement({ dealId: DEAL }));
    ledger.endpoint.embedded?.resetRequests();
    // The change's read passes; its write is held, loses its connection meanwhile, and is sent again by the SDK.
    faults().delayNext(1, 1);
    faults().delayNext(1, 300);
    const change = ledger.run(portal, A, replacement({ content: { number: 'INV-2' } }));
    while (!ledger.endpoint.embedded?.requests.TransactWriteItems) await wait(5);
    faults().unreachable(true);
    faults().unreachable(false);
    expect(await change).toMatchObject({ kind: 'updated', invoice: { version: 2, number: 'INV-2' } });
    expect(ledger.endpoint.embedded?.requests.TransactWriteItems).toBe(2);
    expect(await ledger.events(portal, A)).toHaveLength(2);
    expect(await ledger.summaries(portal, DEAL)).toMatchObject({ stored: { invoiceCount: 1 }, rowCount: 1 });
  });

  test('a read that takes too long is given up by its caller', async () => {
    faults().delayNext(1, 2_000);
    const reading = ledger.store.dealTop(freshPortal(), DEAL, 5, AbortSignal.timeout(50));
    await expect(reading).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
  });
});

test('a table that is not there is an error, not an empty ledger', async () => {
  const store = new LedgerStore({ documents: ledger.documents, tableName: 'no-such-table' });
  await expect(store.dealTop(freshPortal(), DEAL, 5)).rejects.toThrow(
    expect.objectContaining({ name: 'ResourceNotFoundException' }),
  );
});
