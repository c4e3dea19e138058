import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod/mini';
import { parseJson } from '../../../functions/input/parse-json.ts';
import { ToolFailure, UsageError } from '../run-tool.ts';
import { clientSettings, isLoopback } from '../service-access.ts';

/** The queue of bells, where its dead letters go, and a client for both. */
export interface BellQueues {
  queue: SQSClient;
  queueUrl: string;
  deadLettersUrl: string;
}

const redrivePolicy = z.object({ deadLetterTargetArn: z.string() });

/** A client of the queue at this URL. A local one gets made-up credentials, never the user's own. Throws a UsageError on what is no queue's URL. */
export function queueClient(queueUrl: string): SQSClient {
  if (!URL.canParse(queueUrl) || !/^\/\d+\/[^/]+\.fifo$/.test(new URL(queueUrl).pathname)) {
    throw new UsageError(
      `The queue is ${JSON.stringify(queueUrl)}; expected the URL of a FIFO queue, such as https://sqs.eu-central-1.amazonaws.com/123456789012/Bells.fifo.`,
    );
  }
  return new SQSClient(clientSettings(isLoopback(queueUrl) ? new URL(queueUrl).origin : undefined));
}

/** Finds the dead-letter queue by the queue's own redrive policy: both are of one account and region. Throws a ToolFailure where there is none. */
export async function bellQueues(queue: SQSClient, queueUrl: string): Promise<BellQueues> {
  const { Attributes } = await queue.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['RedrivePolicy'] }),
  );
  const policy = redrivePolicy.safeParse(parseJson(Attributes?.RedrivePolicy ?? '{}'));
  const name = policy.success ? policy.data.deadLetterTargetArn.split(':').at(-1) : undefined;
  if (!name) throw new ToolFailure(`The queue ${queueUrl} has no dead-letter queue.`);
  return { queue, queueUrl, deadLettersUrl: queueUrl.replace(/[^/]+$/, name) };
}
