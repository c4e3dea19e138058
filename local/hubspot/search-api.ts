import type { ApiCall } from './api-call.ts';
import { type CrmRecord, propertyOf, viewOf } from './crm-record.ts';
import { type HubSpotResponse, jsonResponse } from './http-message.ts';
import { validationError } from './hubspot-error.ts';
import {
  arrayOf,
  isObject,
  jsonBody,
  limitParameter,
  objectOf,
  optionalStringOf,
  stringsOf,
} from './json-shape.ts';
import type { ObjectTable } from './object-table.ts';
import { OBJECT_TYPES, type ObjectType } from './object-types.ts';
import { compareValues, filterOf } from './search-filters.ts';

const MOST_CHARACTERS = 3_000;
const MOST_RESULTS = 10_000;
const MOST_PER_PAGE = 200;

/** `POST …/{type}/search` on an index that lags behind the records. Archived records are never found. @throws HubSpotError 400 */
export function search(call: ApiCall, type: ObjectType): HubSpotResponse {
  const { portal, request } = call;
  if (request.body.length > MOST_CHARACTERS) {
    throw validationError(`The body of a search is at most ${MOST_CHARACTERS} characters long`);
  }
  const table = portal.data.table(type);
  const wanted = objectOf(jsonBody(request), {
    name: 'PublicObjectSearchRequest',
    required: [],
    optional: ['query', 'limit', 'after', 'sorts', 'properties', 'filterGroups'],
  });
  const limit = limitParameter(wanted.limit, 10, MOST_PER_PAGE);
  const start = startOf(wanted.after, limit);
  const matches = filterOf(table, wanted.filterGroups);
  const mentions = queryOf(type, optionalStringOf(wanted.query, 'query'));
  const found: CrmRecord[] = [];
  for (const record of portal.data.searchIndex.records(type, portal.now(), portal.settings.searchLagMs)) {
    if (matches(record) && mentions(record)) found.push(record);
  }
  found.sort(orderOf(table, wanted.sorts));
  const named = stringsOf(wanted.properties ?? [], 'properties');
  const shown = named.length > 0 ? named : OBJECT_TYPES[type].defaultProperties;
  const end = start + limit;
  return jsonResponse(200, {
    total: found.length,
    results: found.slice(start, end).map((record) => viewOf(type, record, shown)),
    ...(end < found.length ? { paging: { next: { after: String(end) } } } : {}),
  });
}

function startOf(after: unknown, limit: number): number {
  if (after === undefined || after === '') return 0;
  const start = Number(after);
  if (!Number.isInteger(start) || start < 0) throw validationError(`Invalid paging cursor ${String(after)}`);
  if (start + limit > MOST_RESULTS) {
    throw validationError(`A search reaches the first ${MOST_RESULTS} results only; narrow its filters`);
  }
  return start;
}

function queryOf(type: ObjectType, query: string | undefined): (record: CrmRecord) => boolean {
  if (query === undefined || query === '') return () => true;
  const words = query.toLowerCase().split(/\s+/);
  return (record) => {
    const text = OBJECT_TYPES[type].searchedByQuery.map((name) => record.properties[name] ?? '').join(' ');
    return words.every((word) => text.toLowerCase().includes(word));
  };
}

/** One sort rule: `name`, `-name`, or `{propertyName, direction}`; without one, in the order of creation. */
function orderOf(table: ObjectTable, sorts: unknown): (left: CrmRecord, right: CrmRecord) => number {
  const rules = arrayOf(sorts ?? [], 'sorts');
  if (rules.length > 1) throw validationError('A search has at most one sort rule');
  const byId = (left: CrmRecord, right: CrmRecord): number => Number(left.id) - Number(right.id);
  if (rules.length === 0) return byId;
  const { name, sign } = sortRuleOf(rules[0]);
  const definition = table.definitions.get(name);
  if (definition === undefined) throw validationError(`Property "${name}" does not exist`);
  return (left, right) => {
    const [one, other] = [
      propertyOf(table.type, left, name) ?? '',
      propertyOf(table.type, right, name) ?? '',
    ];
    return sign * compareValues(definition, one, other) || byId(left, right);
  };
}

function sortRuleOf(rule: unknown): { name: string; sign: 1 | -1 } {
  if (typeof rule === 'string') return { name: rule.replace(/^-/, ''), sign: rule.startsWith('-') ? -1 : 1 };
  if (isObject(rule) && typeof rule.propertyName === 'string') {
    return { name: rule.propertyName, sign: rule.direction === 'DESCENDING' ? -1 : 1 };
  }
  throw validationError('A sort rule is a property name or {propertyName, direction}');
}
