import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { crc32 } from 'node:zlib';
import type { JsonObject } from 'dynalite/db/index.js';
import { coralError, isReported, ServiceError } from './service-error.ts';

/** DynamoDB's limit for a request: 16 MB. */
const MAX_REQUEST_BYTES = 16 * 1024 * 1024;

/** Answers one operation's request, or throws a reported error. */
export type RequestHandler = (operation: string, request: JsonObject) => Promise<JsonObject>;

/** Answers DynamoDB's JSON 1.0 protocol over HTTP. Signatures must be there and are not verified. */
export function createProtocolServer(handle: RequestHandler): Server {
  const server = createServer((request, response) => {
    answer(request, handle)
      .catch((error: unknown) => asReported(error))
      .then((result) =>
        result instanceof ServiceError
          ? send(response, result.statusCode, result.body)
          : send(response, 200, result),
      );
  });
  // A client that keeps its connections must not lose one to a timeout just as it uses it.
  server.keepAliveTimeout = 0;
  return server;
}

/** Begins to listen on the loopback interface; port 0 takes any free one. Answers the port. */
export async function listenOnLoopback(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Closes the server and every connection to it. */
export async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

async function answer(request: IncomingMessage, handle: RequestHandler): Promise<JsonObject> {
  const body = await readBody(request);
  const [, operation] = String(request.headers['x-amz-target'] ?? '').split('.');
  if (request.method !== 'POST' || operation === undefined) throw coralError('UnknownOperationException', '');
  if (!request.headers.authorization?.startsWith('AWS4-'))
    throw coralError('MissingAuthenticationTokenException', 'Request is missing Authentication Token');
  return handle(operation, parseBody(body));
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_REQUEST_BYTES) throw new ServiceError({ __type: 'RequestEntityTooLarge' }, 413);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseBody(body: string): JsonObject {
  try {
    const parsed: unknown = JSON.parse(body);
    if (parsed !== null && typeof parsed === 'object' && !Array.isArray(parsed)) return parsed as JsonObject;
  } catch {
    // Falls through to the error that DynamoDB gives for any body that isn't a JSON object.
  }
  throw coralError('SerializationException', 'The request body is not a JSON object');
}

function asReported(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  if (isReported(error)) return new ServiceError(error.body, error.statusCode);
  const message = error instanceof Error ? error.message : String(error);
  return new ServiceError({ __type: 'com.amazonaws.dynamodb.v20120810#InternalServerError', message }, 500);
}

function send(response: ServerResponse, status: number, content: JsonObject): void {
  const body = JSON.stringify(content);
  response.writeHead(status, {
    'Content-Type': 'application/x-amz-json-1.0',
    'Content-Length': Buffer.byteLength(body),
    'x-amzn-RequestId': randomUUID(),
    'x-amz-crc32': crc32(body),
  });
  response.end(body);
}
