import getItem from 'dynalite/actions/getItem.js';
import dynalite, { type Item, type JsonObject } from 'dynalite/db/index.js';
import getItemRules from 'dynalite/validations/getItem.js';
import { CapacityCount } from './consumed-capacity.ts';
import type { Operation } from './operation.ts';
import { explainInvalid, pickTypes, type RequestSchema, validateRequest } from './request-validation.ts';
import { validationError } from './service-error.ts';
import { runAction } from './storage-engine.ts';
import {
  type CancellationReason,
  cancellationReason,
  MAX_OPERATIONS,
  NO_REASON,
  refuseOversize,
  resolveTargets,
  transactionCancelled,
} from './transaction.ts';

const SCHEMA: RequestSchema = {
  types: {
    ReturnConsumedCapacity: { type: 'String', enum: ['INDEXES', 'TOTAL', 'NONE'] },
    TransactItems: {
      type: 'List',
      notNull: true,
      lengthGreaterThanOrEqual: 1,
      lengthLessThanOrEqual: MAX_OPERATIONS,
      children: {
        type: 'ValueStruct<TransactGetItem>',
        children: {
          Get: {
            type: 'FieldStruct<Get>',
            notNull: true,
            children: pickTypes(getItemRules, [
              'TableName',
              'Key',
              'ProjectionExpression',
              'ExpressionAttributeNames',
            ]),
          },
        },
      },
    },
  },
};

/** TransactGetItems: all items as they are at one moment between two writes. */
export const transactGetItems: Operation = (engine, request) => {
  const known = validateRequest(request, SCHEMA);
  const gets = (known.TransactItems as { Get: JsonObject }[]).map(({ Get }) => {
    const problem = explainInvalid(Get, getItemRules.custom);
    if (problem !== undefined) throw validationError(problem);
    return { request: Get, tableName: String(Get.TableName), key: Get.Key as Item, isItem: false };
  });
  return engine.writes.run(async () => {
    const store = engine.newStore();
    const keys = await resolveTargets(store, gets);
    const responses: { Item?: Item }[] = [];
    const reasons: CancellationReason[] = [];
    for (const get of gets) {
      try {
        const { Item } = await runAction(getItem, store, get.request);
        responses.push(Item === undefined ? {} : { Item: Item as Item });
        reasons.push(NO_REASON);
      } catch (error) {
        reasons.push(cancellationReason(error, undefined));
      }
    }
    if (reasons.some((reason) => reason !== NO_REASON)) throw transactionCancelled(reasons);

    const items = await Promise.all(
      gets.map(({ tableName }, index) => store.readItem(tableName, keys[index] ?? '')),
    );
    refuseOversize(items);
    const capacity = new CapacityCount();
    for (const [index, { tableName }] of gets.entries())
      capacity.add(tableName, 2 * dynalite.capacityUnits(items[index], true, true));
    return { Responses: responses, ...capacity.report('Read', known.ReturnConsumedCapacity) };
  });
};
