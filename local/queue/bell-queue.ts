import type { AddressInfo } from 'node:net';
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { buildApp } from 'fauxqs';

/** The queue of bells and its dead-letter queue, on a local SQS. */
export interface BellQueue {
  /** For `AWS_ENDPOINT_URL_SQS`. */
  endpoint: string;
  queueUrl: string;
  /** How many bells were given up. */
  deadLetters(): Promise<number>;
  close(): Promise<void>;
}

const BELLS = 'ledgerbridge-bells.fifo';
const DEAD_LETTERS = 'ledgerbridge-bells-dead-letters.fifo';
/** The worker ends well before: see the visibility and the function's timeout in the service stack. */
const VISIBILITY_SECONDS = 30;
const RECEIVES_BEFORE_DEAD = 3;

/** Starts SQS with the queues as the service stack makes them. Bells are not kept over a restart: the sweeper rings again. */
export async function startBellQueue(): Promise<BellQueue> {
  const { endpoint, close: stopServer } = await startLocalSqs();
  const client = new SQSClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const deadLetters = await createQueue(client, endpoint, DEAD_LETTERS, {});
  const queueUrl = await createQueue(client, endpoint, BELLS, {
    VisibilityTimeout: String(VISIBILITY_SECONDS),
    RedrivePolicy: JSON.stringify({
      deadLetterTargetArn: await attribute(client, deadLetters, 'QueueArn'),
      maxReceiveCount: RECEIVES_BEFORE_DEAD,
    }),
  });
  return {
    endpoint,
    queueUrl,
    deadLetters: async () => Number(await attribute(client, deadLetters, 'ApproximateNumberOfMessages')),
    close: async () => {
      client.destroy();
      await stopServer();
    },
  };
}

/** An empty SQS on the loopback interface. fauxqs's own start listens on every interface, for anybody in the network. */
export async function startLocalSqs(): Promise<{ endpoint: string; close(): Promise<void> }> {
  const sqs = buildApp({ logger: false });
  await sqs.listen({ port: 0, host: '127.0.0.1' });
  const { port } = sqs.server.address() as AddressInfo;
  return { endpoint: `http://127.0.0.1:${port}`, close: () => sqs.close() };
}

async function createQueue(
  client: SQSClient,
  endpoint: string,
  QueueName: string,
  attributes: Record<string, string>,
): Promise<string> {
  const { QueueUrl = '' } = await client.send(
    new CreateQueueCommand({ QueueName, Attributes: { FifoQueue: 'true', ...attributes } }),
  );
  // The SDK calls the host of a queue's URL, and fauxqs's own isn't one that resolves.
  return `${endpoint}${new URL(QueueUrl).pathname}`;
}

async function attribute(
  client: SQSClient,
  QueueUrl: string,
  name: 'QueueArn' | 'ApproximateNumberOfMessages',
): Promise<string> {
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [name] }),
  );
  return Attributes?.[name] ?? '';
}
