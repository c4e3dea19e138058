import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** An event as a rule of the bus would hand it to its target. */
export interface BusEvent {
  Source: string;
  DetailType: string;
  Detail: string;
  EventBusName: string;
}

export interface AwsServices {
  endpoint: string;
  close(): Promise<void>;
}

interface AwsServicesOptions {
  /** The texts of the secrets, by id. Asked at each call, so that a test can rotate them, or keep the caller waiting. */
  secret: (id: string) => string | undefined | Promise<string | undefined>;
  onEvent: (event: BusEvent) => void;
}

/**
 * Answers the calls that functions make to Secrets Manager and EventBridge, over the AWS protocol (JSON 1.1), so that they read secrets
 * and send events as they do when deployed.
 */
export async function startAwsServices(options: AwsServicesOptions): Promise<AwsServices> {
  const server = createServer(async (request, response) => {
    const answer = await answerCall(request, options).catch((error: unknown) =>
      refusal('InternalFailure', String(error)),
    );
    response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Answer {
  status: number;
  body: object;
}

const refusal = (type: string, message: string): Answer => ({ status: 400, body: { __type: type, message } });

async function answerCall(
  request: IncomingMessage,
  { secret, onEvent }: AwsServicesOptions,
): Promise<Answer> {
  const body: unknown = JSON.parse(await text(request));
  switch (request.headers['x-amz-target']) {
    case 'secretsmanager.GetSecretValue': {
      const { SecretId } = body as { SecretId: string };
      const SecretString = await secret(SecretId);
      if (SecretString === undefined) {
        return refusal('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
      }
      return { status: 200, body: { Name: SecretId, SecretString, VersionStages: ['AWSCURRENT'] } };
    }
    case 'AWSEvents.PutEvents': {
      const { Entries } = body as { Entries: BusEvent[] };
      for (const entry of Entries) onEvent(entry);
      return {
        status: 200,
        body: { FailedEntryCount: 0, Entries: Entries.map(() => ({ EventId: randomUUID() })) },
      };
    }
    default:
      return refusal('UnknownOperationException', 'The simulator answers GetSecretValue and PutEvents only.');
  }
}
