import type { ApiRequest } from '../http/api-request.ts';
import { MAX_BODY_BYTES } from '../http/json-body.ts';
import { Problem } from '../http/problem.ts';

/** A submitted form's controls. Throws a Problem, 413, where it is larger than any form of ours. */
export function formPost(request: ApiRequest): URLSearchParams {
  if (request.body.length > MAX_BODY_BYTES) {
    throw new Problem({ status: 413, kind: 'body-too-large', title: 'The form is too large.' });
  }
  return new URLSearchParams(request.body.toString('utf8'));
}

/** The version a form was opened on; undefined where it names none. */
export function formVersion(form: URLSearchParams): number | undefined {
  const text = form.get('version') ?? '';
  return /^\d{1,12}$/.test(text) ? Number(text) : undefined;
}
