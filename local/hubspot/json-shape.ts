import { type HubSpotRequest, headerOf } from './http-message.ts';
import { HubSpotError, invalidJson, validationError } from './hubspot-error.ts';

/** Which fields a model of HubSpot's schema has. */
export interface Model {
  readonly name: string;
  readonly required: readonly string[];
  readonly optional?: readonly string[];
}

/** The JSON body of a request. @throws HubSpotError 415 for another content type, 400 for what is no JSON. */
export function jsonBody(request: HubSpotRequest): unknown {
  const type = headerOf(request, 'content-type') ?? '';
  if (!type.toLowerCase().startsWith('application/json')) {
    throw new HubSpotError(415, 'UNSUPPORTED_MEDIA_TYPE', 'HTTP 415 Unsupported Media Type');
  }
  return anyJsonBody(request);
}

/** The same whatever content type is claimed: for our own controls, which people call with curl. @throws HubSpotError 400 for what is no JSON. */
export function anyJsonBody(request: HubSpotRequest): unknown {
  try {
    return JSON.parse(request.body);
  } catch {
    throw invalidJson('Unexpected character or end of input');
  }
}

/** The value as an object that has all required fields of the model and none it doesn't know. @throws HubSpotError 400 */
export function objectOf(value: unknown, model: Model): Record<string, unknown> {
  if (!isObject(value)) throw invalidJson(`Cannot build ${model.name} from a value that is no object`);
  const missing = model.required.filter((field) => value[field] === undefined || value[field] === null);
  if (missing.length > 0) {
    throw invalidJson(
      `Cannot build ${model.name}, some of required attributes are not set [${missing.join(', ')}]`,
    );
  }
  for (const field of Object.keys(value)) {
    if (!model.required.includes(field) && !model.optional?.includes(field)) {
      throw invalidJson(`Unrecognized field "${field}" (class ${model.name})`);
    }
  }
  return value;
}

/** @throws HubSpotError 400 when the value is no string */
export function stringOf(value: unknown, field: string): string {
  if (typeof value !== 'string') throw invalidJson(`Cannot deserialize value of type String for "${field}"`);
  return value;
}

/** Absent stays absent. @throws HubSpotError 400 when the value is there and no string */
export function optionalStringOf(value: unknown, field: string): string | undefined {
  return value === undefined ? undefined : stringOf(value, field);
}

/** @throws HubSpotError 400 when the value is no array */
export function arrayOf(value: unknown, field: string): unknown[] {
  if (!Array.isArray(value)) throw invalidJson(`Cannot deserialize value of type List for "${field}"`);
  return value;
}

/** @throws HubSpotError 400 when the value is no array of strings */
export function stringsOf(value: unknown, field: string): string[] {
  return arrayOf(value, field).map((entry) => stringOf(entry, field));
}

/** Property values: names to strings, nothing else (numbers and null are refused, as the schema says). @throws HubSpotError 400 */
export function propertiesOf(value: unknown): Record<string, string> {
  if (!isObject(value)) throw invalidJson('Cannot deserialize value of type Map for "properties"');
  const properties: Record<string, string> = {};
  for (const [name, entry] of Object.entries(value)) properties[name] = stringOf(entry, `properties.${name}`);
  return properties;
}

/** One of the words an enumeration of the schema allows. @throws HubSpotError 400 */
export function wordOf<Word extends string>(value: unknown, field: string, words: readonly Word[]): Word {
  const found = words.find((word) => word === value);
  if (found === undefined) {
    throw invalidJson(`"${String(value)}" is no value of "${field}", which is one of [${words.join(', ')}]`);
  }
  return found;
}

/** A `true` or `false` of the query. @throws HubSpotError 400 */
export function booleanParameter(query: URLSearchParams, name: string): boolean {
  const value = query.get(name);
  if (value === null || value === 'false') return false;
  if (value === 'true') return true;
  throw validationError(`Invalid query parameter: ${name} must be true or false`);
}

/** A whole number of the query between 1 and `maximum`. @throws HubSpotError 400 */
export function limitParameter(value: unknown, standard: number, maximum: number): number {
  if (value === null || value === undefined) return standard;
  const limit = Number(value);
  if (!Number.isInteger(limit) || limit < 1 || limit > maximum) {
    throw validationError(`Invalid limit ${String(value)}: it must be between 1 and ${maximum}`);
  }
  return limit;
}

/** A list in the query: commas, or the parameter repeated. */
export function listParameter(query: URLSearchParams, name: string): string[] {
  return query
    .getAll(name)
    .flatMap((value) => value.split(','))
    .filter((value) => value !== '');
}

/** Whether the value is a JSON object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
