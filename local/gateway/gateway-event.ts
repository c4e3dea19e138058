import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import type { RouteMatch } from './match-route.ts';

/** An HTTP request as it arrived. `target` is path and query, undecoded. */
export interface ArrivedRequest {
  method: string;
  target: string;
  headers: Record<string, string | undefined>;
  body: Buffer;
}

/** Content types whose bodies API Gateway hands over as text; all others, forms too, come in base64. */
const TEXT = /^(?:text\/|application\/(?:json|javascript|xml|problem\+json|.*\+json|.*\+xml)\b)/i;

/** What API Gateway makes of a request: its event in payload format 2.0. The path comes decoded, the query as it was sent. */
export function gatewayEvent(
  request: ArrivedRequest,
  path: string,
  match: RouteMatch,
  now: number,
): APIGatewayProxyEventV2 {
  const [, rawQueryString = ''] = /\?(.*)$/s.exec(request.target) ?? [];
  const routeKey = `${match.route.method} ${match.route.path}`;
  // What is no text can't be handed over as one, whatever it claims to be.
  const isText = TEXT.test(request.headers['content-type'] ?? '') && isUtf8(request.body);
  const headers = Object.fromEntries(
    Object.entries(request.headers).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString,
    headers,
    ...(rawQueryString === '' ? {} : { queryStringParameters: joinedQuery(rawQueryString) }),
    ...(Object.keys(match.pathParameters).length === 0 ? {} : { pathParameters: match.pathParameters }),
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      domainName: headers.host ?? '127.0.0.1',
      domainPrefix: 'local',
      http: {
        method: request.method,
        path,
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey,
      stage: '$default',
      time: new Date(now).toISOString(),
      timeEpoch: now,
    },
    ...(request.body.length === 0 ? {} : { body: request.body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: request.body.length > 0 && !isText,
  };
}

/** As API Gateway does: values of a repeated name joined by commas. */
function joinedQuery(rawQuery: string): Record<string, string> {
  const query = new URLSearchParams(rawQuery);
  return Object.fromEntries([...new Set(query.keys())].map((name) => [name, query.getAll(name).join(',')]));
}

/** A Lambda context with a deadline, for a handler that runs in this process. */
export function lambdaContext(functionName: string, timeoutMs: number, now: () => number): Context {
  const deadline = now() + timeoutMs;
  return {
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:us-east-1:000000000000:function:${functionName}`,
    memoryLimitInMB: '512',
    awsRequestId: randomUUID(),
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: 'local',
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => Math.max(0, deadline - now()),
    done: () => undefined,
    fail: () => undefined,
    succeed: () => undefined,
  };
}
