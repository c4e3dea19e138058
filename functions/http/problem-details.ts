import type { Logger } from '@aws-lambda-powertools/logger';
import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { LedgerBusyError } from '../invoices/ledger.ts';
import { isPassingError } from '../invoices/passing-error.ts';
import { Problem } from './problem.ts';
import { logFailed } from './request-log.ts';

/**
 * Answers every error as a problem document (RFC 9457) with the correlation id that stands in the log. What we didn't expect is
 * logged whole and answered without a word of its text.
 */
export const problemDetails = (
  logger: Logger,
): MiddlewareObj<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2> => ({
  onError: (request) => {
    const { error } = request;
    const problem = asProblem(error);
    const { requestId } = request.event.requestContext;
    logFailed(logger, error, problem, requestId);
    request.response = problemResponse(problem, requestId);
  },
});

/** What an error comes to for whoever asked; one that we didn't expect says nothing of itself. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof LedgerBusyError) {
    return new Problem({
      status: 503,
      kind: 'busy',
      title: 'The ledger is busy.',
      detail:
        'Others kept writing to the same deal, or taking numbers. Nothing was changed; send the request again.',
      headers: { 'retry-after': '1' },
    });
  }
  if (isPassingError(error)) {
    return new Problem({
      status: 503,
      kind: 'unavailable',
      title: 'The service can’t reach its table for the moment.',
      detail: 'It may or may not have been done. Send the request again: what was done has no second effect.',
      headers: { 'retry-after': '1' },
    });
  }
  return new Problem({
    status: 500,
    kind: 'internal',
    title: 'Something went wrong on our side.',
    detail: 'The request may be sent again. The correlation id finds the cause in the log.',
  });
}

function problemResponse(problem: Problem, correlationId: string): APIGatewayProxyStructuredResultV2 {
  const { status, kind, title, detail, errors, current, other, headers } = problem.details;
  return {
    statusCode: status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      'x-correlation-id': correlationId,
      ...headers,
    },
    body: JSON.stringify({
      type: `urn:ledgerbridge:problem:${kind}`,
      title,
      status,
      detail,
      errors,
      current,
      other,
      correlationId,
    }),
  };
}
