import { MalformedJsonError, parseJson } from '../input/parse-json.ts';
import type { ApiRequest } from './api-request.ts';
import { Problem } from './problem.ts';

/** The most a request body may have, in bytes, where a route doesn't say otherwise. */
export const MAX_BODY_BYTES = 1_048_576;

/** The request's body as text. Throws a Problem: 413 for too much, 400 for what is no UTF-8. */
export function textBody(request: ApiRequest, maxBytes = MAX_BODY_BYTES): string {
  if (request.body.length > maxBytes) {
    throw new Problem({
      status: 413,
      kind: 'body-too-large',
      title: 'The request body is too large.',
      detail: `The body has ${request.body.length} bytes; this route takes at most ${maxBytes}.`,
    });
  }
  try {
    return UTF8.decode(request.body);
  } catch {
    throw unreadable('The body is not UTF-8 text.');
  }
}

/** The request's body as JSON, whatever content type it claims. Throws a Problem: 413 for too much, 400 for what is no JSON. */
export function jsonBody(request: ApiRequest, maxBytes = MAX_BODY_BYTES): unknown {
  const text = textBody(request, maxBytes);
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof MalformedJsonError) throw unreadable(error.message);
    throw error;
  }
}

const unreadable = (detail: string): Problem =>
  new Problem({ status: 400, kind: 'malformed-json', title: 'The request body can’t be read.', detail });

const UTF8 = new TextDecoder('utf-8', { fatal: true });
