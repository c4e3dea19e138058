import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** Secrets Manager, SQS and EventBridge, as far as the functions call them. */
export interface StandInServices {
  endpoint: string;
  /** The entries that were put on a bus. */
  busEntries: unknown[];
  close(): Promise<void>;
}

/** @param secrets the text of each secret, by its id */
export async function startStandInServices(secrets: Record<string, string>): Promise<StandInServices> {
  const busEntries: unknown[] = [];
  const operations: Record<string, (input: Record<string, unknown>) => object | undefined> = {
    'secretsmanager.GetSecretValue': ({ SecretId }) => {
      const SecretString = secrets[String(SecretId)];
      return SecretString === undefined ? undefined : { Name: SecretId, SecretString };
    },
    'AmazonSQS.SendMessageBatch': ({ Entries }) => ({
      Successful: (Entries as { Id: string; MessageBody: string }[]).map(({ Id, MessageBody }) => ({
        Id,
        MessageId: Id,
        MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex'),
      })),
      Failed: [],
    }),
    'AWSEvents.PutEvents': ({ Entries }) => {
      const entries = Entries as unknown[];
      busEntries.push(...entries);
      return { FailedEntryCount: 0, Entries: entries.map((_, index) => ({ EventId: String(index) })) };
    },
  };
  const server = createServer(async (request, response) => {
    const operation = operations[String(request.headers['x-amz-target'])];
    const answer = operation?.((await json(request)) as Record<string, unknown>);
    response
      .writeHead(answer ? 200 : 400, { 'content-type': 'application/x-amz-json-1.1' })
      .end(JSON.stringify(answer ?? { __type: 'ResourceNotFoundException' }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    busEntries,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
