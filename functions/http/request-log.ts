import type { Logger } from '@aws-lambda-powertools/logger';
import type { ApiRequest } from './api-request.ts';
import type { Problem } from './problem.ts';

// Both name the correlation id themselves: where one process answers several requests at once, the logger's own is that of the newest.

/** Notes that a request was answered, and how long that took. */
export const logAnswered = (
  logger: Logger,
  { correlationId, receivedAt }: ApiRequest,
  route: string,
  status: number,
): void =>
  logger.info('Request answered', {
    correlation_id: correlationId,
    route,
    status,
    milliseconds: Math.round(performance.now() - receivedAt),
  });

/** Notes the whole error of a request that failed on our side, since its answer keeps it to itself. What was refused is no failure. */
export function logFailed(logger: Logger, error: unknown, problem: Problem, correlationId: string): void {
  if (problem.details.status < 500) return;
  logger.error('Request failed', { error, correlation_id: correlationId });
}
