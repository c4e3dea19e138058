import { type ApiCall, byMethod } from './api-call.ts';
import { associateNew } from './associations.ts';
import { answerRows, type BatchRow, missingObjects } from './batch-rows.ts';
import { normalizedEmail, viewOf } from './crm-record.ts';
import { emptyResponse, type HubSpotResponse, jsonResponse } from './http-message.ts';
import { HubSpotError, notFound, validationError } from './hubspot-error.ts';
import {
  arrayOf,
  booleanParameter,
  jsonBody,
  type Model,
  objectOf,
  optionalStringOf,
  propertiesOf,
  stringOf,
  stringsOf,
} from './json-shape.ts';
import { OBJECT_TYPES, type ObjectType } from './object-types.ts';
import { archiveRecord, createRecord, findRecord, updateRecord } from './record-writes.ts';

const MOST_INPUTS = 100;

/** `POST …/{type}/batch/{operation}`. @throws HubSpotError */
export function batch(call: ApiCall, type: ObjectType, operation: string): HubSpotResponse {
  const operations: Record<string, () => HubSpotResponse> = {
    create: () => batchCreate(call, type),
    read: () => batchRead(call, type),
    update: () => batchUpdate(call, type),
    upsert: () => batchUpsert(call, type),
    archive: () => batchArchive(call, type),
  };
  const handler = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
  if (handler === undefined) throw notFound('resource not found');
  return byMethod(call, { POST: handler });
}

function inputsOf(call: ApiCall, model: string, further: Partial<Model> = {}) {
  const { required = [], optional = [] } = further;
  const body = objectOf(jsonBody(call.request), { name: model, required: ['inputs', ...required], optional });
  const inputs = arrayOf(body.inputs, 'inputs');
  if (inputs.length < 1 || inputs.length > MOST_INPUTS) {
    throw validationError(`The batch has ${inputs.length} inputs; it must have between 1 and ${MOST_INPUTS}`);
  }
  call.entry.inputs = inputs.length;
  return { body, inputs };
}

function batchCreate(call: ApiCall, type: ObjectType): HubSpotResponse {
  const { inputs } = inputsOf(call, 'BatchInputSimplePublicObjectBatchInputForCreate');
  const rows = inputs.map((entry): BatchRow => {
    const input = objectOf(entry, {
      name: 'SimplePublicObjectBatchInputForCreate',
      required: ['properties'],
      optional: ['associations', 'objectWriteTraceId'],
    });
    const values = propertiesOf(input.properties);
    return {
      traceId: optionalStringOf(input.objectWriteTraceId, 'objectWriteTraceId'),
      write: (work) => {
        const record = createRecord(call.portal, work, type, values);
        associateNew(call.portal, work, type, record.id, input.associations);
        return { record, names: Object.keys(values) };
      },
    };
  });
  return answerRows(call, type, rows, 201);
}

interface IdentifiedInput {
  readonly id: string;
  readonly idProperty: string | undefined;
  readonly traceId: string | undefined;
  readonly values: Record<string, string>;
}

function identifiedInputs(call: ApiCall, model: string): IdentifiedInput[] {
  const { inputs } = inputsOf(call, `Batch${model}`);
  const identified = inputs.map((entry): IdentifiedInput => {
    const input = objectOf(entry, {
      name: model,
      required: ['id', 'properties'],
      optional: ['idProperty', 'objectWriteTraceId'],
    });
    return {
      id: stringOf(input.id, 'id'),
      idProperty: optionalStringOf(input.idProperty, 'idProperty'),
      traceId: optionalStringOf(input.objectWriteTraceId, 'objectWriteTraceId'),
      values: propertiesOf(input.properties),
    };
  });
  const keys = identified.map(({ id, idProperty }) => (idProperty === 'email' ? normalizedEmail(id) : id));
  const repeated = keys.filter((key, index) => keys.indexOf(key) !== index);
  if (repeated.length > 0) {
    throw validationError(`Duplicate IDs found in batch input: [${repeated.join(', ')}]. IDs must be unique`);
  }
  if (new Set(identified.map(({ idProperty }) => idProperty)).size > 1) {
    throw validationError('All inputs of a batch must have the same idProperty');
  }
  return identified;
}

function batchUpdate(call: ApiCall, type: ObjectType): HubSpotResponse {
  const inputs = identifiedInputs(call, 'SimplePublicObjectBatchInput');
  if (type === 'contacts' && inputs[0]?.idProperty === 'email') {
    throw validationError('idProperty "email" is not supported by batch update');
  }
  refuseUnknownIdProperty(call, type, inputs);
  const rows = inputs.map(
    ({ id, idProperty, traceId, values }): BatchRow => ({
      traceId,
      id,
      write: (work) => {
        const record = findRecord(call.portal, type, id, idProperty);
        return { record: updateRecord(call.portal, work, type, record, values), names: Object.keys(values) };
      },
    }),
  );
  return answerRows(call, type, rows, 200);
}

function batchUpsert(call: ApiCall, type: ObjectType): HubSpotResponse {
  const inputs = identifiedInputs(call, 'SimplePublicObjectBatchInputUpsert');
  refuseUnknownIdProperty(call, type, inputs);
  const rows = inputs.map(
    ({ id, idProperty, traceId, values }): BatchRow => ({
      traceId,
      id,
      write: (work) => {
        const { portal } = call;
        const key = idProperty ?? 'hs_object_id';
        const holder = key === 'hs_object_id' ? id : portal.data.table(type).holderOf(key, id);
        if (holder !== undefined) {
          const record = updateRecord(portal, work, type, findRecord(portal, type, holder), values);
          return { record, names: [key, ...Object.keys(values)], created: false };
        }
        const record = createRecord(portal, work, type, { [key]: id, ...values });
        return { record, names: [key, ...Object.keys(values)], created: true };
      },
    }),
  );
  return answerRows(call, type, rows, 200);
}

function refuseUnknownIdProperty(call: ApiCall, type: ObjectType, inputs: readonly IdentifiedInput[]): void {
  const property = inputs[0]?.idProperty;
  if (property !== undefined && !call.portal.data.table(type).identifies(property)) {
    throw validationError(`Property "${property}" can't be used as idProperty: its values are not unique`);
  }
}

function batchRead(call: ApiCall, type: ObjectType): HubSpotResponse {
  const { body, inputs } = inputsOf(call, 'BatchReadInputSimplePublicObjectId', {
    required: ['properties', 'propertiesWithHistory'],
    optional: ['idProperty'],
  });
  if (stringsOf(body.propertiesWithHistory, 'propertiesWithHistory').length > 0) {
    throw validationError('Property histories are not part of this imitation');
  }
  const named = stringsOf(body.properties, 'properties');
  const idProperty = optionalStringOf(body.idProperty, 'idProperty');
  const archived = booleanParameter(call.query, 'archived');
  const startedAt = new Date(call.portal.now()).toISOString();
  const results: unknown[] = [];
  const missing: string[] = [];
  for (const id of new Set(inputs.map(idOf))) {
    try {
      const record = findRecord(call.portal, type, id, idProperty, archived);
      results.push(viewOf(type, record, named.length > 0 ? named : OBJECT_TYPES[type].defaultProperties));
    } catch (error) {
      if (!(error instanceof HubSpotError) || error.status !== 404) throw error;
      missing.push(id);
    }
  }
  const answer = { status: 'COMPLETE', results, startedAt, completedAt: startedAt };
  if (missing.length === 0) return jsonResponse(200, answer);
  return jsonResponse(207, { ...answer, numErrors: 1, errors: [missingObjects(type, missing)] });
}

function batchArchive(call: ApiCall, type: ObjectType): HubSpotResponse {
  const { inputs } = inputsOf(call, 'BatchInputSimplePublicObjectId');
  const { portal } = call;
  const work = portal.work();
  for (const id of new Set(inputs.map(idOf))) {
    const record = portal.data.table(type).resolve(id);
    if (record !== undefined && !record.archived) archiveRecord(portal, work, type, record);
  }
  work.commit();
  portal.calls.noteWrites(call.entry, work.records);
  return emptyResponse();
}

function idOf(entry: unknown): string {
  return stringOf(objectOf(entry, { name: 'SimplePublicObjectId', required: ['id'] }).id, 'id');
}
