import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { type HttpFunction, routes } from '../../functions/routes.ts';
import { gateway, type HttpLambda } from '../../local/gateway/gateway.ts';
import { type HttpServer, startHttpServer } from '../../local/gateway/http-server.ts';
import { type Send, sendOverHttp } from '../support/http-exchange.ts';
import { eventually } from '../support/ledger-client.ts';

let server: HttpServer;
let send: Send;
let event: APIGatewayProxyEventV2;
let context: Context;
let lambda: HttpLambda;
const lines: string[] = [];

beforeAll(async () => {
  const run: HttpLambda = async (given, about) => {
    [event, context] = [given, about];
    return lambda(given, about);
  };
  const functions = Object.fromEntries(routes.map((route) => [route.function, run]));
  const api = gateway(functions as Record<HttpFunction, HttpLambda>);
  server = await startHttpServer(
    0,
    () => [api],
    (line) => lines.push(line),
  );
  send = sendOverHttp(`http://127.0.0.1:${server.port}`);
});
afterAll(async () => {
  await server?.close();
});

const ok: HttpLambda = async () => ({ statusCode: 200, body: '{}' });

describe('the gateway hands a function an event in payload format 2.0', () => {
  test('with route, path parameters, lower-case headers, the query as it was sent, and a request id', async () => {
    lambda = ok;
    await send({ method: 'GET', target: '/v1/invoices/A-1?b=%40+x&a=1&b=2', headers: { 'X-Odd': 'Yes' } });
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: 'GET /v1/invoices/{invoiceId}',
      rawPath: '/v1/invoices/A-1',
      rawQueryString: 'b=%40+x&a=1&b=2',
      queryStringParameters: { b: '@ x,2', a: '1' },
      pathParameters: { invoiceId: 'A-1' },
      headers: { 'x-odd': 'Yes' },
      isBase64Encoded: false,
      requestContext: {
        http: { method: 'GET', path: '/v1/invoices/A-1' },
        stage: '$default',
        routeKey: event.routeKey,
      },
    });
    expect(event.requestContext.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(event).not.toHaveProperty('body');
    expect(context.getRemainingTimeInMillis()).toBeGreaterThan(25_000);
  });

  test('without a query or path parameters where there are none', async () => {
    lambda = ok;
    await send({ method: 'GET', target: '/v1/events' });
    expect(event.rawQueryString).toBe('');
    expect(event).not.toHaveProperty('queryStringParameters');
    expect(event).not.toHaveProperty('pathParameters');
  });

  test('with the path decoded once, and variables too', async () => {
    lambda = ok;
    await send({ method: 'PUT', target: '/v1/invoices/a%20b%252Fc', body: {} });
    expect([event.rawPath, event.pathParameters]).toEqual(['/v1/invoices/a b%2Fc', { invoiceId: 'a b%2Fc' }]);
  });

  test.each([
    ['application/json', false],
    ['application/json; charset=utf-8', false],
    ['application/vnd.api+json', false],
    ['text/csv', false],
    ['application/x-www-form-urlencoded', true],
    ['application/octet-stream', true],
    ['application/jsonlines', true],
  ])('with a body of %s in base64: %s', async (type, isBase64Encoded) => {
    lambda = ok;
    await send({ method: 'PUT', target: '/v1/invoices/A', body: 'ä=1', headers: { 'content-type': type } });
    const body = Buffer.from(event.body ?? '', isBase64Encoded ? 'base64' : 'utf8').toString('utf8');
    expect([event.isBase64Encoded, body]).toEqual([isBase64Encoded, 'ä=1']);
  });
});

describe('the gateway answers', () => {
  test('with the function’s status, headers and body, bytes too', async () => {
    lambda = async () => ({
      statusCode: 418,
      headers: { 'Content-Type': 'text/plain', 'X-Count': 3 },
      body: Buffer.from('bytes').toString('base64'),
      isBase64Encoded: true,
    });
    const answer = await send({ method: 'GET', target: '/v1/events' });
    expect([answer.status, answer.body, answer.headers['x-count']]).toEqual([418, { text: 'bytes' }, '3']);
  });

  test('in its own words where a function fails or no route takes the request', async () => {
    const silenced = console.error;
    console.error = () => undefined;
    lambda = async () => {
      throw new Error('secret detail');
    };
    const failed = await send({ method: 'GET', target: '/v1/events' });
    console.error = silenced;
    expect([failed.status, failed.body]).toEqual([500, { message: 'Internal Server Error' }]);
    expect((await send({ method: 'GET', target: '/nowhere' })).body).toEqual({ message: 'Not Found' });
  });

  test('nothing but headers to HEAD, and goes on after a caller that hung up in the middle', async () => {
    lambda = ok;
    await new Promise<void>((resolve) => {
      const socket = connect(server.port, '127.0.0.1', () => {
        socket.write('PUT /v1/invoices/A HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{', () =>
          socket.destroy(),
        );
      });
      socket.on('close', () => resolve());
    });
    await eventually(
      async () => lines.at(-1),
      (line) => line !== undefined && /^PUT .* 400 /.test(line),
    );
    const answer = await send({ method: 'HEAD', target: '/v1/events' });
    expect([answer.status, answer.body]).toEqual([200, {}]);
  });
});

test('the server logs one line a request: method, path, status, time; never the query', async () => {
  lambda = ok;
  lines.length = 0;
  await send({ method: 'GET', target: '/v1/events?after=secret-cursor' });
  expect(lines).toEqual([expect.stringMatching(/^GET \/v1\/events 200 \d+ ms$/)]);
});

test('a taken port is said in a sentence', async () => {
  await expect(
    startHttpServer(
      server.port,
      () => [],
      () => undefined,
    ),
  ).rejects.toThrow(`Port ${server.port} is taken. Set PORT to another one`);
});
