import { type ApiCall, byMethod } from './api-call.ts';
import { associateNew, associationPage, associationsView } from './associations.ts';
import { batch } from './batch-api.ts';
import { viewOf } from './crm-record.ts';
import { emptyResponse, type HubSpotResponse, jsonResponse } from './http-message.ts';
import { notFound, validationError } from './hubspot-error.ts';
import {
  booleanParameter,
  jsonBody,
  limitParameter,
  listParameter,
  objectOf,
  propertiesOf,
} from './json-shape.ts';
import { mergeContacts } from './merge.ts';
import { OBJECT_TYPES, type ObjectType, objectTypeOf } from './object-types.ts';
import type { Portal } from './portal.ts';
import { archiveRecord, createRecord, findRecord, updateRecord } from './record-writes.ts';
import { search } from './search-api.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** `…/objects/{type}` and what lies under it; `rest` are the decoded path segments after the type. @throws HubSpotError */
export function objectsApi(call: ApiCall, type: ObjectType, rest: readonly string[]): HubSpotResponse {
  const [first, second, third] = rest;
  if (first === undefined)
    return byMethod(call, { GET: () => list(call, type), POST: () => create(call, type) });
  if (rest.length === 1 && first === 'search') return byMethod(call, { POST: () => search(call, type) });
  if (rest.length === 1 && first === 'merge' && type === 'contacts') {
    return byMethod(call, { POST: () => mergeContacts(call) });
  }
  if (rest.length === 2 && first === 'batch' && second !== undefined) return batch(call, type, second);
  if (rest.length === 3 && second === 'associations')
    return byMethod(call, { GET: () => associated(call, type, first, third) });
  if (rest.length > 1) throw notFound('resource not found');
  return byMethod(call, {
    GET: () => read(call, type, first),
    PATCH: () => update(call, type, first),
    DELETE: () => archive(call, type, first),
  });
}

/** Carries out record writes: all of them are kept and counted, or none. */
export function committed<Result>(call: ApiCall, write: (work: UnitOfWork) => Result): Result {
  const work = call.portal.work();
  try {
    const result = write(work);
    work.commit();
    call.portal.calls.noteWrites(call.entry, work.records);
    return result;
  } catch (error) {
    work.rollback();
    throw error;
  }
}

function list(call: ApiCall, type: ObjectType): HubSpotResponse {
  const { portal, query } = call;
  refuseHistory(query);
  const limit = limitParameter(query.get('limit'), 10, 100);
  const after = query.get('after') ?? '';
  if (!/^\d*$/.test(after)) throw validationError(`Invalid paging cursor ${after}`);
  const { records, more } = portal.data.table(type).page(after, limit, booleanParameter(query, 'archived'));
  const last = records.at(-1)?.id;
  return jsonResponse(200, {
    results: records.map((record) => shown(portal, type, record.id, query)),
    ...(more && last !== undefined ? { paging: { next: { after: last, link: nextLink(call, last) } } } : {}),
  });
}

function nextLink(call: ApiCall, after: string): string {
  const url = new URL(call.request.url, 'https://api.hubapi.com');
  url.searchParams.set('after', after);
  return url.href;
}

function create(call: ApiCall, type: ObjectType): HubSpotResponse {
  const input = objectOf(jsonBody(call.request), {
    name: 'SimplePublicObjectInputForCreate',
    required: ['properties'],
    optional: ['associations'],
  });
  const values = propertiesOf(input.properties);
  const record = committed(call, (work) => {
    const created = createRecord(call.portal, work, type, values);
    associateNew(call.portal, work, type, created.id, input.associations);
    return created;
  });
  return jsonResponse(201, viewOf(type, record, Object.keys(values)));
}

function read(call: ApiCall, type: ObjectType, id: string): HubSpotResponse {
  const { portal, query } = call;
  refuseHistory(query);
  const archived = booleanParameter(query, 'archived');
  const record = findRecord(portal, type, id, query.get('idProperty') ?? undefined, archived);
  return jsonResponse(200, shown(portal, type, record.id, query));
}

function update(call: ApiCall, type: ObjectType, id: string): HubSpotResponse {
  const input = objectOf(jsonBody(call.request), {
    name: 'SimplePublicObjectInput',
    required: ['properties'],
  });
  const values = propertiesOf(input.properties);
  const record = findRecord(call.portal, type, id, call.query.get('idProperty') ?? undefined);
  const updated = committed(call, (work) => updateRecord(call.portal, work, type, record, values));
  return jsonResponse(200, viewOf(type, updated, Object.keys(values)));
}

function archive(call: ApiCall, type: ObjectType, id: string): HubSpotResponse {
  const record = call.portal.data.table(type).resolve(id);
  if (record === undefined) throw notFound(`Object not found. objectId are usually numeric. (${id})`);
  if (!record.archived) committed(call, (work) => archiveRecord(call.portal, work, type, record));
  return emptyResponse();
}

function associated(call: ApiCall, type: ObjectType, id: string, to = ''): HubSpotResponse {
  const target = objectTypeOf(to);
  if (target === undefined) throw validationError(`${to} is no object type`);
  return jsonResponse(200, associationPage(call.portal, type, findRecord(call.portal, type, id).id, target));
}

function shown(portal: Portal, type: ObjectType, id: string, query: URLSearchParams): unknown {
  const record = portal.data.table(type).get(id);
  if (record === undefined) throw notFound(`Object not found (${id})`);
  const named = listParameter(query, 'properties');
  return {
    ...viewOf(type, record, named.length > 0 ? named : OBJECT_TYPES[type].defaultProperties),
    ...associationsView(portal, type, id, listParameter(query, 'associations')),
  };
}

function refuseHistory(query: URLSearchParams): void {
  if (listParameter(query, 'propertiesWithHistory').length > 0) {
    throw validationError('Property histories are not part of this imitation');
  }
}
