import { MalformedJsonError, parseJson } from '../input/parse-json.ts';
import type { ApiRequest } from './api-request.ts';
import { Problem } from './problem.ts';

/** The most a request body may have, in bytes, where a route doesn't say otherwise. */
export const MAX_BODY_BYTES = 1_048_576;

/** The request's body as JSON, whatever content type it claims. Throws a Problem: 413 for too much, 400 for what is no JSON. */
export function jsonBody(request: ApiRequest, maxBytes = MAX_BODY_BYTES): unknown {
  if (request.body.length > maxBytes) {
    throw new Problem({
      status: 413,
      kind: 'body-too-large',
      title: 'The request body is too large.',
      detail: `The body has ${request.body.length} bytes; this route takes at most ${maxBytes}.`,
    });
  }
  try {
    return parseJson(UTF8.decode(request.body));
  } catch (error) {
    const detail = error instanceof MalformedJsonError ? error.message : 'The body is not UTF-8 text.';
    throw new Problem({
      status: 400,
      kind: 'malformed-json',
      title: 'The request body can’t be read.',
      detail,
    });
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });
