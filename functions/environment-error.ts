import type * as z from 'zod/mini';

/** What is wrong with environment variables, as an error that names each and what was expected of it, never a value. */
export function environmentError({ issues }: z.core.$ZodError): Error {
  const wrong = issues.map((issue) => `${issue.path.join('.')} (expected ${expected(issue)})`);
  return new Error(`Environment variables missing or malformed: ${wrong.join(', ')}`);
}

function expected(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_value':
      return issue.values.join(' or ');
    case 'invalid_type':
      return issue.expected === 'string' ? 'a text' : 'a whole number';
    case 'too_small':
      return issue.origin === 'string' ? 'a text' : `a number from ${issue.minimum}`;
    case 'too_big':
      return `a number up to ${issue.maximum}`;
    default:
      return issue.message;
  }
}
