import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { gatewayTo } from './hubspot-api-gateway.ts';

let server: Server | undefined;

afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  server = undefined;
});

/** A server on this machine that behaves as the listener says; its address. */
async function serve(listener: RequestListener): Promise<string> {
  const started = createServer(listener);
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  return addressOf(started.address());
}

function addressOf(address: ReturnType<Server['address']>): string {
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return `http://127.0.0.1:${address.port}`;
}

const create = (baseUrl: string, timeoutMs = 5_000) =>
  gatewayTo(baseUrl).batchCreate('products', [{ traceId: 't', properties: { name: 'Pump' } }], { timeoutMs });

describe('over real connections', () => {
  test('nobody listening: the call was certainly not made', async () => {
    const closed = createTcpServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const address = addressOf(closed.address());
    await new Promise((resolve) => closed.close(resolve));
    expect(await create(address)).toMatchObject({
      kind: 'transient',
      outcome: 'not-executed',
      reason: expect.stringContaining('ECONNREFUSED'),
    });
  });

  test('no encryption where it is expected: the call was certainly not made', async () => {
    const address = await serve((_request, response) => response.end());
    expect(await create(address.replace('http:', 'https:'))).toMatchObject({
      kind: 'transient',
      outcome: 'not-executed',
    });
  });

  test('the connection reset before, and in the middle of, the answer: unknown', async () => {
    const before = await serve((request) => request.socket.resetAndDestroy());
    expect(await create(before)).toMatchObject({ kind: 'transient', outcome: 'unknown' });
    server?.close();
    const during = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
      response.write('{"results":[', () => response.socket?.resetAndDestroy());
    });
    expect(await create(during)).toMatchObject({ kind: 'transient', outcome: 'unknown' });
  });

  test('no answer, and an answer that never ends: timeout', async () => {
    const silent = await serve(() => undefined);
    expect(await create(silent, 80)).toMatchObject({ kind: 'timeout' });
    server?.closeAllConnections();
    server?.close();
    const endless = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"results":[');
    });
    expect(await create(endless, 80)).toMatchObject({ kind: 'timeout' });
  });

  test('a redirect is not followed, and the token not carried along', async () => {
    const asked: string[] = [];
    const address = await serve((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(307, { location: '/elsewhere' }).end();
    });
    expect(await create(address)).toMatchObject({ kind: 'transient', status: 307 });
    expect(asked).toEqual(['/crm/objects/2026-03/products/batch/create']);
  });

  test('calls one after another share connections', async () => {
    let connections = 0;
    const address = await serve((_request, response) => response.end('{"results":[]}'));
    server?.on('connection', () => {
      connections += 1;
    });
    for (let call = 0; call < 20; call += 1) await create(address);
    // One may still be on its way back when the next call starts.
    expect(connections).toBeLessThanOrEqual(3);
  });
});
