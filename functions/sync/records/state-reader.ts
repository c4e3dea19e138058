import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { SyncReasonCode } from '../sync-reasons.ts';
import type { Shard } from './shard.ts';
import { parseStateSince } from './sync-items.ts';
import { RECORD_PREFIX, STATE_INDEX, shardPartition } from './sync-keys.ts';
import type { SyncState } from './sync-record.ts';

/** A failed record as a list shows it. */
export interface FailedRecord {
  externalId: string;
  reason: string;
  reasonCode: SyncReasonCode;
  /** Epoch milliseconds. */
  since: number;
  attempts: number;
}

/** How many records of a shard are in each state. */
export interface StateCounts {
  counts: Record<SyncState, number>;
  /** Since when the longest outstanding record (pending or retry) is so; epoch ms. */
  oldestPendingAt?: number | undefined;
}

/**
 * Reads shards by state, from their local index and strongly consistent. Records are counted by looking at the index, whose entries are small:
 * nothing that every record has to pass, and never wrong after a crash.
 */
export class StateReader {
  readonly #documents: DynamoDBDocumentClient;
  readonly #tableName: string;

  constructor({ documents, tableName }: { documents: DynamoDBDocumentClient; tableName: string }) {
    this.#documents = documents;
    this.#tableName = tableName;
  }

  /** A page of the shard's failures, those that failed first at the head. `after` is the last one's place in the index. */
  async failures(
    shard: Shard,
    after: string | undefined,
    limit: number,
  ): Promise<{ failures: FailedRecord[]; after?: string }> {
    const pk = shardPartition(shard);
    const [stateSince, externalId] = splitPlace(after);
    const { Items = [], LastEvaluatedKey } = await this.#documents.send(
      new QueryCommand({
        TableName: this.#tableName,
        IndexName: STATE_INDEX,
        KeyConditionExpression: 'pk = :pk AND begins_with(stateSince, :failed)',
        ExpressionAttributeValues: { ':pk': pk, ':failed': 'failed#' },
        ...(after === undefined
          ? {}
          : { ExclusiveStartKey: { pk, sk: `${RECORD_PREFIX}${externalId}`, stateSince } }),
        ConsistentRead: true,
        Limit: limit,
      }),
    );
    const failures = Items.map((item): FailedRecord & { place: string } => ({
      externalId: String(item.externalId),
      reason: String(item.reason),
      reasonCode: item.reasonCode,
      since: parseStateSince(String(item.stateSince)).since,
      attempts: Number(item.attempts),
      place: `${item.stateSince}|${item.externalId}`,
    }));
    const last = LastEvaluatedKey && failures.at(-1)?.place;
    const shown = failures.map(({ place: _, ...failure }) => failure);
    return last === undefined ? { failures: shown } : { failures: shown, after: last };
  }

  /** Counts the shard's records. */
  async count(shard: Shard): Promise<StateCounts> {
    const counts = { pending: 0, synced: 0, retry: 0, failed: 0, archived: 0 };
    let oldestPendingAt: number | undefined;
    let ExclusiveStartKey: Record<string, unknown> | undefined;
    do {
      const answer = await this.#documents.send(
        new QueryCommand({
          TableName: this.#tableName,
          IndexName: STATE_INDEX,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': shardPartition(shard) },
          ProjectionExpression: 'stateSince',
          ConsistentRead: true,
          ExclusiveStartKey,
        }),
      );
      for (const item of answer.Items ?? []) {
        const { state, since } = parseStateSince(String(item.stateSince));
        counts[state] += 1;
        if (state === 'pending' || state === 'retry') {
          oldestPendingAt = Math.min(oldestPendingAt ?? since, since);
        }
      }
      ExclusiveStartKey = answer.LastEvaluatedKey;
    } while (ExclusiveStartKey);
    return { counts, oldestPendingAt };
  }
}

/** A place in the index is `state#since|externalId`; no time has a `|` in it. */
function splitPlace(place = ''): [stateSince: string, externalId: string] {
  const separator = place.indexOf('|');
  return [place.slice(0, separator), place.slice(separator + 1)];
}

/** Whether a text is a place among failures, as a cursor holds it. */
export const isFailurePlace = (text: string): boolean => /^failed#\d{4}-\d\d-\d\dT[\d:.]+Z\|./s.test(text);
