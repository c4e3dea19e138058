import { Agent, request as startRequest } from 'node:http';
import type { Gateway } from '../../local/gateway/gateway.ts';

/** A request as a test writes it. `target` is path and query, sent as it stands: nothing is resolved or escaped on the way. */
export interface SentRequest {
  method: string;
  target: string;
  headers?: Record<string, string>;
  /** Sent as it is where it is text or bytes, else as JSON. */
  body?: unknown;
}

/** An answer with its body parsed; a body that isn't JSON stands under `text`. */
export interface Answer {
  status: number;
  headers: Record<string, string | undefined>;
  body: Record<string, unknown>;
}

export type Send = (request: SentRequest) => Promise<Answer>;

/** Sends to a server that listens, over real HTTP. Connections are kept for the next request. */
export function sendOverHttp(url: string): Send {
  const { hostname, port } = new URL(url);
  const agent = new Agent({ keepAlive: true, maxSockets: 50 });
  return ({ method, target, headers, body }) =>
    new Promise((resolve, reject) => {
      const bytes = bodyBytes(body);
      const sent = startRequest(
        {
          hostname,
          port,
          agent,
          method,
          path: target,
          headers: { ...contentHeaders(body, bytes), ...headers },
        },
        async (incoming) => {
          try {
            const chunks: Buffer[] = [];
            for await (const chunk of incoming) chunks.push(chunk);
            const answered = Object.fromEntries(
              Object.entries(incoming.headers).map(([name, value]) => [name, value?.toString()]),
            );
            resolve({
              status: incoming.statusCode ?? 0,
              headers: answered,
              body: parsed(Buffer.concat(chunks)),
            });
          } catch (error) {
            reject(error);
          }
        },
      );
      sent.on('error', reject);
      sent.end(bytes);
    });
}

/** Sends to a gateway in this process. */
export const sendOverGateway =
  (gateway: Gateway): Send =>
  async ({ method, target, headers, body }) => {
    const bytes = bodyBytes(body);
    const answered = await gateway({
      method,
      target,
      headers: { ...contentHeaders(body, bytes), ...headers },
      body: bytes,
    });
    return { status: answered.status, headers: answered.headers, body: parsed(answered.body) };
  };

function bodyBytes(body: unknown): Buffer {
  if (body === undefined) return Buffer.alloc(0);
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

const contentHeaders = (body: unknown, bytes: Buffer): Record<string, string> =>
  body === undefined ? {} : { 'content-type': 'application/json', 'content-length': String(bytes.length) };

function parsed(bytes: Buffer): Record<string, unknown> {
  if (bytes.length === 0) return {};
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return { text: bytes.toString('utf8') };
  }
}
