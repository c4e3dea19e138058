/** What the AWS SDK calls errors of DynamoDB that pass by themselves, once its own tries are used up. */
const PASSING_ERRORS = new Set([
  'TimeoutError',
  'ThrottlingException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'InternalServerError',
]);

/** Whether an error says no more than that the table gave no answer: what was asked of it may or may not have been done. */
export const isPassingError = (error: unknown): boolean =>
  error instanceof Error && PASSING_ERRORS.has(error.name);
