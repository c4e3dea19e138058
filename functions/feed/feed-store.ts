import {
  type DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import { batchGet } from '../invoices/batch-get.ts';
import type { PortalId } from '../invoices/identifiers.ts';
import { eventIdOf, type LedgerEvent } from '../invoices/ledger-event.ts';
import { eventFromItem } from '../invoices/ledger-items.ts';
import { eventKey, FEED_BUCKET_SIZE, feedEntryKey, sequenceKey } from '../invoices/ledger-keys.ts';
import { cancellationReasons, type StoreAccess } from '../invoices/ledger-store.ts';
import { type FeedEntry, feedEntryFromItem, feedEntryItem } from './feed-entry.ts';

/** What became of an attempt to number events. */
export type NumberingResult =
  | { kind: 'numbered' }
  /** Another relay took numbers in between, or the table was busy. Nothing was written. */
  | { kind: 'again' }
  /** These (by their place in the list) have a number already. Nothing was written. */
  | { kind: 'known'; places: number[] };

/** An event as the feed points to it, before it has its number. */
export type UnnumberedEntry = Omit<FeedEntry, 'sequence'>;

/** The feed in the ledger's table. */
export class FeedStore {
  readonly #documents: DynamoDBDocumentClient;
  readonly #tableName: string;

  constructor({ documents, tableName }: StoreAccess) {
    this.#documents = documents;
    this.#tableName = tableName;
  }

  /** The number of the portal's newest entry; 0 where there is none. */
  async lastSequence(portalId: PortalId): Promise<number> {
    const { Item } = await this.#documents.send(
      new GetCommand({ TableName: this.#tableName, Key: sequenceKey(portalId), ConsistentRead: true }),
    );
    return Number(Item?.sequence ?? 0);
  }

  /**
   * Gives the entries the numbers after `last` (at most 49 at once) in one transaction: the portal's sequence moves on, the entries are
   * written, and each event notes its number, so that it never gets a second one.
   */
  async number(
    portalId: PortalId,
    last: number,
    entries: readonly UnnumberedEntry[],
    retentionDays: number,
  ): Promise<NumberingResult> {
    const TableName = this.#tableName;
    try {
      await this.#documents.send(
        new TransactWriteCommand({
          TransactItems: [
            {
              Update: {
                TableName,
                Key: sequenceKey(portalId),
                UpdateExpression: 'SET #sequence = :next',
                ConditionExpression: last === 0 ? 'attribute_not_exists(pk)' : '#sequence = :last',
                ExpressionAttributeNames: { '#sequence': 'sequence' },
                ExpressionAttributeValues: {
                  ':next': last + entries.length,
                  ...(last === 0 ? {} : { ':last': last }),
                },
              },
            },
            ...entries.map((entry, place) => ({
              Update: {
                TableName,
                Key: eventKey(portalId, entry.invoiceId, entry.version),
                UpdateExpression: 'SET #sequence = :sequence',
                ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(#sequence)',
                ExpressionAttributeNames: { '#sequence': 'sequence' },
                ExpressionAttributeValues: { ':sequence': last + 1 + place },
              },
            })),
            ...entries.map((entry, place) => ({
              Put: {
                TableName,
                Item: feedEntryItem(portalId, { ...entry, sequence: last + 1 + place }, retentionDays),
                ConditionExpression: 'attribute_not_exists(pk)',
              },
            })),
          ],
        }),
      );
      return { kind: 'numbered' };
    } catch (error) {
      const reasons = cancellationReasons(error);
      if (!reasons) throw error;
      const places = entries.flatMap((_entry, place) =>
        reasons[1 + place] === 'ConditionalCheckFailed' ? [place] : [],
      );
      return places.length > 0 ? { kind: 'known', places } : { kind: 'again' };
    }
  }

  /**
   * The entry of a number. Unlike a query, which may see a transaction in part, this sees the entry wherever {@link lastSequence} has
   * told its number.
   */
  async entry(portalId: PortalId, sequence: number): Promise<FeedEntry | undefined> {
    const Key = feedEntryKey(portalId, sequence);
    const { Item } = await this.#documents.send(
      new GetCommand({ TableName: this.#tableName, Key, ConsistentRead: true }),
    );
    return Item && feedEntryFromItem(Item);
  }

  /** Entries from a number on, in order, at most `limit` and only from that number's bucket. */
  async entriesFrom(portalId: PortalId, sequence: number, limit: number): Promise<FeedEntry[]> {
    const { pk, sk } = feedEntryKey(portalId, sequence);
    const { Items = [] } = await this.#documents.send(
      new QueryCommand({
        TableName: this.#tableName,
        KeyConditionExpression: 'pk = :pk AND sk >= :sk',
        ExpressionAttributeValues: { ':pk': pk, ':sk': sk },
        ConsistentRead: true,
        Limit: Math.min(limit, FEED_BUCKET_SIZE),
      }),
    );
    return Items.map(feedEntryFromItem);
  }

  /** The events that these entries (at most 100) point to, in their order. */
  async events(portalId: PortalId, entries: readonly FeedEntry[]): Promise<LedgerEvent[]> {
    const found = new Map<string, LedgerEvent>();
    const keys = entries.map((entry) => eventKey(portalId, entry.invoiceId, entry.version));
    for (const item of await batchGet({ documents: this.#documents, tableName: this.#tableName }, keys)) {
      const event = eventFromItem(item);
      found.set(event.eventId, event);
    }
    return entries.map((entry) => {
      const event = found.get(eventIdOf(entry.invoiceId, entry.version));
      if (!event)
        throw new Error(`The feed points to event ${entry.invoiceId}:${entry.version}, which is missing.`);
      return event;
    });
  }
}
