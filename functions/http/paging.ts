import type { ApiRequest } from './api-request.ts';
import { invalidParameter } from './problem.ts';

/** How many entries a page may have; `limit` in the query, from 1 to `max`. Throws a Problem on anything else. */
export function pageLimit(request: ApiRequest, usual: number, max: number): number {
  const text = request.query.get('limit');
  if (text === null) return usual;
  const limit = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > max) {
    throw invalidParameter(
      'limit',
      `is ${JSON.stringify(text.slice(0, 40))}`,
      `a whole number from 1 to ${max}`,
    );
  }
  return limit;
}

/** A page closes early where its entries together count more than this; see {@link pageBytes}. */
export const PAGE_BYTES = 4_000_000;

/** Lambda answers at most 6 MB, in which the body is a JSON text inside JSON: quotes and line breaks are escaped once more. */
const MOST_ESCAPING = 1.4;

/** What an entry counts towards its page: its JSON in bytes, or more where it has unusually much to escape. */
export function pageBytes(entry: object): number {
  const json = JSON.stringify(entry);
  return Math.max(
    Buffer.byteLength(json),
    Math.ceil(Buffer.byteLength(JSON.stringify(json)) / MOST_ESCAPING),
  );
}

/** A cursor holds where a page ended, and nothing of whose it is: that comes from the caller's proof and the path. */
export const encodeCursor = (position: string): string => Buffer.from(position, 'utf8').toString('base64url');

/** A sort key's limit in DynamoDB, which refuses the whole query over a longer one. */
const MAX_POSITION_BYTES = 1024;

/** The position in the query's `cursor`, undefined without one. Throws a Problem where it is none of ours. */
export function decodeCursor(
  request: ApiRequest,
  isPosition: (position: string) => boolean,
): string | undefined {
  const cursor = request.query.get('cursor');
  if (cursor === null) return undefined;
  const bytes = Buffer.from(cursor, 'base64url');
  const position = bytes.toString('utf8');
  if (bytes.length > MAX_POSITION_BYTES || encodeCursor(position) !== cursor || !isPosition(position)) {
    throw invalidParameter('cursor', 'is not a cursor', 'the nextCursor of the page before, unchanged');
  }
  return position;
}

/** Refuses query parameters that the route doesn't know, by name: a misspelt filter must not answer everything. */
export function onlyParameters(request: ApiRequest, known: readonly string[]): void {
  for (const name of request.query.keys()) {
    if (!known.includes(name)) {
      throw invalidParameter(
        name.slice(0, 40),
        'is not a known parameter',
        known.length === 0 ? 'no parameters' : `one of ${known.join(', ')}`,
      );
    }
    if (request.query.getAll(name).length > 1) throw invalidParameter(name, 'is given twice', 'it once');
  }
}
