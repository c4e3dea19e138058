import { startFauxqs } from 'fauxqs';

/** The queue of bells and its dead-letter queue, on a local SQS. */
export interface BellQueue {
  /** For `AWS_ENDPOINT_URL_SQS`. */
  endpoint: string;
  queueUrl: string;
  /** How many bells were given up. */
  deadLetters(): number;
  close(): Promise<void>;
}

const DEAD_LETTERS = 'ledgerbridge-bells-dead-letters.fifo';
/** The worker ends well before: see the visibility and the function's timeout in the service stack. */
const VISIBILITY_SECONDS = 30;
const RECEIVES_BEFORE_DEAD = 3;

/** Starts SQS with the queues as the service stack makes them. Bells are not kept over a restart: the sweeper rings again. */
export async function startBellQueue(): Promise<BellQueue> {
  const sqs = await startFauxqs({ port: 0, logger: false, host: '127.0.0.1' });
  const { queueArn } = sqs.createQueue(DEAD_LETTERS, { attributes: { FifoQueue: 'true' } });
  const { queueUrl } = sqs.createQueue('ledgerbridge-bells.fifo', {
    attributes: {
      FifoQueue: 'true',
      VisibilityTimeout: String(VISIBILITY_SECONDS),
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: queueArn, maxReceiveCount: RECEIVES_BEFORE_DEAD }),
    },
  });
  const endpoint = `http://127.0.0.1:${sqs.port}`;
  return {
    endpoint,
    // The SDK calls the host of a queue's URL, and fauxqs's own isn't one that resolves.
    queueUrl: `${endpoint}${/\/\d+\/[^/]+$/.exec(queueUrl)?.[0] ?? ''}`,
    deadLetters: () => sqs.inspectQueue(DEAD_LETTERS)?.messages.ready.length ?? 0,
    close: () => sqs.stop(),
  };
}
