import type { Fault, FaultMatch, FaultRule } from './fault.ts';
import { invalidJson } from './hubspot-error.ts';
import { arrayOf, objectOf, optionalStringOf, wordOf } from './json-shape.ts';

const FIELDS = {
  status: ['status', 'retryAfter', 'body', 'policyName', 'applied'],
  'row-errors': ['rows', 'every', 'status', 'category', 'message'],
  'lost-request': [],
  'lost-response': [],
  slow: ['delayMs'],
  'late-write': ['commitAfterMs', 'answer'],
} as const satisfies Record<Fault['kind'], readonly string[]>;

const KINDS = ['status', 'row-errors', 'lost-request', 'lost-response', 'slow', 'late-write'] as const;

/** A fault with its match out of JSON. @throws HubSpotError 400 that names the field which is unknown or of the wrong kind */
export function faultRuleOf(json: unknown): FaultRule {
  const kind = wordOf(
    typeof json === 'object' && json !== null && 'kind' in json ? json.kind : undefined,
    'kind',
    KINDS,
  );
  const fields = objectOf(json, {
    name: `fault ${kind}`,
    required: ['kind'],
    optional: ['portalId', 'method', 'path', 'times', 'skip', ...FIELDS[kind]],
  });
  return { ...matchOf(fields), ...faultOf(kind, fields) };
}

function matchOf(fields: Record<string, unknown>): FaultMatch {
  return defined({
    portalId: optionalStringOf(fields.portalId, 'portalId'),
    method: optionalStringOf(fields.method, 'method'),
    path: optionalStringOf(fields.path, 'path'),
    times: fields.times === null ? null : optionalCountOf(fields, 'times', 1),
    skip: optionalCountOf(fields, 'skip', 0),
  });
}

function faultOf(kind: Fault['kind'], fields: Record<string, unknown>): Fault {
  switch (kind) {
    case 'status':
      return defined({
        kind,
        status: statusOf(fields.status),
        retryAfter: fields.retryAfter === undefined ? undefined : String(fields.retryAfter),
        body: fields.body,
        policyName:
          fields.policyName === undefined
            ? undefined
            : wordOf(fields.policyName, 'policyName', ['TEN_SECONDLY_ROLLING', 'SECONDLY', 'DAILY'] as const),
        applied: fields.applied === true,
      });
    case 'row-errors':
      return defined({
        kind,
        rows: fields.rows === undefined ? undefined : arrayOf(fields.rows, 'rows').map(rowOf),
        every: optionalCountOf(fields, 'every', 1),
        status: fields.status === undefined ? undefined : statusOf(fields.status),
        category: optionalStringOf(fields.category, 'category'),
        message: optionalStringOf(fields.message, 'message'),
      });
    case 'slow':
      return { kind, delayMs: numberOf(fields, 'delayMs') };
    case 'late-write':
      return {
        kind,
        commitAfterMs: numberOf(fields, 'commitAfterMs'),
        answer: wordOf(fields.answer ?? 'never', 'answer', ['late', 'never'] as const),
      };
    case 'lost-request':
    case 'lost-response':
      return { kind };
  }
}

function numberOf(fields: Record<string, unknown>, name: string): number {
  const value = fields[name];
  if (typeof value !== 'number' || !(value >= 0)) throw invalidJson(`"${name}" must be a number from 0`);
  return value;
}

function optionalCountOf(fields: Record<string, unknown>, name: string, least: number): number | undefined {
  return fields[name] === undefined ? undefined : wholeNumberOf(fields[name], name, least);
}

/** A status that Node can send: below 200 the answer would never end. */
const statusOf = (value: unknown): number => wholeNumberOf(value, 'status', 200, 599);

const rowOf = (value: unknown): number => wholeNumberOf(value, 'rows', 0);

function wholeNumberOf(value: unknown, name: string, least: number, most = Number.MAX_SAFE_INTEGER): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) {
    const range = most === Number.MAX_SAFE_INTEGER ? `from ${least}` : `from ${least} to ${most}`;
    throw invalidJson(`"${name}" must be a whole number ${range}`);
  }
  return value;
}

/** The fields that have a value. */
function defined<Fields extends object>(fields: Fields): Fields {
  return JSON.parse(JSON.stringify(fields));
}
