import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { HttpFunction } from '../../functions/routes.ts';
import { type ArrivedRequest, gatewayEvent, lambdaContext } from './gateway-event.ts';
import { matchRoute } from './match-route.ts';

/** A handler of functions/handlers that answers API Gateway. */
export type HttpLambda = (
  event: APIGatewayProxyEventV2,
  context: Context,
) => Promise<APIGatewayProxyStructuredResultV2>;

export interface GatewayAnswer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

export type Gateway = (request: ArrivedRequest) => Promise<GatewayAnswer>;

/** API Gateway's own limits: 30 s for an integration, and what fits into a Lambda event. Beyond them it answers in its own words. */
const INTEGRATION_TIMEOUT_MS = 30_000;
export const MAX_REQUEST_BYTES = 6 * 1_048_576;

/** Turns HTTP into API Gateway events for the real handlers, and their results into HTTP. */
export const gateway =
  (lambdas: Record<HttpFunction, HttpLambda>, now: () => number = Date.now): Gateway =>
  async (request) => {
    if (request.body.length > MAX_REQUEST_BYTES) return ownWords(413, 'Request Entity Too Large');
    const path = decodedPath(request.target);
    if (path === undefined) return ownWords(400, 'Bad Request');
    const match = matchRoute(request.method, path);
    if (!match) return ownWords(404, 'Not Found');
    const event = gatewayEvent(request, path, match, now());
    const context = lambdaContext(match.route.function, INTEGRATION_TIMEOUT_MS, now);
    return invoke(lambdas[match.route.function], event, context);
  };

async function invoke(
  lambda: HttpLambda,
  event: APIGatewayProxyEventV2,
  context: Context,
): Promise<GatewayAnswer> {
  let timer: NodeJS.Timeout | undefined;
  const timedOut = new Promise<GatewayAnswer>((resolve) => {
    timer = setTimeout(() => resolve(ownWords(503, 'Service Unavailable')), INTEGRATION_TIMEOUT_MS);
  });
  try {
    return await Promise.race([lambda(event, context).then(gatewayAnswer), timedOut]);
  } catch (error) {
    console.error('A function failed:', error);
    return ownWords(500, 'Internal Server Error');
  } finally {
    clearTimeout(timer);
  }
}

const gatewayAnswer = (result: APIGatewayProxyStructuredResultV2): GatewayAnswer => ({
  status: result.statusCode ?? 200,
  headers: Object.fromEntries(
    Object.entries(result.headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]),
  ),
  body: Buffer.from(result.body ?? '', result.isBase64Encoded ? 'base64' : 'utf8'),
});

export const ownWords = (status: number, message: string): GatewayAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: Buffer.from(JSON.stringify({ message })),
});

function decodedPath(target: string): string | undefined {
  try {
    return decodeURIComponent(target.replace(/[?#].*$/s, ''));
  } catch {
    return undefined;
  }
}
