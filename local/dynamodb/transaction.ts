import dynalite, { type Item, type JsonObject, type TableDescription } from 'dynalite/db/index.js';
import { dynamoDBError, errorName, isReported, validationError } from './service-error.ts';
import type { StagedStore } from './staged-store.ts';

/** DynamoDB's limits for one transaction. */
export const MAX_OPERATIONS = 100;
const MAX_BYTES = 4 * 1024 * 1024;

/** Why one operation of a cancelled transaction failed, or that it didn't (`None`). */
export type CancellationReason = { Code: string; Message?: string; Item?: Item };

export const NO_REASON: CancellationReason = { Code: 'None' };

/** One operation's item: where it is, and its primary key. */
export interface Target {
  tableName: string;
  /** The primary key, or a whole item that has it. */
  key: Item;
  /** Whether `key` is a whole item. */
  isItem: boolean;
}

/**
 * The key strings of the operations' items; undefined for a key that doesn't fit its table, which running the
 * operation reports. Throws ResourceNotFoundException for a table that isn't there, and refuses two operations on one
 * item, as DynamoDB does.
 */
export async function resolveTargets(store: StagedStore, targets: Target[]): Promise<(string | undefined)[]> {
  const seen = new Set<string>();
  const keys: (string | undefined)[] = [];
  for (const target of targets) {
    const table = await store.readTable(target.tableName);
    if (table === undefined) throw dynamoDBError('ResourceNotFoundException', 'Requested resource not found');
    const key = fits(target, table) ? dynalite.createKey(target.key, table) : undefined;
    keys.push(key);
    if (key === undefined) continue;
    const item = `${target.tableName}~${key}`;
    if (seen.has(item))
      throw validationError('Transaction request cannot include multiple operations on one item');
    seen.add(item);
  }
  return keys;
}

function fits({ key, isItem }: Target, table: TableDescription): boolean {
  const problem = isItem ? dynalite.validateItem(key, table) : dynalite.validateKey(key, table);
  return problem === undefined || problem === null;
}

/** The reason that a failed operation gives; throws on what is no fault of the request. */
export function cancellationReason(error: unknown, found: Item | undefined): CancellationReason {
  if (!isReported(error)) throw error;
  const Message = error.message;
  switch (errorName(error)) {
    case 'ConditionalCheckFailedException':
      return { Code: 'ConditionalCheckFailed', ...(found === undefined ? {} : { Item: found }), Message };
    case 'ValidationException':
      return { Code: 'ValidationError', Message };
    default:
      throw error;
  }
}

/** The error of a transaction that was cancelled, with one reason for each operation, in order. */
export function transactionCancelled(reasons: CancellationReason[]): Error {
  const codes = reasons.map(({ Code }) => Code).join(', ');
  const message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`;
  // This one exception spells its message with a capital in the API's model.
  return dynamoDBError('TransactionCanceledException', message, {
    Message: message,
    CancellationReasons: reasons,
  });
}

/** Refuses a transaction whose items are more than 4 MB together. */
export function refuseOversize(items: (Item | undefined)[]): void {
  const bytes = items.reduce((sum, item) => sum + (item === undefined ? 0 : dynalite.itemSize(item)), 0);
  if (bytes > MAX_BYTES)
    throw validationError('The aggregate size of the items in the transaction cannot exceed 4 MB');
}

/** The one operation that an entry of TransactItems names; throws a ValidationException unless it is exactly one. */
export function onlyOperation(entry: JsonObject): [name: string, operation: JsonObject] {
  const [operation, ...others] = Object.entries(entry);
  if (operation === undefined || others.length > 0)
    throw validationError('TransactItems can only contain one of Check, Put, Update or Delete');
  return [operation[0], operation[1] as JsonObject];
}
