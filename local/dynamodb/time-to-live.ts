import type { BatchOperation, Item, JsonObject, TableDescription } from 'dynalite/db/index.js';
import describeTimeToLiveRules from 'dynalite/validations/describeTimeToLive.js';
import { expiryEntry, expiryPrefix } from './item-change.ts';
import { expiriesOf, itemsOf } from './key-layout.ts';
import { keysWithPrefix } from './level-database.ts';
import type { Operation } from './operation.ts';
import { type RequestSchema, validateRequest } from './request-validation.ts';
import { dynamoDBError, validationError } from './service-error.ts';
import type { StorageEngine } from './storage-engine.ts';
import { settingsOperation } from './table-settings.ts';

const BATCH_SIZE = 100;
/** DynamoDB leaves items alone whose expiry is more than five years back. */
const FIVE_YEARS_SECONDS = 5 * 365.25 * 24 * 60 * 60;

const UPDATE_SCHEMA: RequestSchema = {
  types: {
    ...describeTimeToLiveRules.types,
    TimeToLiveSpecification: {
      type: 'FieldStruct<TimeToLiveSpecification>',
      notNull: true,
      children: {
        AttributeName: {
          type: 'String',
          notNull: true,
          lengthGreaterThanOrEqual: 1,
          lengthLessThanOrEqual: 255,
        },
        Enabled: { type: 'Boolean', notNull: true },
      },
    },
  },
};

/** The calls that say which attribute holds an item's expiry, in epoch seconds. */
export const timeToLiveOperations: Record<string, Operation> = {
  DescribeTimeToLive: async (engine, request) => {
    const { table } = await findTable(engine, validateRequest(request, describeTimeToLiveRules));
    const attribute = engine.settings.of(table.TableName).timeToLiveAttribute;
    const description =
      attribute === undefined
        ? { TimeToLiveStatus: 'DISABLED' }
        : { TimeToLiveStatus: 'ENABLED', AttributeName: attribute };
    return { TimeToLiveDescription: description };
  },

  UpdateTimeToLive: (engine, request) => {
    const known = validateRequest(request, UPDATE_SCHEMA);
    const specification = known.TimeToLiveSpecification as { AttributeName: string; Enabled: boolean };
    return engine.writes.run(async () => {
      const { table } = await findTable(engine, known);
      await setTimeToLive(engine, table.TableName, specification);
      return { TimeToLiveSpecification: specification };
    });
  },
};

async function findTable(engine: StorageEngine, request: JsonObject): Promise<{ table: TableDescription }> {
  const name = String(request.TableName);
  const table = await engine.newStore().readTable(name);
  if (table === undefined)
    throw dynamoDBError(
      'ResourceNotFoundException',
      `Requested resource not found: Table: ${name} not found`,
    );
  return { table };
}

async function setTimeToLive(
  engine: StorageEngine,
  table: string,
  { AttributeName, Enabled }: { AttributeName: string; Enabled: boolean },
): Promise<void> {
  const { timeToLiveAttribute: current, ...others } = engine.settings.of(table);
  if (Enabled && current !== undefined) throw validationError('TimeToLive is already enabled');
  if (!Enabled && current === undefined) throw validationError('TimeToLive is already disabled');
  if (!Enabled && current !== AttributeName)
    throw validationError(
      `TimeToLive is active on a different AttributeName: current AttributeName is ${current}`,
    );
  const settings = Enabled ? { ...others, timeToLiveAttribute: AttributeName } : others;
  const entries = Enabled ? await entriesOfStoredItems(engine, table, AttributeName) : [];
  await engine.commit({ operations: [settingsOperation(table, settings), ...entries] });
  engine.settings.set(table, settings);
  if (!Enabled) await engine.clear(expiriesOf(table));
}

async function entriesOfStoredItems(
  engine: StorageEngine,
  table: string,
  attribute: string,
): Promise<BatchOperation[]> {
  const prefix = itemsOf(table);
  const entries: BatchOperation[] = [];
  const items = engine.level.iterator(keysWithPrefix(prefix));
  try {
    for (let page = await items.nextv(1000); page.length > 0; page = await items.nextv(1000)) {
      for (const [fullKey, item] of page) {
        const key = fullKey.slice(prefix.length);
        const entry = expiryEntry(table, key, item as Item, attribute);
        if (entry !== undefined) entries.push({ type: 'put', key: entry, value: key });
      }
    }
  } finally {
    await items.close();
  }
  return entries;
}

/**
 * Deletes the items whose time to live has ended, as DynamoDB does some time after; until then they are still read.
 * Their stream records name the time-to-live service. Answers how many items it deleted.
 */
export async function deleteExpiredItems(engine: StorageEngine): Promise<number> {
  let count = 0;
  for (const { table } of engine.settings.expiring()) {
    let deleted: number;
    do {
      deleted = await engine.writes.run(() => deleteSomeExpired(engine, table));
      count += deleted;
    } while (deleted === BATCH_SIZE);
  }
  return count;
}

async function deleteSomeExpired(engine: StorageEngine, table: string): Promise<number> {
  const now = engine.clock() / 1000;
  const prefix = expiriesOf(table);
  const keys = await engine.level
    .values({
      gte: prefix + expiryPrefix(Math.max(0, now - FIVE_YEARS_SECONDS)),
      lt: prefix + expiryPrefix(now),
      limit: BATCH_SIZE,
    })
    .all();
  const store = engine.newStore();
  for (const key of keys) (await store.readChange(table, String(key))).after = undefined;
  await engine.commit({ changes: store.changes, expired: true });
  return keys.length;
}
