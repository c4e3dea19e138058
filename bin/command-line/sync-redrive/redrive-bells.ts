import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { bellRinger, parseBell } from '../../../functions/sync/bells.ts';
import type { Shard } from '../../../functions/sync/records/shard.ts';
import { ToolFailure } from '../run-tool.ts';
import type { BellQueues } from './bell-queues.ts';

export interface Redriven {
  /** Shards rung for, in the order of their dead letters; one that has several is named once for each. */
  rung: Shard[];
  /** Ids of messages that are no bells. They stay: nothing could answer them. */
  foreign: string[];
}

/** SQS takes ten messages in a request. */
const MAX_MESSAGES = 10;
/** A long poll asks all of SQS's servers: an empty answer is one. */
const WAIT_SECONDS = 1;

/**
 * Rings the bells that were given up, and takes them off the dead-letter queue once they are rung. A crash in between rings a bell twice,
 * which is harmless. Not SQS's own move task: it puts back what can never be answered, too, and no local SQS has it. Throws what SQS throws, or a
 * ToolFailure.
 */
export async function redriveBells({ queue, queueUrl, deadLettersUrl }: BellQueues): Promise<Redriven> {
  const rung: Shard[] = [];
  const foreign = new Set<string>();
  let failure: unknown;
  const ring = bellRinger({
    queue,
    queueUrl,
    notice: (_message, { error }) => {
      failure =
        error ?? new ToolFailure('The queue refused bells. What was not rung for is a dead letter still.');
    },
  });
  for (;;) {
    const { Messages = [] } = await queue.send(
      new ReceiveMessageCommand({
        QueueUrl: deadLettersUrl,
        MaxNumberOfMessages: MAX_MESSAGES,
        WaitTimeSeconds: WAIT_SECONDS,
      }),
    );
    if (Messages.length === 0) return { rung, foreign: [...foreign] };
    const bells = Messages.flatMap((message) => {
      const shard = shardIn(message);
      if (!shard) foreign.add(message.MessageId ?? '');
      return shard ? [{ shard, handle: message.ReceiptHandle }] : [];
    });
    if (bells.length === 0) continue;
    await ring(bells.map(({ shard }) => shard));
    if (failure !== undefined) throw failure;
    rung.push(...bells.map(({ shard }) => shard));
    await queue.send(
      new DeleteMessageBatchCommand({
        QueueUrl: deadLettersUrl,
        Entries: bells.map(({ handle }, index) => ({ Id: String(index), ReceiptHandle: handle })),
      }),
    );
  }
}

function shardIn({ Body = '' }: Message): Shard | undefined {
  try {
    return parseBell(Body);
  } catch {
    return undefined;
  }
}
