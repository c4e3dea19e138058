import {
  BatchGetCommand,
  type DynamoDBDocumentClient,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { ObjectType } from '../../hubspot/hubspot-api.ts';
import type { PortalId } from '../../invoices/identifiers.ts';
import type { SyncReason } from '../sync-reasons.ts';
import type { PortalControl } from './portal-control.ts';
import { RECORD_TYPES, type Shard } from './shard.ts';
import {
  controlKey,
  mappingKey,
  propertiesKey,
  REGISTRY_PARTITION,
  registryKey,
  type SyncKey,
} from './sync-keys.ts';

/** By which mapping a shard was last looked through for records that it changes. */
export interface ShardMapping {
  fingerprint: string;
  /** A look-through under way: for which mapping, and after which external id it goes on. */
  scan?: { fingerprint: string; after?: string | undefined } | undefined;
}

/** A portal's writable property definitions as they were read. */
export interface StoredProperties {
  uniqueKey?: string | undefined;
  ordinaryKey?: string | undefined;
  names: string[];
  /** Epoch milliseconds. */
  readAt: number;
}

export interface ControlStoreAccess {
  documents: DynamoDBDocumentClient;
  tableName: string;
}

/** What steers the workers: pauses, stops, mappings, and which portals there are. */
export class ControlStore {
  readonly #documents: DynamoDBDocumentClient;
  readonly #tableName: string;
  readonly #registered = new Set<string>();

  constructor({ documents, tableName }: ControlStoreAccess) {
    this.#documents = documents;
    this.#tableName = tableName;
  }

  async portal(portalId: PortalId): Promise<PortalControl> {
    const [control] = await this.#items([controlKey(portalId)]);
    return controlFromItem(control);
  }

  /** What a worker must know before it works on a shard, in one read. */
  async beforeWork(shard: Shard): Promise<{ control: PortalControl; mapping: ShardMapping | undefined }> {
    const [control, mapping] = await this.#items([controlKey(shard.portalId), mappingKey(shard)]);
    return { control: controlFromItem(control), mapping: mapping?.mapping as ShardMapping | undefined };
  }

  /** Lets the portal rest until then (epoch ms), as HubSpot wants, unless that is longer already. */
  async pause(portalId: PortalId, until: number): Promise<void> {
    await this.#documents
      .send(
        new UpdateCommand({
          TableName: this.#tableName,
          Key: controlKey(portalId),
          UpdateExpression: 'SET pausedUntil = :until',
          ConditionExpression: 'attribute_not_exists(pausedUntil) OR pausedUntil < :until',
          ExpressionAttributeValues: { ':until': until },
        }),
      )
      .catch(unlessConditionFailed);
  }

  /** Notes that HubSpot refuses the portal's token, and that it is to be tried again at `nextTryAt` (epoch ms). */
  async stop(portalId: PortalId, reason: SyncReason, now: number, nextTryAt: number): Promise<void> {
    await this.#documents.send(
      new UpdateCommand({
        TableName: this.#tableName,
        Key: controlKey(portalId),
        UpdateExpression: 'SET stopped = if_not_exists(stopped, :stopped), stoppedUntil = :next',
        ExpressionAttributeValues: { ':stopped': { ...reason, since: now }, ':next': nextTryAt },
      }),
    );
  }

  /** Ends a stop. What else the portal rests for goes on. */
  async resume(portalId: PortalId): Promise<void> {
    await this.#documents
      .send(
        new UpdateCommand({
          TableName: this.#tableName,
          Key: controlKey(portalId),
          UpdateExpression: 'REMOVE stopped, stoppedUntil',
          ConditionExpression: 'attribute_exists(stopped)',
        }),
      )
      .catch(unlessConditionFailed);
  }

  /** Keeps the workers from the portal until then (epoch ms), or until it is released. */
  async hold(portalId: PortalId, until: number): Promise<void> {
    await this.#documents.send(
      new UpdateCommand({
        TableName: this.#tableName,
        Key: controlKey(portalId),
        UpdateExpression: 'SET heldUntil = :until',
        ExpressionAttributeValues: { ':until': until },
      }),
    );
  }

  /** Ends a hold; false where there was none. */
  async release(portalId: PortalId): Promise<boolean> {
    try {
      await this.#documents.send(
        new UpdateCommand({
          TableName: this.#tableName,
          Key: controlKey(portalId),
          UpdateExpression: 'REMOVE heldUntil',
          ConditionExpression: 'attribute_exists(heldUntil)',
        }),
      );
      return true;
    } catch (error) {
      unlessConditionFailed(error);
      return false;
    }
  }

  async setMapping(shard: Shard, mapping: ShardMapping): Promise<void> {
    await this.#put(mappingKey(shard), { mapping });
  }

  async properties(portalId: PortalId, type: ObjectType): Promise<StoredProperties | undefined> {
    const [item] = await this.#items([propertiesKey(portalId, type)]);
    return item?.properties as StoredProperties | undefined;
  }

  async setProperties(portalId: PortalId, type: ObjectType, properties: StoredProperties): Promise<void> {
    await this.#put(propertiesKey(portalId, type), { properties });
  }

  /**
   * Takes it on oneself to read a portal's definitions from HubSpot; false while somebody else does, and where somebody has since `known`
   * was read. `now` and `until` are epoch ms.
   */
  async claimReading(
    portalId: PortalId,
    type: ObjectType,
    known: StoredProperties | undefined,
    { now, until }: { now: number; until: number },
  ): Promise<boolean> {
    const isUnchanged = known ? '#properties.readAt = :readAt' : 'attribute_not_exists(#properties)';
    try {
      await this.#documents.send(
        new UpdateCommand({
          TableName: this.#tableName,
          Key: propertiesKey(portalId, type),
          UpdateExpression: 'SET readingUntil = :until',
          ConditionExpression: `${isUnchanged} AND (attribute_not_exists(readingUntil) OR readingUntil <= :now)`,
          ExpressionAttributeNames: { '#properties': 'properties' },
          ExpressionAttributeValues: {
            ':until': until,
            ':now': now,
            ...(known ? { ':readAt': known.readAt } : {}),
          },
        }),
      );
      return true;
    } catch (error) {
      unlessConditionFailed(error);
      return false;
    }
  }

  /** Notes that the portal has records of a type, so that the sweeper looks there. Must come before the first record is stored. */
  async register(portalId: PortalId, type: ObjectType): Promise<void> {
    const key = registryKey(portalId, type);
    if (this.#registered.has(key.sk)) return;
    await this.#put(key, { portalId, type });
    this.#registered.add(key.sk);
  }

  /** Every portal and type that has records. */
  async registered(): Promise<{ portalId: PortalId; type: ObjectType }[]> {
    const found: { portalId: PortalId; type: ObjectType }[] = [];
    let ExclusiveStartKey: Record<string, unknown> | undefined;
    do {
      const answer = await this.#documents.send(
        new QueryCommand({
          TableName: this.#tableName,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': REGISTRY_PARTITION },
          ConsistentRead: true,
          ExclusiveStartKey,
        }),
      );
      for (const item of answer.Items ?? []) {
        const type = RECORD_TYPES.find((known) => known === item.type);
        if (type) found.push({ portalId: item.portalId as PortalId, type });
      }
      ExclusiveStartKey = answer.LastEvaluatedKey;
    } while (ExclusiveStartKey);
    return found;
  }

  async #put(key: SyncKey, attributes: Record<string, unknown>): Promise<void> {
    await this.#documents.send(
      new PutCommand({ TableName: this.#tableName, Item: { ...key, ...attributes } }),
    );
  }

  /** A few items, strongly consistent, in the order of their keys. */
  async #items(keys: readonly SyncKey[]): Promise<(Record<string, unknown> | undefined)[]> {
    const found: Record<string, unknown>[] = [];
    let Keys: Record<string, unknown>[] | undefined = keys.map((key) => ({ ...key }));
    while (Keys && Keys.length > 0) {
      const answer: {
        Responses?: Record<string, Record<string, unknown>[]>;
        UnprocessedKeys?: Record<string, { Keys: Record<string, unknown>[] | undefined }>;
      } = await this.#documents.send(
        new BatchGetCommand({ RequestItems: { [this.#tableName]: { Keys, ConsistentRead: true } } }),
      );
      found.push(...(answer.Responses?.[this.#tableName] ?? []));
      Keys = answer.UnprocessedKeys?.[this.#tableName]?.Keys;
    }
    return keys.map(({ pk, sk }) => found.find((item) => item.pk === pk && item.sk === sk));
  }
}

const controlFromItem = (item: Record<string, unknown> | undefined): PortalControl => ({
  pausedUntil: item?.pausedUntil as number | undefined,
  stopped: item?.stopped as PortalControl['stopped'],
  stoppedUntil: item?.stoppedUntil as number | undefined,
  heldUntil: item?.heldUntil as number | undefined,
});

function unlessConditionFailed(error: unknown): void {
  if (!(error instanceof Error && error.name === 'ConditionalCheckFailedException')) throw error;
}
