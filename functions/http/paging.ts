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

/** A cursor holds where a page ended, and nothing of whose it is: that comes from the caller's proof and the path. */
export const encodeCursor = (position: string): string => Buffer.from(position, 'utf8').toString('base64url');

/** The position in the query's `cursor`, undefined without one. Throws a Problem where it is none of ours. */
export function decodeCursor(
  request: ApiRequest,
  isPosition: (position: string) => boolean,
): string | undefined {
  const cursor = request.query.get('cursor');
  if (cursor === null) return undefined;
  const position = Buffer.from(cursor, 'base64url').toString('utf8');
  if (!/^[A-Za-z0-9_-]{1,2000}$/.test(cursor) || !isPosition(position)) {
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
        `one of ${known.join(', ') || 'none'}`,
      );
    }
    if (request.query.getAll(name).length > 1) throw invalidParameter(name, 'is given twice', 'it once');
  }
}
