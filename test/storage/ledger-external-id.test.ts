import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
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
import { LedgerStore } from '../../functions/invoices/ledger-store.ts';
import { DEFAULT_SETTINGS } from '../../functions/invoices/portal-settings.ts';
import { readAccountingInvoice } from '../../functions/invoices/read-invoice-input.ts';
import { createLedgerTable } from '../../local/ledger-table.ts';
import { type StorageEndpoint, storageEndpoint } from './dynamodb-endpoint.ts';

const TABLE = `external-id-${process.pid}`;
const NOW = Date.parse('2026-11-22T10:00:00Z');

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
  ledger = new Ledger(store, async () => DEFAULT_SETTINGS, {
    now: () => NOW,
    wait: () => new Promise((resolve) => setImmediate(resolve)),
    random: () => 0,
  });
});
afterAll(() => endpoint.close());

const known = <T>(id: T | undefined): T => {
  if (id === undefined) throw new Error('An id of the test is malformed.');
  return id;
};
const id = (text: string): InvoiceId => known(asInvoiceId(text));
const [OURS, THEIRS] = [id('hs-ours'), id('ACC-1')];
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
): Promise<CommandResult> =>
  ledger.run({
    portalId,
    invoiceId,
    command,
    actor: { kind: 'accounting' },
    origin: 'accounting',
    ...rest,
  });

const byRep = { actor: { kind: 'user', userId: '7' }, origin: 'hubspot' } as const;
const createOurs = (portalId: PortalId) =>
  run(portalId, OURS, { type: 'create', content, dealId: DEAL, issue: true }, byRep);
const give = (portalId: PortalId, merge = false, number?: string) =>
  run(portalId, OURS, { type: 'give-external-id', externalId: THEIRS, merge, number });

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
    expect(byTheirs).toEqual({ ...byOurs, alias: THEIRS });
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

  test('is never merged with an invoice that has that id already', async () => {
    const portal = freshPortal();
    await createOurs(portal);
    await give(portal);
    const second = id('hs-second');
    await run(portal, second, { type: 'create', content, dealId: DEAL, issue: false }, byRep);
    const taken = await run(portal, second, {
      type: 'give-external-id',
      externalId: THEIRS,
      merge: true,
    });
    expect(taken).toMatchObject({
      kind: 'refused',
      refusal: { code: 'external-id-taken' },
      current: { invoiceId: second },
      other: { invoiceId: OURS },
    });
  });

  test('given by two at the same moment goes to one of them', async () => {
    const portal = freshPortal();
    await createOurs(portal);
    const second = id('hs-second');
    await run(portal, second, { type: 'create', content, dealId: DEAL, issue: false }, byRep);
    const give = (invoiceId: InvoiceId) =>
      run(portal, invoiceId, { type: 'give-external-id', externalId: THEIRS, merge: false });
    const results = await Promise.all([give(OURS), give(second)]);
    expect(results.map(({ kind }) => kind).sort()).toEqual(['refused', 'updated']);
  });
});
