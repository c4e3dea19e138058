import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { ConnectionLost } from './http-message.ts';
import type { HubSpotImitation } from './imitation.ts';

/** A running imitation. `close` ends the listening and every open connection, and leaves the imitation as it is. */
export interface HubSpotServer {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Serves an imitation over HTTP, on a free port of this machine unless one is given. @throws Error when the port is taken */
export async function startHubSpotServer(
  hubspot: HubSpotImitation,
  { port = 0, host = '127.0.0.1' }: { port?: number; host?: string } = {},
): Promise<HubSpotServer> {
  const server = createServer((request, response) => {
    serve(hubspot, request, response).catch((error: unknown) => {
      if (!(error instanceof ConnectionLost)) console.error(error);
      request.socket.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    url: `http://${host}:${address.port}`,
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function serve(
  hubspot: HubSpotImitation,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const answer = await hubspot.handle({
    method: request.method ?? 'GET',
    url: request.url ?? '/',
    headers: request.headers,
    body: Buffer.concat(chunks).toString('utf8'),
  });
  response.writeHead(answer.status, answer.headers).end(answer.body);
}
