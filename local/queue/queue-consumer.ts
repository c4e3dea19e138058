import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';

export interface QueueConsumerOptions {
  queue: SQSClient;
  queueUrl: string;
  /** How many batches are worked on at once, as the event source's concurrency caps them. */
  concurrency: number;
  batchSize: number;
  handler: (event: SQSEvent) => Promise<SQSBatchResponse>;
}

export interface QueueConsumer {
  /** Receives no more, and resolves when what is under way has ended. */
  close(): Promise<void>;
}

const WAIT_SECONDS = 1;

/** Plays Lambda's event source: hands a queue's messages to a function, and deletes those that it did not report as failed. */
export function consumeQueue(options: QueueConsumerOptions): QueueConsumer {
  const closing = new AbortController();
  const loops = Array.from({ length: options.concurrency }, () => receiveOn(options, closing.signal));
  return {
    close: async () => {
      closing.abort();
      await Promise.all(loops);
    },
  };
}

async function receiveOn(options: QueueConsumerOptions, closing: AbortSignal): Promise<void> {
  while (!closing.aborted) {
    try {
      const messages = await receive(options, closing);
      if (messages.length > 0) await handOver(options, messages);
    } catch (error) {
      if (closing.aborted) return;
      console.error('A batch of the queue failed; its messages come again:', error);
    }
  }
}

async function receive(
  { queue, queueUrl, batchSize }: QueueConsumerOptions,
  abortSignal: AbortSignal,
): Promise<Message[]> {
  const { Messages = [] } = await queue.send(
    new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: batchSize,
      WaitTimeSeconds: WAIT_SECONDS,
      MessageSystemAttributeNames: ['All'],
    }),
    { abortSignal },
  );
  return Messages;
}

async function handOver(
  { queue, queueUrl, handler }: QueueConsumerOptions,
  messages: Message[],
): Promise<void> {
  const { batchItemFailures } = await handler({ Records: messages.map(record) });
  const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  const done = messages.filter(({ MessageId }) => !failed.has(MessageId ?? ''));
  if (done.length === 0) return;
  await queue.send(
    new DeleteMessageBatchCommand({
      QueueUrl: queueUrl,
      Entries: done.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle })),
    }),
  );
}

/** The message as Lambda hands it to a function. */
const record = (message: Message): SQSRecord => ({
  messageId: message.MessageId ?? '',
  receiptHandle: message.ReceiptHandle ?? '',
  body: message.Body ?? '',
  attributes: {
    ApproximateReceiveCount: '1',
    SentTimestamp: '0',
    SenderId: 'local',
    ApproximateFirstReceiveTimestamp: '0',
    ...message.Attributes,
  },
  messageAttributes: {},
  md5OfBody: message.MD5OfBody ?? '',
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:ledgerbridge-bells.fifo',
  awsRegion: 'us-east-1',
});
