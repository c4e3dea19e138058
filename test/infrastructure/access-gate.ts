import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type NameOfResource, neededRights } from './needed-rights.ts';

/** AWS's door: lets each caller do what its role may, and refuses the rest as IAM does. */
export interface AccessGate {
  endpoint: string;
  /** What each caller has done, by its access key. */
  used: ReadonlyMap<string, ReadonlySet<string>>;
  /** What was refused: `SyncSweeperFunction: dynamodb:BatchGetItem on SyncTable`. */
  refused: readonly string[];
  close(): Promise<void>;
}

export interface AccessGateOptions {
  /** What each caller may do, by its access key. */
  rights: ReadonlyMap<string, readonly string[]>;
  nameOf: NameOfResource;
  /** The endpoint behind the door, by the call's `x-amz-target`. */
  endpointOf: (target: string) => string;
}

export async function startAccessGate(options: AccessGateOptions): Promise<AccessGate> {
  const used = new Map<string, Set<string>>();
  const refused: string[] = [];
  const server = createServer(async (incoming, response) => {
    const body = await buffer(incoming);
    const target = String(incoming.headers['x-amz-target']);
    const caller = accessKeyOf(incoming);
    const done = used.get(caller) ?? new Set();
    used.set(caller, done);
    for (const right of neededRights(target, JSON.parse(body.toString()), options.nameOf)) {
      if (!options.rights.get(caller)?.includes(right)) {
        refused.push(`${caller}: ${right}`);
        refuse(response, `${caller} is not authorized to perform ${right}`);
        return;
      }
      done.add(right);
    }
    pass(options.endpointOf(target), incoming, body, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    used,
    refused,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Who signed the call; the signature itself is nobody's business here. */
const accessKeyOf = ({ headers }: IncomingMessage): string =>
  /Credential=([^/]+)\//.exec(headers.authorization ?? '')?.[1] ?? '';

const refuse = (response: ServerResponse, message: string): void => {
  response
    .writeHead(400, { 'content-type': 'application/x-amz-json-1.0' })
    .end(JSON.stringify({ __type: 'AccessDeniedException', message }));
};

function pass(
  endpoint: string,
  { method, url, headers }: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
): void {
  const onward = request(new URL(url ?? '/', endpoint), { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => response.destroy());
  onward.end(body);
}
