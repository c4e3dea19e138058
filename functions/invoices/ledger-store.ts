import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { batchGet } from './batch-get.ts';
import { changeOperations, type LedgerChange, type Touch, touchUpdate } from './change-transaction.ts';
import { type CommandOutcome, onNoOutcome, outcomeItem } from './command-outcome.ts';
import type { DealRow } from './deal-row.ts';
import { ROW_PREFIX } from './deal-row.ts';
import type { DealSummary } from './deal-summary.ts';
import type { Alias, Found } from './decision.ts';
import type { DealId, InvoiceId, PortalId } from './identifiers.ts';
import type { ChangeTimes, Invoice } from './invoice.ts';
import { aliasFromItem, invoiceFromStored, rowFromItem, summaryFromItem } from './ledger-items.ts';
import {
  invoiceKey,
  type LedgerKey,
  NUMBER_INDEX,
  numberingKey,
  numberKey,
  numberLineKey,
  outcomeKey,
  rowPartition,
  SUMMARY_SORT_KEY,
  settingsKey,
  summaryKey,
} from './ledger-keys.ts';
import type { NumberCounter } from './number-line.ts';
import { DEFAULT_SETTINGS, type PortalSettings } from './portal-settings.ts';

/**
 * What became of a write. `version-moved`: decide again on what is there now. `number-taken`: another took the number, or is about to.
 * `busy`: others were writing there; try again.
 */
export type CommitResult = 'committed' | 'version-moved' | 'number-taken' | 'busy';

/** A row with its sort key, from which the next page goes on. */
export interface PlacedRow {
  sortKey: string;
  row: DealRow;
}

export interface StoreAccess {
  documents: DynamoDBDocumentClient;
  tableName: string;
}

/** The ledger in DynamoDB. Every read is strongly consistent, but for the look-up by number, which an index answers. */
export class LedgerStore {
  readonly #documents: DynamoDBDocumentClient;
  readonly #tableName: string;

  constructor({ documents, tableName }: StoreAccess) {
    this.#documents = documents;
    this.#tableName = tableName;
  }

  /** The invoice under an id, ours or the accounting system's, and the last version the id has had. */
  async current(portalId: PortalId, invoiceId: InvoiceId): Promise<Found> {
    const item = await this.#get(invoiceKey(portalId, invoiceId));
    if (item?.entity === 'alias') {
      const alias = aliasFromItem(invoiceId, item);
      const { deleted, ...found } = await this.current(portalId, alias.leadsTo);
      return { ...found, ...(deleted && { deleted: { ...deleted, alias } }), alias };
    }
    if (!item) return { invoiceId, invoice: undefined, version: 0 };
    const version = Number(item.version);
    if (item.entity === 'invoice') return { invoiceId, invoice: invoiceFromStored(item), version };
    const { sourceUpdatedAt, repChangedAt, externalId } = item as ChangeTimes & Pick<Invoice, 'externalId'>;
    const alias = await this.#aliasTo(portalId, invoiceId, externalId);
    return { invoiceId, invoice: undefined, version, deleted: { sourceUpdatedAt, repChangedAt, alias } };
  }

  /** The accounting system's id of a deleted invoice, unless it was given to another one since. */
  async #aliasTo(
    portalId: PortalId,
    invoiceId: InvoiceId,
    externalId: InvoiceId | undefined,
  ): Promise<Alias | undefined> {
    if (externalId === undefined) return undefined;
    const item = await this.#get(invoiceKey(portalId, externalId));
    return item?.entity === 'alias' && item.aliasOf === invoiceId
      ? aliasFromItem(externalId, item)
      : undefined;
  }

  /** Writes everything that belongs to a change in one transaction, conditional on what was decided on. */
  async commit(change: LedgerChange): Promise<CommitResult> {
    const parts = changeOperations(change, this.#tableName);
    try {
      const TransactItems = parts.map(({ operation }) => operation);
      await this.#documents.send(new TransactWriteCommand({ TransactItems }));
      return 'committed';
    } catch (error) {
      const reasons = cancellationReasons(error);
      if (!reasons) throw error;
      const failed = new Set(
        parts.flatMap(({ part }, i) => (reasons[i] === 'ConditionalCheckFailed' ? [part] : [])),
      );
      if (failed.has('invoice') || failed.has('alias') || failed.has('outcome')) return 'version-moved';
      if (parts.some(({ part }, i) => part === 'numbering' && NUMBER_TAKEN.has(reasons[i] ?? ''))) {
        return 'number-taken';
      }
      if (reasons.some((reason) => TRANSIENT_REASONS.has(reason))) return 'busy';
      throw error;
    }
  }

  /** Keeps what an unchanged repeat told, if the invoice is still what was decided on. */
  async touch(portalId: PortalId, before: Invoice, touch: Touch): Promise<CommitResult> {
    try {
      await this.#documents.send(
        new UpdateCommand({ TableName: this.#tableName, ...touchUpdate(portalId, before, touch) }),
      );
      return 'committed';
    } catch (error) {
      const name = error instanceof Error ? error.name : undefined;
      if (name === 'ConditionalCheckFailedException') return 'version-moved';
      if (name === 'TransactionConflictException') return 'busy';
      throw error;
    }
  }

  /** What a command with this key came to, if it was run in the last seven days before `now` (epoch milliseconds). */
  async outcome(portalId: PortalId, key: string, now: number): Promise<CommandOutcome | undefined> {
    const item = await this.#get(outcomeKey(portalId, key));
    if (!item || Number(item.expiresAt) <= Math.floor(now / 1000)) return undefined;
    return { key, requestHash: String(item.requestHash), answer: String(item.answer) };
  }

  /** Keeps the outcome of a command that changed nothing. `version-moved`: another request with its key was faster. */
  async keepOutcome(portalId: PortalId, outcome: CommandOutcome, now: number): Promise<CommitResult> {
    try {
      await this.#documents.send(
        new PutCommand({
          TableName: this.#tableName,
          Item: outcomeItem(portalId, outcome, now),
          ...onNoOutcome(now),
        }),
      );
      return 'committed';
    } catch (error) {
      const name = error instanceof Error ? error.name : undefined;
      if (name === 'ConditionalCheckFailedException') return 'version-moved';
      if (name === 'TransactionConflictException') return 'busy';
      throw error;
    }
  }

  /** The counter of a year's numbers as it is now. */
  async numberCounter(portalId: PortalId, year: string): Promise<NumberCounter> {
    const item = await this.#get(numberingKey(portalId, year));
    return { last: Number(item?.last ?? 0), served: Number(item?.served ?? 0) };
  }

  /** A place in the line for a number of the year: one more than whoever came last. */
  async placeInLine(portalId: PortalId, year: string): Promise<number> {
    const { Attributes } = await this.#documents.send(
      new UpdateCommand({
        TableName: this.#tableName,
        Key: numberLineKey(portalId, year),
        UpdateExpression: 'ADD places :one',
        ExpressionAttributeValues: { ':one': 1 },
        ReturnValues: 'UPDATED_NEW',
      }),
    );
    return Number(Attributes?.places);
  }

  /** A deal's summary and its most urgent invoices: one query of `rowLimit` + 1 items, however many the deal has. */
  async dealTop(
    portalId: PortalId,
    dealId: DealId,
    rowLimit: number,
    abortSignal?: AbortSignal,
  ): Promise<{ summary: DealSummary; rows: PlacedRow[] }> {
    const { Items = [] } = await this.#documents.send(
      new QueryCommand({
        TableName: this.#tableName,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': rowPartition(portalId, dealId) },
        ConsistentRead: true,
        Limit: rowLimit + 1,
      }),
      { abortSignal },
    );
    const summary = Items.find((item) => item.sk === SUMMARY_SORT_KEY);
    return { summary: summaryFromItem(summary), rows: placedRows(Items.filter((item) => item !== summary)) };
  }

  async dealSummary(portalId: PortalId, dealId: DealId): Promise<DealSummary> {
    return summaryFromItem(await this.#get(summaryKey(portalId, dealId)));
  }

  /** Rows of a deal, or of the invoices on no deal, after a sort key; at most `limit`. */
  async rowsAfter(
    portalId: PortalId,
    dealId: DealId | undefined,
    after: string | undefined,
    limit: number,
  ): Promise<PlacedRow[]> {
    const { Items = [] } = await this.#documents.send(
      new QueryCommand({
        TableName: this.#tableName,
        KeyConditionExpression: 'pk = :pk AND sk > :after',
        ExpressionAttributeValues: { ':pk': rowPartition(portalId, dealId), ':after': after ?? ROW_PREFIX },
        ConsistentRead: true,
        Limit: limit,
      }),
    );
    return placedRows(Items);
  }

  /** The ids of the invoices that carry this number, in the order of ids, after an id; at most `limit`. A moment behind the ledger. */
  async idsByNumber(
    portalId: PortalId,
    number: string,
    after: InvoiceId | undefined,
    limit: number,
  ): Promise<InvoiceId[]> {
    const { Items = [] } = await this.#documents.send(
      new QueryCommand({
        TableName: this.#tableName,
        IndexName: NUMBER_INDEX,
        KeyConditionExpression: `numberKey = :number${after === undefined ? '' : ' AND invoiceId > :after'}`,
        ExpressionAttributeValues: {
          ':number': numberKey(portalId, number),
          ...(after === undefined ? {} : { ':after': after }),
        },
        Limit: limit,
      }),
    );
    return Items.map((item) => item.invoiceId as InvoiceId);
  }

  /** The invoices with these ids (at most 100), in their order; those that are gone are left out. */
  async invoices(portalId: PortalId, ids: readonly InvoiceId[]): Promise<Invoice[]> {
    const found = new Map<string, Invoice>();
    const keys = ids.map((id) => invoiceKey(portalId, id));
    for (const item of await batchGet({ documents: this.#documents, tableName: this.#tableName }, keys)) {
      if (item.entity !== 'invoice') continue;
      const invoice = invoiceFromStored(item);
      found.set(invoice.invoiceId, invoice);
    }
    return ids.flatMap((id) => found.get(id) ?? []);
  }

  async settings(portalId: PortalId, abortSignal?: AbortSignal): Promise<PortalSettings> {
    const { pk, sk, ...stored } = (await this.#get(settingsKey(portalId), abortSignal)) ?? {};
    return { ...DEFAULT_SETTINGS, ...stored };
  }

  async #get(key: LedgerKey, abortSignal?: AbortSignal): Promise<Record<string, unknown> | undefined> {
    const { Item } = await this.#documents.send(
      new GetCommand({ TableName: this.#tableName, Key: key, ConsistentRead: true }),
      { abortSignal },
    );
    return Item;
  }
}

/** Reasons that pass by themselves: another transaction on the summary, or too many writes for a moment. */
const TRANSIENT_REASONS = new Set([
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
]);

/** At the counter: its condition failed, or somebody else's transaction was there. */
const NUMBER_TAKEN = new Set(['ConditionalCheckFailed', 'TransactionConflict']);

const placedRows = (items: Record<string, unknown>[]): PlacedRow[] =>
  items.map((item) => ({ sortKey: item.sk as string, row: rowFromItem(item) }));

/** Why DynamoDB cancelled a transaction, in the order of its operations; undefined where the error is another. */
export function cancellationReasons(error: unknown): string[] | undefined {
  if (!(error instanceof Error) || error.name !== 'TransactionCanceledException') return undefined;
  const { CancellationReasons = [] } = error as { CancellationReasons?: { Code?: string }[] };
  return CancellationReasons.map((reason) => reason.Code ?? 'None');
}
