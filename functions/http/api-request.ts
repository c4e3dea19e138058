import type { APIGatewayProxyEventV2 } from 'aws-lambda';

/** An HTTP request as the operations see it, read once from API Gateway's event (payload 2.0). */
export interface ApiRequest {
  method: string;
  /** As API Gateway hands it over: decoded. */
  path: string;
  /** Percent-encoded, in its original order, without the question mark: what signatures cover. */
  rawQuery: string;
  query: URLSearchParams;
  pathParameters: Readonly<Record<string, string | undefined>>;
  /** By lower-case name. */
  headers: Readonly<Record<string, string | undefined>>;
  /** The bytes as they were sent. */
  body: Buffer;
  correlationId: string;
  /** When the function got it, by `performance.now()`: what a deadline counts from. */
  receivedAt: number;
}

export interface ApiResponse {
  status: number;
  headers?: Record<string, string>;
  /** Sent as JSON; left out for an empty body. */
  body?: unknown;
}

/** Reads API Gateway's event. Its header names are lower-case already on AWS; hand-made events go through middy's normalizer first. */
export const apiRequest = (event: APIGatewayProxyEventV2): ApiRequest => ({
  method: event.requestContext.http.method,
  path: event.rawPath,
  rawQuery: event.rawQueryString,
  query: new URLSearchParams(event.rawQueryString),
  pathParameters: event.pathParameters ?? {},
  headers: event.headers,
  body: event.body ? Buffer.from(event.body, event.isBase64Encoded ? 'base64' : 'utf8') : Buffer.alloc(0),
  correlationId: event.requestContext.requestId,
  receivedAt: performance.now(),
});
