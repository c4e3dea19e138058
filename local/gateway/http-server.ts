import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type GatewayAnswer, MAX_REQUEST_BYTES, ownWords } from './gateway.ts';
import type { ArrivedRequest } from './gateway-event.ts';
import { type Log, logRequest } from './request-log.ts';

/** Answers requests in the order of the doors: the first that doesn't answer `undefined` wins. */
export type Door = (request: ArrivedRequest) => Promise<GatewayAnswer | undefined>;

export interface HttpServer {
  port: number;
  close(): Promise<void>;
}

/** The simulator's one server, on the loopback interface. Logs one line a request. Throws a plain sentence where the port is taken. */
export async function startHttpServer(
  port: number,
  doors: () => readonly Door[],
  log: Log,
): Promise<HttpServer> {
  const server = createServer((incoming, outgoing) => {
    const startedAt = performance.now();
    answer(incoming, doors())
      .catch((error: unknown) => {
        // Whoever hung up in the middle gets no answer, and is no fault of ours.
        if (!incoming.complete) return ownWords(400, 'Bad Request');
        console.error('A request failed:', error);
        return ownWords(500, 'Internal Server Error');
      })
      .then(({ status, headers, body }) => {
        const tooLarge = status === 413 && !incoming.complete;
        outgoing.writeHead(status, {
          ...headers,
          'content-length': body.length,
          ...(tooLarge ? { connection: 'close' } : {}),
        });
        outgoing.end(incoming.method === 'HEAD' ? undefined : body);
        logRequest(log, arrived(incoming), { status }, startedAt);
      });
  });
  await listen(server, port);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    throw new Error(
      `Port ${port} is taken. Set PORT to another one, for instance PORT=${port + 1} npm start.`,
    );
  });
}

async function answer(incoming: IncomingMessage, doors: readonly Door[]): Promise<GatewayAnswer> {
  const body = await readBody(incoming);
  if (!body) return ownWords(413, 'Request Entity Too Large');
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(',') : value,
    ]),
  );
  const request = { ...arrived(incoming), headers, body };
  for (const door of doors) {
    const answered = await door(request);
    if (answered) return answered;
  }
  return ownWords(404, 'Not Found');
}

const arrived = ({ method = 'GET', url = '/' }: IncomingMessage) => ({ method, target: url });

/** The body; undefined where it is larger than API Gateway takes, in which case the rest isn't read. */
async function readBody(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming.iterator({ destroyOnReturn: false })) {
    size += chunk.length;
    if (size > MAX_REQUEST_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
