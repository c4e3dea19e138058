import type { FieldProblem } from '../input/field-problem.ts';

interface ProblemDetails {
  status: number;
  /** A short name of the kind of problem, such as `invalid-body`; the last part of its `type`. */
  kind: string;
  /** The kind in words: the same for every problem of it. */
  title: string;
  /** What is wrong this time, and what to do. */
  detail?: string | undefined;
  errors?: FieldProblem[] | undefined;
  /** The state that stands in the way, for 409 and 412. */
  current?: unknown;
  /** Another invoice that stands in the way. */
  other?: unknown;
  headers?: Record<string, string> | undefined;
}

/** An answer that says why a request was not carried out (RFC 9457). Thrown by operations, written by {@link problemDetails}. */
export class Problem extends Error {
  override name = 'Problem';
  readonly details: ProblemDetails;

  constructor(details: ProblemDetails) {
    super(details.detail ?? details.title);
    this.details = details;
  }
}

export const invalidBody = (errors: FieldProblem[]): Problem =>
  new Problem({
    status: 400,
    kind: 'invalid-body',
    title: 'The request body is not as expected.',
    detail: fieldSentence(errors),
    errors: shownErrors(errors),
  });

/** How many wrong fields an answer lists: Lambda answers at most 6 MB, and a batch may be wrong in ten thousand places. */
const MOST_ERRORS = 20;

/** The first problems: as many as an answer lists. */
export const shownErrors = (errors: readonly FieldProblem[]): FieldProblem[] => errors.slice(0, MOST_ERRORS);

export const invalidParameter = (field: string, problem: string, expected: string): Problem =>
  new Problem({
    status: 400,
    kind: 'invalid-parameter',
    title: 'A parameter is not as expected.',
    detail: `${field} ${problem}; expected ${expected}.`,
    errors: [{ field, problem, expected }],
  });

export const notFound = (detail: string): Problem =>
  new Problem({ status: 404, kind: 'not-found', title: 'There is no such thing here.', detail });

/** Without a word on what failed: whoever has the right credentials knows, and nobody else should. */
export const unauthorized = (headers?: Record<string, string>): Problem =>
  new Problem({ status: 401, kind: 'unauthorized', title: 'The request is not authorized.', headers });

/** The first problem as a sentence, and how many more there are. `whole` is what a problem of no one field is about. */
export function fieldSentence(errors: readonly FieldProblem[], whole = 'The body'): string {
  const [first] = errors;
  if (!first) return 'The request is not as expected.';
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return `${first.field || whole} ${first.problem}; expected ${first.expected}${more}.`;
}
