import { createHash } from 'node:crypto';
import deleteItem from 'dynalite/actions/deleteItem.js';
import putItem from 'dynalite/actions/putItem.js';
import updateItem from 'dynalite/actions/updateItem.js';
import dynalite, { type Item, type JsonObject } from 'dynalite/db/index.js';
import deleteItemRules from 'dynalite/validations/deleteItem.js';
import type { FieldTypes } from 'dynalite/validations/index.js';
import putItemRules from 'dynalite/validations/putItem.js';
import updateItemRules from 'dynalite/validations/updateItem.js';
import { CapacityCount } from './consumed-capacity.ts';
import type { Operation } from './operation.ts';
import { tokenOperation } from './request-tokens.ts';
import {
  explainInvalid,
  pickTypes,
  RETURN_VALUES_ON_FAILURE,
  type RequestSchema,
  validateRequest,
} from './request-validation.ts';
import { validationError } from './service-error.ts';
import type { StagedStore } from './staged-store.ts';
import { type Action, runAction } from './storage-engine.ts';
import {
  type CancellationReason,
  cancellationReason,
  MAX_OPERATIONS,
  NO_REASON,
  onlyOperation,
  refuseOversize,
  resolveTargets,
  type Target,
  transactionCancelled,
} from './transaction.ts';

/** How one kind of operation inside a transaction is checked and carried out. */
interface OperationKind {
  rules: RequestSchema;
  action: Action;
  keySource: 'Item' | 'Key';
  fields: string[];
  required: string[];
}

const KINDS: Record<string, OperationKind> = {
  Put: { rules: putItemRules, action: putItem, keySource: 'Item', fields: ['Item'], required: [] },
  Update: {
    rules: updateItemRules,
    action: updateItem,
    keySource: 'Key',
    fields: ['Key', 'UpdateExpression'],
    required: ['UpdateExpression'],
  },
  Delete: { rules: deleteItemRules, action: deleteItem, keySource: 'Key', fields: ['Key'], required: [] },
  ConditionCheck: {
    rules: deleteItemRules,
    action: checkCondition,
    keySource: 'Key',
    fields: ['Key'],
    required: ['ConditionExpression'],
  },
};

const COMMON_FIELDS = [
  'TableName',
  'ConditionExpression',
  'ExpressionAttributeNames',
  'ExpressionAttributeValues',
];

const SCHEMA: RequestSchema = {
  types: {
    ReturnConsumedCapacity: { type: 'String', enum: ['INDEXES', 'TOTAL', 'NONE'] },
    ReturnItemCollectionMetrics: { type: 'String', enum: ['SIZE', 'NONE'] },
    ClientRequestToken: { type: 'String', lengthGreaterThanOrEqual: 1, lengthLessThanOrEqual: 36 },
    TransactItems: {
      type: 'List',
      notNull: true,
      lengthGreaterThanOrEqual: 1,
      lengthLessThanOrEqual: MAX_OPERATIONS,
      children: {
        type: 'ValueStruct<TransactWriteItem>',
        children: Object.fromEntries(
          Object.entries(KINDS).map(([name, kind]) => [
            name,
            { type: `FieldStruct<${name}>`, children: typesOf(kind) },
          ]),
        ),
      },
    },
  },
};

function typesOf({ rules, fields, required }: OperationKind): FieldTypes {
  const types = pickTypes(rules, [...COMMON_FIELDS, ...fields], required);
  return { ...types, ReturnValuesOnConditionCheckFailure: RETURN_VALUES_ON_FAILURE };
}

interface TransactionOperation extends Target {
  request: JsonObject;
  action: Action;
}

/**
 * TransactWriteItems: all operations are tried on a staged store, in order; if each holds, everything they wrote is
 * committed in one atomic batch, else nothing is and every operation's reason is told.
 */
export const transactWriteItems: Operation = (engine, request) => {
  const digest = digestOf(request);
  const known = validateRequest(request, SCHEMA);
  const operations = (known.TransactItems as JsonObject[]).map(parseOperation);
  const token = known.ClientRequestToken as string | undefined;
  return engine.writes.run(async () => {
    const store = engine.newStore();
    const keys = await resolveTargets(store, operations);
    const capacity = new CapacityCount();
    if (token !== undefined && engine.tokens.has(token, digest)) {
      for (const { tableName, after } of await changesOf(store, operations, keys))
        capacity.add(tableName, 2 * dynalite.capacityUnits(after, true, true));
      return capacity.report('Read', known.ReturnConsumedCapacity);
    }

    const reasons: CancellationReason[] = [];
    for (const [index, operation] of operations.entries())
      reasons.push(await attempt(store, operation, keys[index]));
    if (reasons.some((reason) => reason !== NO_REASON)) throw transactionCancelled(reasons);

    const changes = await changesOf(store, operations, keys);
    refuseOversize(changes.map(largerImage));
    // A transaction costs twice what its operations would: it prepares and then commits.
    for (const change of changes)
      capacity.add(change.tableName, 2 * dynalite.capacityUnits(largerImage(change), false, true));

    const entry = token === undefined ? undefined : engine.tokens.entry(token, digest);
    await engine.commit({
      changes: store.changes,
      operations: entry === undefined ? [] : [tokenOperation(entry)],
    });
    if (entry !== undefined) engine.tokens.add(entry);
    return capacity.report('Write', known.ReturnConsumedCapacity);
  });
};

function parseOperation(entry: JsonObject): TransactionOperation {
  const [name, request] = onlyOperation(entry);
  const kind = KINDS[name];
  if (kind === undefined) throw validationError(`Unknown operation in a transaction: ${name}`);
  const problem = explainInvalid(request, kind.rules.custom);
  if (problem !== undefined) throw validationError(problem);
  return {
    request,
    action: kind.action,
    tableName: String(request.TableName),
    // An update of a new item adds its attributes to the key it was given.
    key: { ...(request[kind.keySource] as Item) },
    isItem: kind.keySource === 'Item',
  };
}

async function attempt(
  store: StagedStore,
  { action, request, tableName }: TransactionOperation,
  key: string | undefined,
): Promise<CancellationReason> {
  try {
    await runAction(action, store, request);
    return NO_REASON;
  } catch (error) {
    const asked = request.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' && key !== undefined;
    return cancellationReason(error, asked ? await store.readItem(tableName, key) : undefined);
  }
}

interface TargetImages {
  tableName: string;
  before?: Item | undefined;
  after?: Item | undefined;
}

/** The operations' items, before and after what has been staged. */
function changesOf(
  store: StagedStore,
  operations: TransactionOperation[],
  keys: (string | undefined)[],
): Promise<TargetImages[]> {
  return Promise.all(
    operations.map(async ({ tableName }, index) => {
      const key = keys[index];
      return key === undefined ? { tableName } : { tableName, ...(await store.readChange(tableName, key)) };
    }),
  );
}

/** DynamoDB counts the larger of an item's two images. */
function largerImage({ before, after }: TargetImages): Item | undefined {
  if (before === undefined || after === undefined) return after ?? before;
  return dynalite.itemSize(after) >= dynalite.itemSize(before) ? after : before;
}

/** The action of a ConditionCheck, which dynalite doesn't have. */
function checkCondition(...[store, request, callback]: Parameters<Action>): void {
  const tableName = String(request.TableName);
  store.getTable(tableName, (missing, table) => {
    if (missing) return callback(missing);
    const description = table as Parameters<typeof dynalite.createKey>[1];
    const invalid = dynalite.validateKey(request.Key as Item, description);
    if (invalid) return callback(invalid);
    store.getItemDb(tableName).get(dynalite.createKey(request.Key as Item, description), (error, item) => {
      callback(error ?? dynalite.checkConditional(request, item as Item | undefined), {});
    });
  });
}

/** Tells two requests apart that carry the same token; the order of an object's fields makes no difference. */
function digestOf({ ClientRequestToken: _token, ...rest }: JsonObject): string {
  const canonical = JSON.stringify(rest, (_key, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
  return createHash('sha256').update(canonical).digest('base64');
}
