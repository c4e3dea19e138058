import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  ScanCommand,
  TransactGetCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { ROW_PREFIX } from '../deal-row.ts';
import type { InvoiceId, PortalId } from '../identifiers.ts';
import { EVENT_PREFIX, eventKey, type LedgerKey } from '../ledger-keys.ts';
import { cancellationReasons, type StoreAccess } from '../ledger-store.ts';
import type { StoredItem } from './ledger-item.ts';

type Operations = NonNullable<TransactWriteCommandInput['TransactItems']>;

/** A page of a scan: the items asked for, and how many it passed in all. */
export interface ScanPage {
  items: StoredItem[];
  passed: number;
}

interface ScanExpressions {
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: Record<string, string>;
}

/** What BatchGetItem takes at once. */
const BATCH = 100;

/** The ledger's table as the check reads and repairs it. Every read is strongly consistent. */
export class CheckStore {
  readonly tableName: string;
  readonly #documents: DynamoDBDocumentClient;

  constructor({ documents, tableName }: StoreAccess) {
    this.#documents = documents;
    this.tableName = tableName;
  }

  /** About how many items the table has: DynamoDB counts every six hours. */
  async roughItemCount(): Promise<number> {
    const { Table } = await this.#documents.send(new DescribeTableCommand({ TableName: this.tableName }));
    return Table?.ItemCount ?? 0;
  }

  /** All items of the table, or of one portal, page by page; `passed` counts those of others too. */
  scan(portalId: PortalId | undefined): AsyncGenerator<ScanPage> {
    return this.#scan(portalId, []);
  }

  /** The events that have no number in the feed, page by page. */
  unnumberedEvents(portalId: PortalId | undefined): AsyncGenerator<ScanPage> {
    return this.#scan(portalId, ['entity = :event', 'attribute_not_exists(#sequence)'], {
      ExpressionAttributeNames: { '#sequence': 'sequence' },
      ExpressionAttributeValues: { ':event': 'event' },
    });
  }

  async *#scan(
    portalId: PortalId | undefined,
    conditions: readonly string[],
    { ExpressionAttributeNames, ExpressionAttributeValues }: ScanExpressions = {},
  ): AsyncGenerator<ScanPage> {
    const filters = [...(portalId ? ['begins_with(pk, :portal)'] : []), ...conditions];
    const values = { ...(portalId && { ':portal': `${portalId}#` }), ...ExpressionAttributeValues };
    let ExclusiveStartKey: Record<string, unknown> | undefined;
    do {
      const page = await this.#documents.send(
        new ScanCommand({
          TableName: this.tableName,
          ConsistentRead: true,
          ExclusiveStartKey,
          ...(filters.length > 0 && {
            FilterExpression: filters.join(' AND '),
            ExpressionAttributeValues: values,
          }),
          ...(ExpressionAttributeNames && { ExpressionAttributeNames }),
        }),
      );
      yield { items: (page.Items ?? []) as StoredItem[], passed: page.ScannedCount ?? 0 };
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey);
  }

  async get(key: LedgerKey): Promise<StoredItem | undefined> {
    const { Item } = await this.#documents.send(
      new GetCommand({ TableName: this.tableName, Key: { pk: key.pk, sk: key.sk }, ConsistentRead: true }),
    );
    return Item as StoredItem | undefined;
  }

  /** The items with these keys, each read by itself, by {@link keyText}. */
  async batch(keys: readonly LedgerKey[]): Promise<Map<string, StoredItem>> {
    const found = new Map<string, StoredItem>();
    const wanted = [...new Map(keys.map(({ pk, sk }) => [keyText({ pk, sk }), { pk, sk }])).values()];
    for (let start = 0; start < wanted.length; start += BATCH) {
      let Keys: Record<string, unknown>[] = wanted.slice(start, start + BATCH);
      while (Keys.length > 0) {
        const answer = await this.#documents.send(
          new BatchGetCommand({ RequestItems: { [this.tableName]: { Keys, ConsistentRead: true } } }),
        );
        for (const item of (answer.Responses?.[this.tableName] ?? []) as StoredItem[]) {
          found.set(keyText(item), item);
        }
        Keys = answer.UnprocessedKeys?.[this.tableName]?.Keys ?? [];
      }
    }
    return found;
  }

  /** Several items as they were at one moment; undefined where a transaction of others was under way. */
  async snapshot(keys: readonly LedgerKey[]): Promise<(StoredItem | undefined)[] | undefined> {
    try {
      const { Responses = [] } = await this.#documents.send(
        new TransactGetCommand({
          TransactItems: keys.map(({ pk, sk }) => ({ Get: { TableName: this.tableName, Key: { pk, sk } } })),
        }),
      );
      return Responses.map(({ Item }) => Item as StoredItem | undefined);
    } catch (error) {
      if (cancellationReasons(error)) return undefined;
      throw error;
    }
  }

  /** Writes all of these or, where a condition failed or others were writing there, nothing; answers whether it did. */
  async write(operations: Operations): Promise<boolean> {
    try {
      await this.#documents.send(new TransactWriteCommand({ TransactItems: operations }));
      return true;
    } catch (error) {
      if (cancellationReasons(error)) return false;
      throw error;
    }
  }

  /** The rows of a deal, page by page. */
  async *rows(pk: string): AsyncGenerator<StoredItem[]> {
    yield* this.#query({
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':pk': pk, ':prefix': ROW_PREFIX },
    });
  }

  /** The versions of which there are events, in order, page by page. */
  async *eventVersions(portalId: PortalId, invoiceId: InvoiceId): AsyncGenerator<number[]> {
    const { pk } = eventKey(portalId, invoiceId, 0);
    const pages = this.#query({
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':pk': pk, ':prefix': EVENT_PREFIX },
      ProjectionExpression: 'sk',
    });
    for await (const items of pages) yield items.map(({ sk }) => Number(sk.slice(EVENT_PREFIX.length)));
  }

  async *#query(query: {
    KeyConditionExpression: string;
    ExpressionAttributeValues: Record<string, string>;
    ProjectionExpression?: string;
  }): AsyncGenerator<StoredItem[]> {
    let ExclusiveStartKey: Record<string, unknown> | undefined;
    do {
      const page = await this.#documents.send(
        new QueryCommand({ TableName: this.tableName, ConsistentRead: true, ExclusiveStartKey, ...query }),
      );
      yield (page.Items ?? []) as StoredItem[];
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey);
  }
}

/** A key as one text. No partition key holds the separator. */
export const keyText = ({ pk, sk }: LedgerKey): string => `${pk}\u0000${sk}`;
