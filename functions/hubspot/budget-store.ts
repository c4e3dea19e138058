import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Slices } from './budget-window.ts';
import type { BudgetPool } from './hubspot-api.ts';

/** What was granted, and the version that the next change must find. */
export interface StoredBudget {
  slices: Slices;
  version: number;
}

/**
 * `moved`: somebody else was first, and nothing was written. `unclear`: the same, or our own first try was written, its answer lost, and
 * the SDK's second try met it.
 */
export type Replaced = 'stored' | 'moved' | 'unclear';

export interface BudgetTable {
  documents: DynamoDBDocumentClient;
  /** A table with the keys `pk` and `sk`, and time to live on `expiresAt` (epoch seconds). */
  tableName: string;
}

/** An item serves nobody once its last slice has left the window; it is kept for a day all the same, so that no clock matters. */
const KEPT_S = 86_400;

/** The budgets of all portals, one small item for each portal and pool. Reads are strongly consistent. */
export class BudgetStore {
  readonly #table: BudgetTable;

  constructor(table: BudgetTable) {
    this.#table = table;
  }

  async read(portalId: string, pool: BudgetPool): Promise<StoredBudget> {
    const { Item } = await this.#table.documents.send(
      new GetCommand({
        TableName: this.#table.tableName,
        Key: budgetKey(portalId, pool),
        ConsistentRead: true,
      }),
    );
    const slices = Object.entries((Item?.slices ?? {}) as Record<string, number>);
    return {
      slices: new Map(slices.map(([index, calls]) => [Number(index), calls])),
      version: Number(Item?.version ?? 0),
    };
  }

  /** Stores the slices if nobody did since `version`. `now` is epoch ms. Throws what DynamoDB throws, which leaves open what it did. */
  async replace(
    portalId: string,
    pool: BudgetPool,
    slices: Slices,
    version: number,
    now: number,
  ): Promise<Replaced> {
    try {
      await this.#table.documents.send(
        new PutCommand({
          TableName: this.#table.tableName,
          Item: {
            ...budgetKey(portalId, pool),
            slices: Object.fromEntries(slices),
            version: version + 1,
            expiresAt: Math.ceil(now / 1_000) + KEPT_S,
          },
          ConditionExpression: version === 0 ? 'attribute_not_exists(pk)' : '#version = :version',
          ...(version === 0
            ? {}
            : {
                ExpressionAttributeNames: { '#version': 'version' },
                ExpressionAttributeValues: { ':version': version },
              }),
        }),
      );
      return 'stored';
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return error.$metadata.attempts === 1 ? 'moved' : 'unclear';
    }
  }
}

const budgetKey = (portalId: string, pool: BudgetPool) => ({ pk: `${portalId}#budget`, sk: pool });
