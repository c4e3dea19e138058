import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { DeleteTableCommand } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { CheckReport } from '../../bin/command-line/ledger-check/check-report.ts';
import { FeedCheck } from '../../bin/command-line/ledger-check/feed-check.ts';
import { FeedStore } from '../../functions/feed/feed-store.ts';
import { numberEvents } from '../../functions/feed/number-events.ts';
import {
  asDealId,
  asInvoiceId,
  asPortalId,
  type DealId,
  type PortalId,
} from '../../functions/invoices/identifiers.ts';
import type { Invoice } from '../../functions/invoices/invoice.ts';
import { type CommandResult, Ledger } from '../../functions/invoices/ledger.ts';
import { checkLedger } from '../../functions/invoices/ledger-check/check-ledger.ts';
import { CheckStore } from '../../functions/invoices/ledger-check/check-store.ts';
import type { LedgerCommand } from '../../functions/invoices/ledger-command.ts';
import type { LedgerKey } from '../../functions/invoices/ledger-keys.ts';
import { LedgerStore, type StoreAccess } from '../../functions/invoices/ledger-store.ts';
import { DEFAULT_SETTINGS } from '../../functions/invoices/portal-settings.ts';
import { readAccountingInvoice } from '../../functions/invoices/read-invoice-input.ts';
import { createLedgerTable } from '../../local/ledger-table.ts';
import { storageEndpoint } from './dynamodb-endpoint.ts';

/** A branded id from a text that is one. */
function sure<T>(id: T | undefined): T {
  if (id === undefined) throw new Error('A test uses an id that is none.');
  return id;
}

export const PORTAL: PortalId = sure(asPortalId('4711'));
export const OTHER_PORTAL: PortalId = sure(asPortalId('47110'));
export const DEAL: DealId = sure(asDealId('101'));
export const OTHER_DEAL: DealId = sure(asDealId('102'));
export const invoiceId = (text: string) => sure(asInvoiceId(text));

/** An invoice as the accounting system sends it. */
export const invoiceBody = (more: object = {}) => ({
  number: 'INV-1',
  dealId: DEAL as string | null,
  customer: { name: 'Anna Berg' },
  currency: 'EUR',
  issueDate: '2026-01-10',
  dueDate: '2026-02-10',
  status: 'open',
  total: '100.00',
  ...more,
});

/** The command that this body is read into. */
export function replaceWith(more: object = {}): LedgerCommand {
  const reading = readAccountingInvoice(invoiceBody(more));
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  return reading.value;
}

interface CheckOptions {
  repair?: boolean;
  portalId?: PortalId;
  later?: number;
  /** Somebody else's change, in between judging a problem and repairing it: once. */
  beforeWrite?: () => Promise<unknown>;
}

class OvertakenStore extends CheckStore {
  #beforeWrite: (() => Promise<unknown>) | undefined;

  constructor(access: StoreAccess, beforeWrite: (() => Promise<unknown>) | undefined) {
    super(access);
    this.#beforeWrite = beforeWrite;
  }

  override async write(operations: Parameters<CheckStore['write']>[0]): Promise<boolean> {
    const others = this.#beforeWrite;
    this.#beforeWrite = undefined;
    await others?.();
    return super.write(operations);
  }
}

/** A ledger's table of its own, with what a check needs; to be closed by whoever opened it. */
export async function openLedger() {
  const endpoint = await storageEndpoint();
  const tableName = `ledger-check-${randomUUID()}`;
  await createLedgerTable(endpoint.client, tableName);
  const documents = DynamoDBDocumentClient.from(endpoint.client, {
    marshallOptions: { removeUndefinedValues: true },
  });
  const access = { documents, tableName };
  const store = new LedgerStore(access);
  const feed = new FeedStore(access);
  const timing = { now: Date.now, wait, random: Math.random };
  const ledger = new Ledger(store, async () => DEFAULT_SETTINGS, timing);

  async function run(id: string, command: LedgerCommand, portalId = PORTAL): Promise<CommandResult> {
    const actor = { kind: 'accounting' } as const;
    return ledger.run({ portalId, invoiceId: invoiceId(id), command, actor, origin: 'accounting' });
  }

  /** As the relay does after the commit. */
  async function numberChange(id: string, version: number, portalId = PORTAL): Promise<void> {
    const at = new Date().toISOString();
    const entry = { invoiceId: invoiceId(id), version, at, origin: 'accounting' } as const;
    await numberEvents(feed, portalId, [entry], 90, wait);
  }

  return {
    ...access,
    store,
    run,
    numberChange,
    embedded: endpoint.embedded,
    /** Writes an invoice and numbers the change; answers the invoice. */
    async put(id: string, more: object = {}, portalId = PORTAL): Promise<Invoice> {
      const result = await run(id, replaceWith(more), portalId);
      if (result.kind !== 'created' && result.kind !== 'updated') throw new Error(JSON.stringify(result));
      await numberChange(id, result.invoice.version, portalId);
      return result.invoice;
    },
    async get({ pk, sk }: LedgerKey) {
      return (
        await documents.send(new GetCommand({ TableName: tableName, Key: { pk, sk }, ConsistentRead: true }))
      ).Item;
    },
    async remove({ pk, sk }: LedgerKey): Promise<void> {
      await documents.send(new DeleteCommand({ TableName: tableName, Key: { pk, sk } }));
    },
    async putItem(item: LedgerKey & Record<string, unknown>): Promise<void> {
      await documents.send(new PutCommand({ TableName: tableName, Item: item }));
    },
    async setAttribute({ pk, sk }: LedgerKey, name: string, value: unknown): Promise<void> {
      const change =
        value === undefined
          ? { UpdateExpression: 'REMOVE #name' }
          : { UpdateExpression: 'SET #name = :value', ExpressionAttributeValues: { ':value': value } };
      await documents.send(
        new UpdateCommand({
          TableName: tableName,
          Key: { pk, sk },
          ExpressionAttributeNames: { '#name': name },
          ...change,
        }),
      );
    },
    /** Runs the check, a minute from now unless told, and answers its lines and how many problems it left. */
    async check({
      repair = false,
      portalId,
      later = 60_000,
      beforeWrite,
    }: CheckOptions = {}): Promise<{ lines: string[]; left: number }> {
      const lines: string[] = [];
      const report = new CheckReport((line) => lines.push(line));
      const context = {
        store: new OvertakenStore(access, beforeWrite),
        repair,
        report: report.add,
        timing: { now: () => Date.now() + later, wait, random: Math.random },
      };
      const feedCheck = new FeedCheck(
        context,
        (id) => store.settings(id),
        (id, entries, days) => numberEvents(feed, id, entries, days, wait),
      );
      await checkLedger(context, { portalId, watchers: [feedCheck] });
      return { lines, left: report.left };
    },
    async close(): Promise<void> {
      await endpoint.client.send(new DeleteTableCommand({ TableName: tableName }));
      await endpoint.close();
    },
  };
}

export type OpenLedger = Awaited<ReturnType<typeof openLedger>>;
