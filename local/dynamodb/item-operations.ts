import batchGetItem from 'dynalite/actions/batchGetItem.js';
import batchWriteItem from 'dynalite/actions/batchWriteItem.js';
import deleteItem from 'dynalite/actions/deleteItem.js';
import getItem from 'dynalite/actions/getItem.js';
import putItem from 'dynalite/actions/putItem.js';
import query from 'dynalite/actions/query.js';
import scan from 'dynalite/actions/scan.js';
import updateItem from 'dynalite/actions/updateItem.js';
import dynalite, { type Item, type JsonObject } from 'dynalite/db/index.js';
import batchGetItemRules from 'dynalite/validations/batchGetItem.js';
import batchWriteItemRules from 'dynalite/validations/batchWriteItem.js';
import deleteItemRules from 'dynalite/validations/deleteItem.js';
import getItemRules from 'dynalite/validations/getItem.js';
import putItemRules from 'dynalite/validations/putItem.js';
import queryRules from 'dynalite/validations/query.js';
import scanRules from 'dynalite/validations/scan.js';
import updateItemRules from 'dynalite/validations/updateItem.js';
import type { Operation } from './operation.ts';
import { RETURN_VALUES_ON_FAILURE, type RequestSchema, validateRequest } from './request-validation.ts';
import { errorName, isReported, ServiceError } from './service-error.ts';
import type { StagedStore } from './staged-store.ts';
import { type Action, runAction } from './storage-engine.ts';

/** The operations on items outside transactions: dynalite's own actions, each write committed as one atomic batch. */
export const itemOperations: Record<string, Operation> = {
  GetItem: reading(getItem, getItemRules),
  BatchGetItem: reading(batchGetItem, batchGetItemRules),
  Query: reading(query, queryRules),
  Scan: reading(scan, scanRules),
  PutItem: writingOne(putItem, putItemRules, 'Item'),
  UpdateItem: writingOne(updateItem, updateItemRules, 'Key'),
  DeleteItem: writingOne(deleteItem, deleteItemRules, 'Key'),
  BatchWriteItem: (engine, request) => {
    const known = validateRequest(request, batchWriteItemRules);
    return engine.writes.run(async () => {
      const store = engine.newStore();
      const answer = await runAction(batchWriteItem, store, known);
      await engine.commit({ changes: store.changes });
      return answer;
    });
  },
};

function reading(action: Action, rules: RequestSchema): Operation {
  return (engine, request) => {
    const known = validateRequest(request, rules);
    const read = () => runAction(action, engine.newStore(known.ExclusiveStartKey as Item | undefined), known);
    // An index that leads on to the whole items reads twice; a delete in between would leave it with half an item.
    const readsTwice = known.IndexName !== undefined && known.Select === 'ALL_ATTRIBUTES';
    return readsTwice ? engine.writes.run(read) : read();
  };
}

function writingOne(action: Action, rules: RequestSchema, keySource: 'Item' | 'Key'): Operation {
  const schema = {
    ...rules,
    types: { ...rules.types, ReturnValuesOnConditionCheckFailure: RETURN_VALUES_ON_FAILURE },
  };
  return (engine, request) => {
    const known = validateRequest(request, schema);
    // An update of a new item adds its attributes to the key it was given.
    const key = { ...(known[keySource] as Item) };
    return engine.writes.run(async () => {
      const store = engine.newStore();
      const answer = await runAction(action, store, known).catch(async (error: unknown) => {
        throw known.ReturnValuesOnConditionCheckFailure === 'ALL_OLD'
          ? await withFoundItem(error, store, String(known.TableName), key)
          : error;
      });
      await engine.commit({ changes: store.changes });
      return answer;
    });
  };
}

/** A failed condition's error, with the item that failed it. */
async function withFoundItem(
  error: unknown,
  store: StagedStore,
  tableName: string,
  key: Item,
): Promise<unknown> {
  if (!isReported(error) || errorName(error) !== 'ConditionalCheckFailedException') return error;
  const table = await store.readTable(tableName);
  const item = table && (await store.readItem(tableName, dynalite.createKey(key, table)));
  const body: JsonObject = item === undefined ? error.body : { ...error.body, Item: item };
  return new ServiceError(body, error.statusCode);
}
