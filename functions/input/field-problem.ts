import type * as z from 'zod/mini';

/** What is wrong with one field of an input: which, what stands there, and what was expected. */
export interface FieldProblem {
  /** A path such as `lines[0].unitPrice`; empty for the whole body. */
  field: string;
  problem: string;
  expected: string;
}

/** A body of a megabyte can have a hundred thousand faults: an answer names the first of them. */
const MOST_PROBLEMS = 100;

/**
 * The first 100 problems from a schema's issues. A schema's error messages say what is expected; what stands there is read from the input.
 */
export const fieldProblems = (issues: readonly z.core.$ZodIssue[], input: unknown): FieldProblem[] =>
  issues
    .flatMap((issue): FieldProblem[] => {
      if (issue.code === 'unrecognized_keys') {
        return issue.keys.map((key) => ({
          field: fieldName([...issue.path, shortened(key)]),
          problem: 'is not a known field',
          expected: 'this field left out',
        }));
      }
      return [
        {
          field: fieldName(issue.path),
          problem: describe(valueAt(input, issue.path)),
          expected: issue.message,
        },
      ];
    })
    .slice(0, MOST_PROBLEMS);

/** What is wrong with single fields, and what with fields together: the first 100 of it. */
export const allProblems = (
  single: readonly FieldProblem[],
  together: readonly FieldProblem[],
): FieldProblem[] => [...single, ...together].slice(0, MOST_PROBLEMS);

/** `['lines', 0, 'unitPrice']` as `lines[0].unitPrice`. */
export const fieldName = (path: readonly PropertyKey[]): string =>
  path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index > 0 ? '.' : ''}${String(step)}`))
    .join('');

const LONGEST_NAME = 80;

/** A field's name as an answer repeats it: a sender may have made it as long as a body. */
export const shortened = (name: string): string =>
  name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME).toWellFormed()}…` : name;

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const step of path) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[step];
  }
  return value;
}

/** How much of a wrong value an answer repeats: enough to find it, too little to carry a customer's data about. */
const SHOWN_CHARACTERS = 40;

/** A few words on what stands there: `is missing`, `is the number 12`, `is "1e3"`. */
export function describe(value: unknown): string {
  if (value === undefined) return 'is missing';
  if (value === null) return 'is null';
  if (Array.isArray(value)) return `is a list of ${value.length}`;
  switch (typeof value) {
    case 'string': {
      const shown = value.slice(0, SHOWN_CHARACTERS).toWellFormed();
      return `is ${JSON.stringify(shown)}${value.length > SHOWN_CHARACTERS ? ` … (${value.length} characters)` : ''}`;
    }
    case 'number':
    case 'boolean':
      return `is the ${typeof value} ${value}`;
    default:
      return 'is an object';
  }
}
