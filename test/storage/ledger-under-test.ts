import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { DeleteTableCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { UnnumberedEntry } from '../../functions/feed/feed-store.ts';
import { FeedStore } from '../../functions/feed/feed-store.ts';
import { addSummaries, contribution, EMPTY_SUMMARY } from '../../functions/invoices/deal-summary.ts';
import type { DealId, InvoiceId, PortalId } from '../../functions/invoices/identifiers.ts';
import { type CommandRequest, type CommandResult, Ledger } from '../../functions/invoices/ledger.ts';
import type { LedgerCommand } from '../../functions/invoices/ledger-command.ts';
import type { LedgerEvent } from '../../functions/invoices/ledger-event.ts';
import { eventFromItem } from '../../functions/invoices/ledger-items.ts';
import { EVENT_PREFIX, invoiceKey } from '../../functions/invoices/ledger-keys.ts';
import { LedgerStore, type PlacedRow } from '../../functions/invoices/ledger-store.ts';
import { DEFAULT_SETTINGS } from '../../functions/invoices/portal-settings.ts';
import { createLedgerTable } from '../../local/ledger-table.ts';
import { type StorageEndpoint, storageEndpoint } from './dynamodb-endpoint.ts';

/** Faults, request counts and streams are there only where the suite has started its DynamoDB itself. */
export const IS_EMBEDDED = !process.env.DYNAMODB_ENDPOINT;

/** A ledger in a table of its own, with what a test needs to look behind it. */
export class LedgerUnderTest {
  readonly endpoint: StorageEndpoint;
  readonly documents: DynamoDBDocumentClient;
  readonly tableName: string;
  readonly store: LedgerStore;
  readonly feed: FeedStore;
  readonly ledger: Ledger;

  private constructor(endpoint: StorageEndpoint, tableName: string) {
    this.endpoint = endpoint;
    this.tableName = tableName;
    const marshallOptions = { removeUndefinedValues: true };
    this.documents = DynamoDBDocumentClient.from(endpoint.client, { marshallOptions });
    const access = { documents: this.documents, tableName };
    this.store = new LedgerStore(access);
    this.feed = new FeedStore(access);
    const timing = { now: Date.now, wait, random: Math.random };
    this.ledger = new Ledger(this.store, async () => DEFAULT_SETTINGS, timing);
  }

  static async start(): Promise<LedgerUnderTest> {
    const endpoint = await storageEndpoint();
    const tableName = `ledger-${randomUUID()}`;
    await createLedgerTable(endpoint.client, tableName);
    return new LedgerUnderTest(endpoint, tableName);
  }

  async stop(): Promise<void> {
    await this.endpoint.client.send(new DeleteTableCommand({ TableName: this.tableName }));
    await this.endpoint.close();
  }

  /** Runs a command of the accounting system. */
  run(
    portalId: PortalId,
    invoiceId: InvoiceId,
    command: LedgerCommand,
    fields: Partial<CommandRequest> = {},
  ): Promise<CommandResult> {
    return this.ledger.run({
      portalId,
      invoiceId,
      command,
      actor: { kind: 'accounting' },
      origin: 'accounting',
      ...fields,
    });
  }

  /** All events of an invoice in the order of their versions. */
  async events(portalId: PortalId, invoiceId: InvoiceId): Promise<LedgerEvent[]> {
    const events: LedgerEvent[] = [];
    for (let ExclusiveStartKey: Record<string, unknown> | undefined; ; ) {
      const page = await this.documents.send(
        new QueryCommand({
          TableName: this.tableName,
          KeyConditionExpression: 'pk = :pk AND begins_with(sk, :events)',
          ExpressionAttributeValues: { ':pk': invoiceKey(portalId, invoiceId).pk, ':events': EVENT_PREFIX },
          ConsistentRead: true,
          ExclusiveStartKey,
        }),
      );
      events.push(...(page.Items ?? []).map(eventFromItem));
      if (!page.LastEvaluatedKey) return events;
      ExclusiveStartKey = page.LastEvaluatedKey;
    }
  }

  /** All rows of a deal, or of the invoices on none, page by page. */
  async rows(portalId: PortalId, dealId: DealId | undefined): Promise<PlacedRow[]> {
    const rows: PlacedRow[] = [];
    for (;;) {
      const page = await this.store.rowsAfter(portalId, dealId, rows.at(-1)?.sortKey, 100);
      rows.push(...page);
      if (page.length < 100) return rows;
    }
  }

  /** The deal's summary as stored, and as the sum of what its rows' invoices contribute. */
  async summaries(portalId: PortalId, dealId: DealId) {
    const rows = await this.rows(portalId, dealId);
    const invoices = await Promise.all(rows.map(({ row }) => this.store.current(portalId, row.invoiceId)));
    const summed = invoices.reduce(
      (sum, { invoice }) => (invoice ? addSummaries(sum, contribution(invoice)) : sum),
      EMPTY_SUMMARY,
    );
    return { stored: await this.store.dealSummary(portalId, dealId), summed, rowCount: rows.length };
  }
}

/** How the feed points to an event. */
export const unnumbered = ({ invoiceId, version, at, origin }: LedgerEvent): UnnumberedEntry => ({
  invoiceId,
  version,
  at,
  origin,
});
