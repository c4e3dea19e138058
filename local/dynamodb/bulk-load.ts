import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import dynalite, { type BatchOperation, type Item, type TableDescription } from 'dynalite/db/index.js';
import validations from 'dynalite/validations/index.js';
import { operationsOfChange } from './item-change.ts';
import { itemsOf } from './key-layout.ts';
import { writeAtomically } from './level-database.ts';
import { dynamoDBError, validationError } from './service-error.ts';
import type { StorageEngine } from './storage-engine.ts';

const BATCH_SIZE = 2_000;

/**
 * Puts many items fast, with their index entries, replacing what has the same key. It is for sample data and
 * measurements: each batch of 2,000 items is atomic, the whole is not; nothing is emitted to the table's stream.
 * Throws ResourceNotFoundException and ValidationException as PutItem would.
 */
export function loadItems(
  engine: StorageEngine,
  tableName: string,
  items: Record<string, AttributeValue>[],
): Promise<void> {
  return engine.writes.run(async () => {
    const table = await engine.newStore().readTable(tableName);
    if (table === undefined) throw dynamoDBError('ResourceNotFoundException', 'Requested resource not found');
    for (let start = 0; start < items.length; start += BATCH_SIZE) {
      const batch = items.slice(start, start + BATCH_SIZE).map((item) => validItem(item, table));
      await writeAtomically(engine.level, await operationsOfBatch(engine, table, batch));
    }
  });
}

async function operationsOfBatch(
  engine: StorageEngine,
  table: TableDescription,
  items: Item[],
): Promise<BatchOperation[]> {
  const byKey = new Map(items.map((item) => [dynalite.createKey(item, table), item]));
  const prefix = itemsOf(table.TableName);
  const replaced = await engine.level.getMany([...byKey.keys()].map((key) => prefix + key));
  const { timeToLiveAttribute } = engine.settings.of(table.TableName);
  return [...byKey].flatMap(([key, after], index) =>
    operationsOfChange(
      { table, key, before: replaced[index] as Item | undefined, after },
      timeToLiveAttribute,
    ),
  );
}

/** The item as it goes over the wire, where binary values are base64. */
function validItem(item: Record<string, AttributeValue>, table: TableDescription): Item {
  const stored = Object.fromEntries(
    Object.entries(item).map(([name, value]) => [name, toWire(value)]),
  ) as Item;
  for (const value of Object.values(stored)) {
    const problem = validations.validateAttributeValue(value);
    if (problem !== undefined) throw validationError(problem);
  }
  const misfit = dynalite.validateItem(stored, table);
  if (misfit) throw misfit;
  return stored;
}

function toWire(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(toWire);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, toWire(member)]));
}
