import { setTimeout as wait } from 'node:timers/promises';
import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

type Item = Record<string, unknown>;

interface BatchAccess {
  documents: DynamoDBDocumentClient;
  tableName: string;
}

const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 1_000;

/**
 * The items with these keys (at most 100), strongly consistent, in no order; those that are not there are left out. What DynamoDB leaves
 * over is asked for again after a pause that grows, with jitter: at once it would be left over again.
 */
export async function batchGet(
  { documents, tableName }: BatchAccess,
  keys: readonly object[],
  pause: (milliseconds: number) => Promise<unknown> = wait,
): Promise<Item[]> {
  const found: Item[] = [];
  let Keys: Item[] = keys.map((key) => ({ ...key }));
  for (let longest = FIRST_WAIT_MS; Keys.length > 0; longest = Math.min(LONGEST_WAIT_MS, longest * 2)) {
    const answer = await documents.send(
      new BatchGetCommand({ RequestItems: { [tableName]: { Keys, ConsistentRead: true } } }),
    );
    found.push(...(answer.Responses?.[tableName] ?? []));
    Keys = answer.UnprocessedKeys?.[tableName]?.Keys ?? [];
    if (Keys.length > 0) await pause(longest * (0.5 + Math.random() / 2));
  }
  return found;
}
