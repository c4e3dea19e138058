import type { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import httpHeaderNormalizer from '@middy/http-header-normalizer';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { type ApiRequest, apiRequest } from './api-request.ts';
import type { Problem } from './problem.ts';
import { notFound } from './problem.ts';
import { asProblem } from './problem-details.ts';
import { logAnswered, logFailed } from './request-log.ts';

/** What a browser gets. Without a content type of its own it is a page. */
export interface PageResponse {
  status: number;
  headers?: Record<string, string>;
  body: string | Uint8Array;
}

/** What answers one route for a browser. It lets its caller in itself: style sheets and scripts are anyone's. */
export type PageOperation = (request: ApiRequest) => Promise<PageResponse>;

export interface HtmlHandlerOptions<Key extends string> {
  logger: Logger;
  /** Origins that may show our pages in a frame, as in a Content-Security-Policy. */
  frameAncestors: readonly string[];
  /** One for each of the function's routes, by API Gateway's route key. */
  operations: Record<Key, PageOperation>;
  /** The page that says what went wrong. */
  problemPage: (problem: Problem, correlationId: string) => string;
}

/** Makes a Lambda handler of operations that answer browsers: pages under a strict policy, and problems as pages. */
export function htmlHandler<Key extends string>(options: HtmlHandlerOptions<Key>) {
  const { logger, operations, problemPage } = options;
  const headers = pageHeaders(options.frameAncestors);
  const answer = async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
    const request = apiRequest(event);
    logger.setCorrelationId(request.correlationId);
    const operation = operations[event.routeKey as Key];
    if (!operation) throw notFound(`There is no ${request.method} ${request.path}.`);
    const response = await operation(request);
    logAnswered(logger, request, event.routeKey, response.status);
    return result(response, { ...headers, 'x-correlation-id': request.correlationId });
  };
  return middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>()
    .use(injectLambdaContext(logger, { resetKeys: true }))
    .use({
      onError: (request) => {
        const { error, event } = request;
        const problem = asProblem(error);
        const correlationId = event.requestContext.requestId;
        const { status, headers: own } = problem.details;
        logFailed(logger, error, problem, correlationId);
        request.response = result(
          { status, ...(own ? { headers: own } : {}), body: problemPage(problem, correlationId) },
          { ...headers, 'x-correlation-id': correlationId },
        );
      },
    })
    .use(httpHeaderNormalizer())
    .handler(answer);
}

/**
 * The address of a page holds a ticket, so nothing keeps it and nobody else learns it. A frame's page may run our own scripts only, and be
 * framed by HubSpot only; `X-Frame-Options` would forbid that, since it knows no list.
 */
const pageHeaders = (frameAncestors: readonly string[]): Record<string, string> => ({
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'strict-transport-security': 'max-age=15552000; includeSubDomains',
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    ['frame-ancestors', ...frameAncestors].join(' '),
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
});

const result = (
  { status, headers, body }: PageResponse,
  usual: Record<string, string>,
): APIGatewayProxyStructuredResultV2 => ({
  statusCode: status,
  headers: { ...usual, ...headers },
  body: typeof body === 'string' ? body : Buffer.from(body).toString('base64'),
  isBase64Encoded: typeof body !== 'string',
});
