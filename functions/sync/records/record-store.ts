import {
  BatchGetCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
} from '@aws-sdk/lib-dynamodb';
import type { ObjectType } from '../../hubspot/hubspot-api.ts';
import type { PortalId } from '../../invoices/identifiers.ts';
import { changeOperations, type RecordChange, type SaveResult } from './record-change.ts';
import type { Shard } from './shard.ts';
import { recordFromItem } from './sync-items.ts';
import {
  DUE_INDEX,
  emailClaimKey,
  idClaimKey,
  RECORD_PREFIX,
  recordKey,
  type SyncKey,
  shardPartition,
  WAITER_PREFIX,
} from './sync-keys.ts';
import { claimedEmails, type SyncRecord } from './sync-record.ts';
import { MAX_OPERATIONS, packUnits, type UnitResult, writeUnits } from './transactions.ts';

export interface RecordStoreAccess {
  documents: DynamoDBDocumentClient;
  tableName: string;
  /** Epoch milliseconds. */
  now: () => number;
  wait: (milliseconds: number) => Promise<unknown>;
  /** 0 to below 1. */
  random: () => number;
}

export type Owner = { portalId: PortalId; type: ObjectType };

/** DynamoDB's most keys in one BatchGetItem. */
const MAX_KEYS = 100;
const WRITES_AT_ONCE = 8;
/** So many rounds of a save put many changes into one transaction. */
const ROUNDS_TOGETHER = 2;
/** Rounds of one save: each settles at least the units whose condition failed; the rest is contention, which passes. */
const MAX_ROUNDS = 30;
const CONTENTION_MS = 40;

/** Others kept writing to the same rows. What was not reported as saved was not written. */
export class SyncTableBusyError extends Error {
  override name = 'SyncTableBusyError';
}

/** The records of the sync and their claims, in DynamoDB. Every read is strongly consistent. */
export class RecordStore {
  readonly #access: RecordStoreAccess;

  constructor(access: RecordStoreAccess) {
    this.#access = access;
  }

  async record(owner: Owner, externalId: string): Promise<SyncRecord | undefined> {
    const item = await this.#get(recordKey(owner, externalId));
    return item && recordFromItem(item);
  }

  /** The records with these ids, by external id; those that aren't there are left out. */
  async records(owner: Owner, externalIds: Iterable<string>): Promise<Map<string, SyncRecord>> {
    const keys = [...new Set(externalIds)].map((externalId) => recordKey(owner, externalId));
    const items = await this.#batchGet(keys);
    return new Map(items.map(recordFromItem).map((record) => [record.externalId, record]));
  }

  /** The shard's records that are due at `now` (epoch ms), longest due first; at most `limit`, and fewer where they are large. */
  async due(shard: Shard, now: number, limit: number): Promise<SyncRecord[]> {
    const { Items = [] } = await this.#access.documents.send(
      new QueryCommand({
        TableName: this.#access.tableName,
        IndexName: DUE_INDEX,
        KeyConditionExpression: 'pk = :pk AND dueAt <= :now',
        ExpressionAttributeValues: { ':pk': shardPartition(shard), ':now': now },
        ConsistentRead: true,
        Limit: limit,
      }),
    );
    return Items.map(recordFromItem);
  }

  /** Whether anything is due in the shard at `now` (epoch ms). */
  async hasDue(shard: Shard, now: number): Promise<boolean> {
    const { Count = 0 } = await this.#access.documents.send(
      new QueryCommand({
        TableName: this.#access.tableName,
        IndexName: DUE_INDEX,
        KeyConditionExpression: 'pk = :pk AND dueAt <= :now',
        ExpressionAttributeValues: { ':pk': shardPartition(shard), ':now': now },
        ConsistentRead: true,
        Limit: 1,
        Select: 'COUNT',
      }),
    );
    return Count > 0;
  }

  /** A page of all of the shard's records, in the order of external ids, after one of them. */
  async page(
    shard: Shard,
    after: string | undefined,
    limit: number,
  ): Promise<{ records: SyncRecord[]; after?: string }> {
    const { Items = [], LastEvaluatedKey } = await this.#access.documents.send(
      new QueryCommand({
        TableName: this.#access.tableName,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :record)',
        ExpressionAttributeValues: { ':pk': shardPartition(shard), ':record': RECORD_PREFIX },
        ...(after === undefined
          ? {}
          : { ExclusiveStartKey: { pk: shardPartition(shard), sk: `${RECORD_PREFIX}${after}` } }),
        ConsistentRead: true,
        Limit: limit,
      }),
    );
    const records = Items.map(recordFromItem);
    const last = LastEvaluatedKey && records.at(-1)?.externalId;
    return last === undefined ? { records } : { records, after: last };
  }

  /** The external ids that these HubSpot ids belong to, by HubSpot id. */
  async holders(owner: Owner, hubspotIds: Iterable<string>): Promise<Map<string, string>> {
    const keys = new Map([...new Set(hubspotIds)].map((id) => [idClaimKey(owner, id).pk, id]));
    const items = await this.#batchGet([...keys.values()].map((id) => idClaimKey(owner, id)));
    return new Map(items.map((item) => [keys.get(String(item.pk)) ?? '', String(item.externalId)]));
  }

  /** Who has an e-mail address (normalized), and whether others stand in line for it. */
  async emailClaim(
    portalId: PortalId,
    email: string,
  ): Promise<{ holder: string | undefined; isWanted: boolean }> {
    const item = await this.#get(emailClaimKey(portalId, email));
    return {
      holder: item?.externalId === undefined ? undefined : String(item.externalId),
      isWanted: item?.wanted === true,
    };
  }

  /** The external ids of those who stand in line for an address, in the order of their coming. */
  async waiters(portalId: PortalId, email: string): Promise<string[]> {
    const waiters: string[] = [];
    let ExclusiveStartKey: Record<string, unknown> | undefined;
    do {
      const answer = await this.#access.documents.send(
        new QueryCommand({
          TableName: this.#access.tableName,
          KeyConditionExpression: 'pk = :pk AND begins_with(sk, :waiter)',
          ExpressionAttributeValues: { ':pk': emailClaimKey(portalId, email).pk, ':waiter': WAITER_PREFIX },
          ConsistentRead: true,
          ExclusiveStartKey,
        }),
      );
      waiters.push(...(answer.Items ?? []).map((item) => String(item.externalId)));
      ExclusiveStartKey = answer.LastEvaluatedKey;
    } while (ExclusiveStartKey);
    return waiters;
  }

  /**
   * Saves each change as a whole: the row, on condition that nobody changed it since it was read, together with the claims that differ. Many
   * share a transaction; one that fails its condition takes no other along. The results are in the order of the changes.
   */
  async save(changes: readonly RecordChange[]): Promise<SaveResult[]> {
    const results: SaveResult[] = [];
    let open = changes.map((change, place) => ({ change: keptDue(change), place }));
    for (let round = 0; open.length > 0; round++) {
      if (round === MAX_ROUNDS) throw new SyncTableBusyError('Others kept writing to the same records.');
      if (round > 1) await this.#access.wait(this.#access.random() * CONTENTION_MS * Math.min(round, 10));
      // Under contention a large transaction is seldom free of somebody else's row: then each goes alone.
      const outcomes = await this.#write(
        open.map(({ change }) => change),
        round < ROUNDS_TOGETHER ? MAX_OPERATIONS : 1,
      );
      open = open.flatMap(({ change, place }, index) => {
        const outcome = outcomes[index] ?? { kind: 'again' };
        if (outcome.kind === 'again') return [{ change, place }];
        if (outcome.kind === 'others-wait') {
          return [{ change: withReleaseNoted(change, this.#access.now()), place }];
        }
        results[place] =
          outcome.kind === 'written' ? { kind: 'saved', record: nextVersion(change) } : outcome;
        return [];
      });
    }
    return results;
  }

  async #write(changes: readonly RecordChange[], maxOperations: number): Promise<UnitResult[]> {
    const units = changes.map((change) => changeOperations(change, this.#access.tableName));
    const results: UnitResult[] = [];
    const packs = packUnits(units, maxOperations);
    const writeNext = async (): Promise<void> => {
      for (let places = packs.shift(); places; places = packs.shift()) {
        const written = await writeUnits(
          this.#access.documents,
          places.map((place) => units[place] ?? []),
        );
        for (const [index, place] of places.entries()) results[place] = written[index] ?? { kind: 'again' };
      }
    };
    await Promise.all(Array.from({ length: WRITES_AT_ONCE }, writeNext));
    return results;
  }

  async #get(key: SyncKey): Promise<Record<string, unknown> | undefined> {
    const { Item } = await this.#access.documents.send(
      new GetCommand({ TableName: this.#access.tableName, Key: key, ConsistentRead: true }),
    );
    return Item;
  }

  async #batchGet(keys: readonly SyncKey[]): Promise<Record<string, unknown>[]> {
    const { documents, tableName, wait, random } = this.#access;
    const found: Record<string, unknown>[] = [];
    let open: Record<string, unknown>[] = keys.map((key) => ({ ...key }));
    while (open.length > 0) {
      const answer = await documents.send(
        new BatchGetCommand({
          RequestItems: { [tableName]: { Keys: open.slice(0, MAX_KEYS), ConsistentRead: true } },
        }),
      );
      found.push(...(answer.Responses?.[tableName] ?? []));
      const unprocessed = answer.UnprocessedKeys?.[tableName]?.Keys ?? [];
      if (unprocessed.length > 0) await wait(random() * CONTENTION_MS);
      open = [...unprocessed, ...open.slice(MAX_KEYS)];
    }
    return found;
  }
}

const nextVersion = ({ before, after }: RecordChange): SyncRecord => ({
  ...after,
  version: (before?.version ?? 0) + 1,
});

/** A record that has to tell others something stays due until it has, whatever else became of it. */
const keptDue = ({ before, after }: RecordChange): RecordChange =>
  after.released && after.dueAt === undefined
    ? { before, after: { ...after, dueAt: after.since } }
    : { before, after };

/** The addresses that are let go, noted on the record, which stays due until those in line have been told. */
function withReleaseNoted({ before, after }: RecordChange, now: number): RecordChange {
  const has = claimedEmails(after);
  const left = before ? claimedEmails(before).filter((email) => !has.includes(email)) : [];
  const released = [...new Set([...(after.released ?? []), ...left])];
  return { before, after: { ...after, released, dueAt: now } };
}
