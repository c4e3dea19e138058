import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { LedgerChange } from '../../functions/invoices/change-transaction.ts';
import {
  asDealId,
  asInvoiceId,
  asPortalId,
  type InvoiceId,
  type PortalId,
} from '../../functions/invoices/identifiers.ts';
import { type CommandRequest, type CommandResult, Ledger } from '../../functions/invoices/ledger.ts';
import type { LedgerCommand, RepContent } from '../../functions/invoices/ledger-command.ts';
import { eventFromItem } from '../../functions/invoices/ledger-items.ts';
import { EVENT_PREFIX, invoiceKey } from '../../functions/invoices/ledger-keys.ts';
import { type CommitResult, LedgerStore } from '../../functions/invoices/ledger-store.ts';
import { DEFAULT_SETTINGS } from '../../functions/invoices/portal-settings.ts';
import { readAccountingInvoice } from '../../functions/invoices/read-invoice-input.ts';
import { createLedgerTable } from '../../local/ledger-table.ts';
import { type StorageEndpoint, storageEndpoint } from './dynamodb-endpoint.ts';

const TABLE = `external-id-${process.pid}`;
/** The table may be anyone's, and deletes by its own clock what has expired. */
const NOW = Date.now();

let endpoint: StorageEndpoint;
let documents: DynamoDBDocumentClient;
let store: LedgerStore;
let ledger: Ledger;
beforeAll(async () => {
  endpoint = await storageEndpoint();
  await createLedgerTable(endpoint.client, TABLE);
  documents = DynamoDBDocumentClient.from(endpoint.client, {
    marshallOptions: { removeUndefinedValues: true },
  });
  store = new LedgerStore({ documents, tableName: TABLE });
  ledger = ledgerOn(store);
});
afterAll(() => endpoint.close());

const ledgerOn = (on: LedgerStore): Ledger =>
  new Ledger(on, async () => DEFAULT_SETTINGS, {
    now: () => NOW,
    wait: () => new Promise((resolve) => setImmediate(resolve)),
    random: () => 0,
  });

/** A ledger whose first write is overtaken, between its decision and its commit, by what is done meanwhile. */
function overtakenBy(meanwhile: () => Promise<unknown>): Ledger {
  class OvertakenStore extends LedgerStore {
    #isOvertaken = false;

    override async commit(change: LedgerChange): Promise<CommitResult> {
      if (!this.#isOvertaken) {
        this.#isOvertaken = true;
        await meanwhile();
      }
      return super.commit(change);
    }
  }
  return ledgerOn(new OvertakenStore({ documents, tableName: TABLE }));
}

const known = <T>(id: T | undefined): T => {
  if (id === undefined) throw new Error('An id of the test is malformed.');
  return id;
};
const id = (text: string): InvoiceId => known(asInvoiceId(text));
const [OURS, SECOND, THEIRS] = [id('hs-ours'), id('hs-second'), id('ACC-1')];
const DEAL = known(asDealId('5001'));
const OTHER_DEAL = known(asDealId('5002'));
const content: RepContent = {
  customer: { name: 'Acme GmbH' },
  currency: 'EUR',
  issueDate: '2026-11-22',
  dueDate: '2026-12-22',
  lines: [{ description: 'Work', quantity: '1', unitPrice: '100.00' }],
};

let portals = 1_000;
const freshPortal = (): PortalId => known(asPortalId(String(++portals)));

const run = (
  portalId: PortalId,
  invoiceId: InvoiceId,
  command: LedgerCommand,
  rest: Partial<CommandRequest> = {},
  on = ledger,
): Promise<CommandResult> =>
  on.run({
    portalId,
    invoiceId,
    command,
    actor: { kind: 'accounting' },
    origin: 'accounting',
    ...rest,
  });

const byRep = { actor: { kind: 'user', userId: '7' }, origin: 'hubspot' } as const;
const create = (portalId: PortalId, invoiceId: InvoiceId, issue = true) =>
  run(portalId, invoiceId, { type: 'create', content, dealId: DEAL, issue }, byRep);
const createOurs = (portalId: PortalId) => create(portalId, OURS);
const giving = (merge = false, number?: string): LedgerCommand => ({
  type: 'give-external-id',
  externalId: THEIRS,
  merge,
  number,
});
const give = (portalId: PortalId, merge = false, number?: string) =>
  run(portalId, OURS, giving(merge, number));

function accountingInvoice(fields: Record<string, unknown> = {}): LedgerCommand {
  const reading = readAccountingInvoice({ ...content, number: 'R-1', status: 'open', ...fields });
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  return reading.value;
}

async function events(portalId: PortalId, invoiceId: InvoiceId) {
  const { Items = [] } = await documents.send(
    new QueryCommand({
      TableName: TABLE,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :event)',
      ExpressionAttributeValues: { ':pk': invoiceKey(portalId, invoiceId).pk, ':event': EVENT_PREFIX },
      ConsistentRead: true,
    }),
  );
  return Items.map(eventFromItem);
}

const rows = async (portalId: PortalId, dealId = DEAL) =>
  (await store.dealTop(portalId, dealId, 5)).rows.map(({ row }) => row);

describe('An invoice that began in HubSpot', () => {
  test('is found under both ids once the accounting system gave it one, with its number', async () => {
    const portal = freshPortal();
    await createOurs(portal);
    expect(await give(portal, false, 'R-2026-1')).toMatchObject({
      kind: 'updated',
      invoice: { invoiceId: OURS, externalId: THEIRS, number: 'R-2026-1', version: 2 },
    });
    const [byOurs, byTheirs] = [await store.current(portal, OURS), await store.current(portal, THEIRS)];
    expect(byTheirs).toEqual({ ...byOurs, alias: { externalId: THEIRS, leadsTo: OURS, version: 0 } });
    expect(await rows(portal)).toMatchObject([{ invoiceId: OURS, number: 'R-2026-1' }]);
  });

  test('is changed by the accounting system under either id, and stays one invoice', async () => {
    const portal = freshPortal();
    await createOurs(portal);
    await give(portal);
    const replaced = await run(portal, THEIRS, accountingInvoice({ dueDate: '2027-01-31' }));
    expect(replaced).toMatchObject({ kind: 'updated', invoice: { invoiceId: OURS, dueDate: '2027-01-31' } });
    expect(await rows(portal)).toHaveLength(1);
    expect((await events(portal, OURS)).map(({ type }) => type)).toEqual([
      'invoice.created',
      'invoice.updated',
      'invoice.updated',
    ]);
  });

  test('keeps the id it has: another one is refused, and the same again changes nothing', async () => {
    const portal = freshPortal();
    await createOurs(portal);
    await give(portal);
    expect(await give(portal)).toMatchObject({ kind: 'unchanged' });
    expect(
      await run(portal, OURS, { type: 'give-external-id', externalId: id('ACC-2'), merge: false }),
    ).toMatchObject({ kind: 'refused', refusal: { code: 'external-id-taken' } });
  });

  test('is known by the accounting system’s id again when that returns after a deletion', async () => {
    const portal = freshPortal();
    await createOurs(portal);
    await give(portal);
    await run(portal, THEIRS, accountingInvoice({ status: 'void' }));
    await run(portal, THEIRS, { type: 'delete' });
    expect(await run(portal, THEIRS, accountingInvoice())).toMatchObject({
      kind: 'created',
      invoice: { invoiceId: OURS, externalId: THEIRS },
    });
  });

  test('is known by both ids again when it returns under its own after a deletion, and keeps the one it has', async () => {
    const portal = freshPortal();
    await createOurs(portal);
    await give(portal);
    await run(portal, OURS, { type: 'void' }, byRep);
    await run(portal, THEIRS, { type: 'delete' });
    expect(await run(portal, OURS, accountingInvoice())).toMatchObject({
      kind: 'created',
      invoice: { invoiceId: OURS, externalId: THEIRS },
    });
    const second: LedgerCommand = { type: 'give-external-id', externalId: id('ACC-2'), merge: false };
    expect(await run(portal, OURS, second)).toMatchObject({ refusal: { code: 'external-id-taken' } });
    expect((await store.current(portal, id('ACC-2'))).version).toBe(0);
  });

  test('makes no event when the accounting system echoes what a rep did', async () => {
    const portal = freshPortal();
    await createOurs(portal);
    await give(portal, false, 'R-1');
    await run(portal, OURS, { type: 'void' }, byRep);
    const before = await events(portal, OURS);
    const echo = await run(portal, THEIRS, accountingInvoice({ status: 'void' }));
    expect(echo.kind).toBe('unchanged');
    expect(await events(portal, OURS)).toEqual(before);
  });

  test('keeps its id when it is given the same one again', async () => {
    const portal = freshPortal();
    await createOurs(portal);
    await give(portal);
    expect(await give(portal)).toMatchObject({ kind: 'unchanged', invoice: { version: 2 } });
  });
});

describe('An id that the accounting system has an invoice under', () => {
  test('is refused with both invoices, and neither changes', async () => {
    const portal = freshPortal();
    await createOurs(portal);
    await run(portal, THEIRS, accountingInvoice());
    expect(await give(portal)).toMatchObject({
      kind: 'refused',
      refusal: { code: 'external-id-taken' },
      current: { invoiceId: OURS, version: 1 },
      other: { invoiceId: THEIRS, version: 1 },
    });
    expect((await store.current(portal, THEIRS)).invoice).toMatchObject({ invoiceId: THEIRS, version: 1 });
  });

  test('is merged where asked for: their content, our deal and events, one row and one sum', async () => {
    const portal = freshPortal();
    await createOurs(portal);
    const lines = [{ description: 'Other', quantity: '2', unitPrice: '100.00' }];
    await run(portal, THEIRS, accountingInvoice({ lines, dealId: OTHER_DEAL }));
    expect(await give(portal, true)).toMatchObject({
      kind: 'updated',
      invoice: {
        invoiceId: OURS,
        externalId: THEIRS,
        number: 'R-1',
        total: 20_000n,
        dealId: DEAL,
        origin: 'hubspot',
      },
    });
    expect((await store.current(portal, THEIRS)).invoiceId).toBe(OURS);
    expect(await rows(portal)).toMatchObject([{ invoiceId: OURS, total: 20_000n }]);
    expect(await rows(portal, OTHER_DEAL)).toEqual([]);
    expect(await store.dealSummary(portal, OTHER_DEAL)).toMatchObject({ invoiceCount: 0, currencies: [] });
    expect((await store.dealSummary(portal, DEAL)).currencies).toMatchObject([{ total: 20_000n, count: 1 }]);
    expect((await events(portal, OURS)).map(({ version }) => version)).toEqual([1, 2]);
  });

  test('is merged with the number it has: another one sent along is refused, and neither changes', async () => {
    const portal = freshPortal();
    await createOurs(portal);
    await run(portal, THEIRS, accountingInvoice());
    expect(await give(portal, true, 'R-2')).toMatchObject({
      kind: 'refused',
      refusal: { code: 'number-conflict', detail: expect.stringContaining('is not the number R-2') },
    });
    expect((await store.current(portal, THEIRS)).invoiceId).toBe(THEIRS);
    expect(await give(portal, true, 'R-1')).toMatchObject({ kind: 'updated', invoice: { number: 'R-1' } });
  });

  describe('is never merged with another that began in HubSpot, and nobody is told to ask for that', () => {
    test.each<[string, InvoiceId, boolean]>([
      ['has that id already', THEIRS, false],
      ['has that id already, where asked for', THEIRS, true],
      ['has it as its own', OURS, false],
      ['has it as its own, where asked for', OURS, true],
    ])('which %s', async (_how, externalId, merge) => {
      const portal = freshPortal();
      await createOurs(portal);
      await give(portal);
      await create(portal, SECOND, false);
      const given = await run(portal, SECOND, { type: 'give-external-id', externalId, merge });
      expect(given).toMatchObject({
        kind: 'refused',
        refusal: {
          code: 'external-id-taken',
          detail: `Invoice hs-ours has the id ${externalId} already. It can't be merged: only an invoice that began in the accounting system, and has one id, can. Send another id.`,
        },
        current: { invoiceId: SECOND },
        other: { invoiceId: OURS },
      });
      expect((await store.current(portal, externalId)).invoice).toMatchObject({
        invoiceId: OURS,
        externalId: THEIRS,
        version: 2,
      });
    });
  });
});

describe('An id that is given to two invoices at the same moment goes to one of them', () => {
  const givenToTwo = async (portal: PortalId) => {
    const meanwhile = () => run(portal, SECOND, giving());
    const late = await run(portal, OURS, giving(), {}, overtakenBy(meanwhile));
    expect(late).toMatchObject({ refusal: { code: 'external-id-taken' }, other: { invoiceId: SECOND } });
    expect((await store.current(portal, THEIRS)).invoiceId).toBe(SECOND);
    expect((await store.current(portal, OURS)).invoice?.externalId).toBeUndefined();
  };

  test('where it was never used', async () => {
    const portal = freshPortal();
    await Promise.all([create(portal, OURS, false), create(portal, SECOND, false)]);
    await givenToTwo(portal);
  });

  test('where the accounting system’s invoice under it was deleted', async () => {
    const portal = freshPortal();
    await Promise.all([create(portal, OURS, false), create(portal, SECOND, false)]);
    await run(portal, THEIRS, accountingInvoice({ status: 'draft' }));
    await run(portal, THEIRS, { type: 'delete' });
    await givenToTwo(portal);
  });

  test('where the invoice it led to was deleted', async () => {
    const portal = freshPortal();
    await Promise.all(['hs-first', OURS, SECOND].map((each) => create(portal, id(each), false)));
    await run(portal, id('hs-first'), giving());
    await run(portal, id('hs-first'), { type: 'delete' });
    await givenToTwo(portal);
  });
});

describe('An id whose invoice was deleted', () => {
  /** The first invoice had the id and is deleted; the second is there. */
  async function withDeadId(): Promise<PortalId> {
    const portal = freshPortal();
    await Promise.all([create(portal, OURS, false), create(portal, SECOND, false)]);
    await give(portal);
    await run(portal, OURS, { type: 'delete' });
    return portal;
  }

  test('goes to the next invoice it is given to, and leads there from then on', async () => {
    const portal = await withDeadId();
    expect(await run(portal, SECOND, giving())).toMatchObject({
      kind: 'updated',
      invoice: { invoiceId: SECOND, externalId: THEIRS },
    });
    expect(await run(portal, THEIRS, accountingInvoice())).toMatchObject({ invoice: { invoiceId: SECOND } });
    expect((await store.current(portal, OURS)).invoice).toBeUndefined();
  });

  test('stays with that invoice where it returns under the id while the id is given away', async () => {
    const portal = await withDeadId();
    const meanwhile = () => run(portal, THEIRS, accountingInvoice());
    const late = await run(portal, SECOND, giving(), {}, overtakenBy(meanwhile));
    expect(late).toMatchObject({ refusal: { code: 'external-id-taken' }, other: { invoiceId: OURS } });
    expect((await store.current(portal, SECOND)).invoice?.externalId).toBeUndefined();
  });

  test('leads on to the invoice that it was given to while the deleted one was to return under it', async () => {
    const portal = await withDeadId();
    const meanwhile = () => run(portal, SECOND, giving());
    const late = await run(portal, THEIRS, accountingInvoice(), {}, overtakenBy(meanwhile));
    expect(late).toMatchObject({ kind: 'updated', invoice: { invoiceId: SECOND, externalId: THEIRS } });
    expect((await store.current(portal, OURS)).invoice).toBeUndefined();
  });

  test('is not that of the deleted invoice any more where it was given away: that one returns without, and can be given another', async () => {
    const portal = await withDeadId();
    await run(portal, SECOND, giving());
    const returned = await run(portal, OURS, accountingInvoice());
    expect(returned).toMatchObject({ kind: 'created', invoice: { invoiceId: OURS } });
    expect((await store.current(portal, OURS)).invoice?.externalId).toBeUndefined();
    expect((await store.current(portal, THEIRS)).invoiceId).toBe(SECOND);
    const another: LedgerCommand = { type: 'give-external-id', externalId: id('ACC-2'), merge: false };
    expect(await run(portal, OURS, another)).toMatchObject({ invoice: { externalId: 'ACC-2' } });
  });

  test('is given away while the deleted invoice returns under its own id: that one returns without', async () => {
    const portal = await withDeadId();
    const meanwhile = () => run(portal, SECOND, giving());
    const late = await run(portal, OURS, accountingInvoice(), {}, overtakenBy(meanwhile));
    expect(late).toMatchObject({ kind: 'created', invoice: { invoiceId: OURS } });
    expect((await store.current(portal, OURS)).invoice?.externalId).toBeUndefined();
    expect((await store.current(portal, THEIRS)).invoiceId).toBe(SECOND);
  });

  test('of the accounting system’s own leads to the invoice it was given to, though it was to return just then', async () => {
    const portal = freshPortal();
    await createOurs(portal);
    await run(portal, THEIRS, accountingInvoice({ status: 'draft' }));
    await run(portal, THEIRS, { type: 'delete' });
    const late = await run(
      portal,
      THEIRS,
      accountingInvoice(),
      {},
      overtakenBy(() => give(portal)),
    );
    expect(late).toMatchObject({ kind: 'updated', invoice: { invoiceId: OURS, externalId: THEIRS } });
    expect((await store.current(portal, THEIRS)).invoiceId).toBe(OURS);
  });
});

test('an id is given to nothing: 404 goes before whether it is taken', async () => {
  const portal = freshPortal();
  await run(portal, THEIRS, accountingInvoice());
  expect(await run(portal, SECOND, giving())).toMatchObject({ refusal: { code: 'not-found' } });
});
