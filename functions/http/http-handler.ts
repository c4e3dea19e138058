import type { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import type { Metrics } from '@aws-lambda-powertools/metrics';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import middy from '@middy/core';
import httpHeaderNormalizer from '@middy/http-header-normalizer';
import httpSecurityHeaders from '@middy/http-security-headers';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { type ApiRequest, type ApiResponse, apiRequest } from './api-request.ts';
import { notFound } from './problem.ts';
import { problemDetails } from './problem-details.ts';
import { logAnswered } from './request-log.ts';

/** What answers one route. `proof` is what the caller proved: its portal, and who asks. */
export type Operation<Proof> = (request: ApiRequest, proof: Proof) => Promise<ApiResponse>;

export interface HttpHandlerOptions<Proof, Key extends string> {
  logger: Logger;
  /** Only of functions that count something themselves. */
  metrics?: Metrics;
  /** Lets the caller in or throws a Problem. Everything an operation knows about its portal comes from here. */
  authenticate: (request: ApiRequest) => Promise<Proof>;
  /** One for each of the function's routes, by API Gateway's route key. */
  operations: Record<Key, Operation<Proof>>;
}

/**
 * Makes a Lambda handler of operations: logs with the correlation id, flushes metrics, lets the caller in, finds the
 * operation by route key, and answers JSON or a problem document.
 */
export function httpHandler<Proof, Key extends string>(options: HttpHandlerOptions<Proof, Key>) {
  const { logger, metrics } = options;
  const answer = async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
    const request = apiRequest(event);
    logger.setCorrelationId(request.correlationId);
    const proof = await options.authenticate(request);
    const operation = options.operations[event.routeKey as Key];
    if (!operation) throw notFound(`There is no ${request.method} ${request.path}.`);
    const response = await operation(request, proof);
    logAnswered(logger, request, event.routeKey, response.status);
    return jsonResult(response, request.correlationId);
  };
  return middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>()
    .use(injectLambdaContext(logger, { resetKeys: true }))
    .use(metrics ? [logMetrics(metrics)] : [])
    .use(httpSecurityHeaders(API_HEADERS))
    .use(problemDetails(logger))
    .use(httpHeaderNormalizer())
    .handler(answer);
}

/** JSON for servers needs little: that nothing guesses another type, and that connections stay encrypted. */
const API_HEADERS = {
  contentSecurityPolicy: false,
  crossOriginEmbedderPolicy: false,
  crossOriginOpenerPolicy: false,
  crossOriginResourcePolicy: false,
  dnsPrefetchControl: false,
  downloadOptions: false,
  frameOptions: false,
  originAgentCluster: false,
  permissionsPolicy: false,
  permittedCrossDomainPolicies: false,
  reportTo: false,
  xssProtection: false,
} as const;

const jsonResult = (response: ApiResponse, correlationId: string): APIGatewayProxyStructuredResultV2 => ({
  statusCode: response.status,
  headers: {
    ...(response.body === undefined ? {} : { 'content-type': 'application/json' }),
    'cache-control': 'no-store',
    'x-correlation-id': correlationId,
    ...response.headers,
  },
  body: response.body === undefined ? '' : JSON.stringify(response.body),
});
