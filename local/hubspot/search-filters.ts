import { type CrmRecord, propertyOf } from './crm-record.ts';
import { validationError } from './hubspot-error.ts';
import { arrayOf, objectOf, optionalStringOf, stringOf, stringsOf, wordOf } from './json-shape.ts';
import type { ObjectTable } from './object-table.ts';
import type { PropertyDefinition } from './property-definition.ts';
import { instantOf } from './property-values.ts';

const MOST_GROUPS = 5;
const MOST_FILTERS_IN_A_GROUP = 6;
const MOST_FILTERS = 18;

const OPERATORS = [
  'EQ',
  'NEQ',
  'LT',
  'LTE',
  'GT',
  'GTE',
  'BETWEEN',
  'IN',
  'NOT_IN',
  'HAS_PROPERTY',
  'NOT_HAS_PROPERTY',
  'CONTAINS_TOKEN',
  'NOT_CONTAINS_TOKEN',
] as const;

type Predicate = (record: CrmRecord) => boolean;

/** Groups are alternatives, filters of a group all hold. @throws HubSpotError 400 for what HubSpot's search refuses */
export function filterOf(table: ObjectTable, filterGroups: unknown): Predicate {
  if (filterGroups === undefined) return () => true;
  const groups = arrayOf(filterGroups, 'filterGroups').map((group) =>
    arrayOf(objectOf(group, { name: 'FilterGroup', required: ['filters'] }).filters, 'filters'),
  );
  const total = groups.reduce((sum, filters) => sum + filters.length, 0);
  if (
    groups.length > MOST_GROUPS ||
    total > MOST_FILTERS ||
    groups.some((filters) => filters.length > MOST_FILTERS_IN_A_GROUP)
  ) {
    throw validationError(
      `A search has at most ${MOST_GROUPS} filter groups of ${MOST_FILTERS_IN_A_GROUP} filters, ${MOST_FILTERS} in total`,
    );
  }
  const alternatives = groups.map((filters) => filters.map((filter) => predicateOf(table, filter)));
  if (alternatives.length === 0) return () => true;
  return (record) => alternatives.some((predicates) => predicates.every((holds) => holds(record)));
}

function predicateOf(table: ObjectTable, json: unknown): Predicate {
  const filter = objectOf(json, {
    name: 'Filter',
    required: ['propertyName', 'operator'],
    optional: ['value', 'values', 'highValue'],
  });
  const name = stringOf(filter.propertyName, 'propertyName');
  const operator = wordOf(filter.operator, 'operator', OPERATORS);
  const definition = table.definitions.get(name);
  if (definition === undefined) {
    throw validationError(`There was a problem with the request. Property "${name}" does not exist`);
  }
  const read = (record: CrmRecord): string => propertyOf(table.type, record, name) ?? '';
  if (operator === 'HAS_PROPERTY') return (record) => read(record) !== '';
  if (operator === 'NOT_HAS_PROPERTY') return (record) => read(record) === '';
  if (operator === 'IN' || operator === 'NOT_IN') {
    const wanted = new Set(stringsOf(filter.values, 'values'));
    return (record) => {
      const value = read(record);
      return value !== '' && wanted.has(listKey(definition, value)) === (operator === 'IN');
    };
  }
  const value = stringOf(filter.value, 'value');
  const high = optionalStringOf(filter.highValue, 'highValue');
  if (operator === 'BETWEEN' && high === undefined) throw validationError('BETWEEN needs a highValue');
  const holds = comparison(definition, operator, value, high ?? '');
  return (record) => {
    const own = read(record);
    return own !== '' && holds(own);
  };
}

/** HubSpot compares the values of IN with a string property's lower-cased value, so values sent in upper case find nothing. */
function listKey(definition: PropertyDefinition, value: string): string {
  return definition.type === 'string' ? value.toLowerCase() : value;
}

type Comparison = Exclude<(typeof OPERATORS)[number], 'IN' | 'NOT_IN' | 'HAS_PROPERTY' | 'NOT_HAS_PROPERTY'>;

function comparison(
  definition: PropertyDefinition,
  operator: Comparison,
  value: string,
  high: string,
): (own: string) => boolean {
  const order = (own: string, other: string): number => compareValues(definition, own, other);
  switch (operator) {
    case 'EQ':
      return (own) => order(own, value) === 0;
    case 'NEQ':
      return (own) => order(own, value) !== 0;
    case 'LT':
      return (own) => order(own, value) < 0;
    case 'LTE':
      return (own) => order(own, value) <= 0;
    case 'GT':
      return (own) => order(own, value) > 0;
    case 'GTE':
      return (own) => order(own, value) >= 0;
    case 'BETWEEN':
      return (own) => order(own, value) >= 0 && order(own, high) <= 0;
    case 'CONTAINS_TOKEN':
      return tokenMatcher(value);
    case 'NOT_CONTAINS_TOKEN': {
      const contains = tokenMatcher(value);
      return (own) => !contains(own);
    }
  }
}

/** Orders two values by the property's type: numbers and dates as such, text without regard to case. */
export function compareValues(definition: PropertyDefinition, left: string, right: string): number {
  switch (definition.type) {
    case 'number':
      return Number(left) - Number(right);
    case 'date':
    case 'datetime':
      return instantOf(left) - instantOf(right);
    default: {
      const [one, other] = [left.toLowerCase(), right.toLowerCase()];
      if (one === other) return 0;
      return one < other ? -1 : 1;
    }
  }
}

/** Matches whole words of the value; `*` in the wanted word stands for anything. */
function tokenMatcher(wanted: string): (own: string) => boolean {
  const pattern = wanted
    .toLowerCase()
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  const matcher = new RegExp(`^${pattern}$`);
  return (own) => {
    const text = own.toLowerCase();
    return matcher.test(text) || text.split(/[^\p{L}\p{N}]+/u).some((token) => matcher.test(token));
  };
}
