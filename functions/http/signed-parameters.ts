import type { ApiRequest } from './api-request.ts';
import { jsonBody, textBody } from './json-body.ts';
import { invalidParameter, Problem } from './problem.ts';

/** What a signed request says, wherever it said it. */
export interface SignedParameters {
  /** By name: from the query, a form body, and what stands in a JSON body as a text, a number, true or false. */
  parameters: ReadonlyMap<string, string>;
  /** The JSON body's fields as they were sent; none where the body is something else. */
  fields: Readonly<Record<string, unknown>>;
}

/**
 * Reads a request's parameters from query and body. HubSpot's own proxy repeats some that a card sends itself, and its card converter
 * sends all of them in both places: the same value twice is one, two different values are refused, since it would be a guess which of
 * them is meant. Throws a Problem.
 */
export function signedParameters(request: ApiRequest): SignedParameters {
  const fields = jsonFields(request);
  const parameters = new Map<string, string>();
  for (const [name, value] of [...request.query, ...formFields(request), ...scalars(fields)]) {
    if ((parameters.get(name) ?? value) !== value) throw givenTwice(name);
    parameters.set(name, value);
  }
  for (const [name, value] of Object.entries(fields)) {
    if (isScalar(value)) continue;
    if (parameters.has(name)) throw givenTwice(name);
    if (value !== null && ONE_TEXT.has(name)) {
      throw invalidParameter(name, 'is a list or an object', 'one text');
    }
  }
  return { parameters, fields };
}

/** Parameters that steer a request: one that can't be read must not count as left out. */
const ONE_TEXT: ReadonlySet<string> = new Set([
  ...['version', 'dealId', 'idempotencyKey', 'issue'],
  ...['portalId', 'userId', 'userEmail', 'associatedObjectId', 'associatedObjectType'],
]);

const givenTwice = (name: string): Problem =>
  invalidParameter(name.slice(0, 40), 'is given twice with different values', 'one value');

const mediaType = (request: ApiRequest): string =>
  (request.headers['content-type'] ?? '').split(';', 1).join('').trim().toLowerCase();

function formFields(request: ApiRequest): Iterable<[string, string]> {
  return mediaType(request) === FORM ? new URLSearchParams(textBody(request)) : [];
}

const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';

function jsonFields(request: ApiRequest): Readonly<Record<string, unknown>> {
  const type = mediaType(request);
  if (request.body.length === 0 || type === FORM) return {};
  if (type !== JSON_TYPE) {
    throw new Problem({
      status: 415,
      kind: 'unsupported-media-type',
      title: 'The request body is of a kind that is not taken here.',
      detail: `The body must be ${JSON_TYPE} or ${FORM}, and its content type must say which.`,
    });
  }
  const body = jsonBody(request);
  if (body === null || typeof body !== 'object' || Array.isArray(body)) {
    throw invalidParameter('body', 'is no JSON object', 'an object with the parameters');
  }
  return { ...body };
}

const isScalar = (value: unknown): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

const scalars = (fields: Readonly<Record<string, unknown>>): [string, string][] =>
  Object.entries(fields).flatMap(([name, value]): [string, string][] =>
    isScalar(value) ? [[name, String(value)]] : [],
  );
