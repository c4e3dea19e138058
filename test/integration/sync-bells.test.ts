import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Context, SQSEvent } from 'aws-lambda';
import type { PortalId } from '../../functions/invoices/identifiers.ts';
import { bellRinger, groupOf, parseBell } from '../../functions/sync/bells.ts';
import { type Shard, shardsOf } from '../../functions/sync/records/shard.ts';
import { bellHandler } from '../../functions/sync/worker/bell-handler.ts';
import { startLocalSqs } from '../../local/queue/bell-queue.ts';

const PORTAL = '4711' as PortalId;
const SHARDS = [...shardsOf(PORTAL, 'products'), ...shardsOf(PORTAL, 'contacts')];

let server: Awaited<ReturnType<typeof startLocalSqs>>;
let queue: SQSClient;
beforeAll(async () => {
  server = await startLocalSqs();
  queue = new SQSClient({
    endpoint: server.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
});
afterAll(async () => {
  queue.destroy();
  await server.close();
});

test('bells of sixteen shards arrive, each in its shard’s own group, and a second ringing is not swallowed', async () => {
  const { QueueUrl = '' } = await queue.send(
    new CreateQueueCommand({ QueueName: 'bells.fifo', Attributes: { FifoQueue: 'true' } }),
  );
  const notices: unknown[] = [];
  const ring = bellRinger({ queue, queueUrl: QueueUrl, notice: (message) => notices.push(message) });
  await ring([...SHARDS, ...SHARDS]);
  await ring(SHARDS.slice(0, 1));
  const heard: Shard[] = [];
  for (;;) {
    const { Messages = [] } = await queue.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        MessageSystemAttributeNames: ['MessageGroupId'],
      }),
    );
    if (Messages.length === 0) break;
    for (const { Body = '', Attributes, ReceiptHandle } of Messages) {
      const shard = parseBell(Body);
      expect(Attributes?.MessageGroupId).toBe(groupOf(shard));
      heard.push(shard);
      await queue.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
  }
  expect(heard).toHaveLength(SHARDS.length + 1);
  expect(new Set(heard.map(groupOf)).size).toBe(SHARDS.length);
  expect(notices).toEqual([]);
});

test('a queue that is out costs a notice, not the call', async () => {
  const notices: string[] = [];
  const queueUrl = `${server.endpoint}/000000000000/none.fifo`;
  await bellRinger({ queue, queueUrl, notice: (message) => notices.push(message) })(SHARDS);
  expect(notices).toEqual(['Bells were not rung', 'Bells were not rung']);
});

test('a bell that could not be answered comes back with the later ones of its group; other groups go on', async () => {
  const [a, b, c] = SHARDS as [Shard, Shard, Shard];
  const answered: string[] = [];
  const handler = bellHandler(
    async (shard, deadline) => {
      expect(deadline).toBe(61_000);
      if (shard.shard === b.shard) throw new Error('no');
      answered.push(groupOf(shard));
    },
    () => 1_000,
  );
  const records = [a, b, b, c].map((shard, index) => ({
    messageId: `m${index}`,
    body: JSON.stringify(shard),
    attributes: { MessageGroupId: groupOf(shard) },
    eventSource: 'aws:sqs',
  }));
  const event = { Records: records } as unknown as SQSEvent;
  const context = { getRemainingTimeInMillis: () => 60_000 } as Context;
  expect(await handler(event, context)).toEqual({
    batchItemFailures: [{ itemIdentifier: 'm1' }, { itemIdentifier: 'm2' }],
  });
  expect(answered).toEqual([groupOf(a), groupOf(c)]);
});

test.each([
  '',
  '{}',
  '{"portalId":"x","type":"products","shard":1}',
  '{"portalId":"1","type":"deals","shard":1}',
  '{"portalId":"1","type":"products","shard":8}',
])('the message %j is no bell', (body) => {
  expect(() => parseBell(body)).toThrow();
});

test('the queue is there for this machine only', async () => {
  // Whoever listens on every interface answers here, too.
  const elsewhere = server.endpoint.replace('127.0.0.1', '127.0.0.2');
  await expect(fetch(elsewhere, { signal: AbortSignal.timeout(5_000) })).rejects.toThrow();
});
