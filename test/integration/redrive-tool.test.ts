import {
  ChangeMessageVisibilityCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { bellRinger, parseBell } from '../../functions/sync/bells.ts';
import type { Shard } from '../../functions/sync/records/shard.ts';
import { type BellQueue, startBellQueue } from '../../local/queue/bell-queue.ts';
import { runTool } from './spawn-tool.ts';
import { OTHER_PORTAL, PORTAL } from './sync-world.ts';

let bells: BellQueue;
let queue: SQSClient;
beforeEach(async () => {
  bells = await startBellQueue();
  queue = new SQSClient({
    endpoint: bells.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
});
afterEach(async () => {
  queue.destroy();
  await bells.close();
});

const FIRST: Shard = { portalId: PORTAL, type: 'products', shard: 1 };
const SECOND: Shard = { portalId: OTHER_PORTAL, type: 'contacts', shard: 7 };

const ring = (...shards: Shard[]) =>
  bellRinger({
    queue,
    queueUrl: bells.queueUrl,
    notice: (message) => {
      throw new Error(message);
    },
  })(shards);

const sendForeign = () =>
  queue.send(
    new SendMessageCommand({
      QueueUrl: bells.queueUrl,
      MessageBody: '{"portalId": "none"}',
      MessageGroupId: 'foreign',
      MessageDeduplicationId: 'foreign',
    }),
  );

async function receive() {
  const { Messages = [] } = await queue.send(
    new ReceiveMessageCommand({ QueueUrl: bells.queueUrl, MaxNumberOfMessages: 10 }),
  );
  return Messages;
}

/** Every worker fails on all that is in the queue, until the queue gives it up. */
async function giveUpAll(): Promise<void> {
  for (let messages = await receive(); messages.length > 0; messages = await receive()) {
    for (const { ReceiptHandle } of messages) {
      await queue.send(
        new ChangeMessageVisibilityCommand({ QueueUrl: bells.queueUrl, ReceiptHandle, VisibilityTimeout: 0 }),
      );
    }
  }
}

const redrive = () => runTool('sync-redrive.ts', ['--queue', bells.queueUrl]);

test('bells that were given up ring again, and are dead letters no longer', async () => {
  await ring(FIRST, SECOND);
  await giveUpAll();
  await ring(FIRST);
  await giveUpAll();
  expect(await bells.deadLetters()).toBe(3);

  const { code, stdout, stderr } = await redrive();
  expect(stderr).toBe('');
  expect(stdout.split('\n')).toEqual([
    'Rung again: portal 4711, products, shard 1 (2 bells)',
    'Rung again: portal 4712, contacts, shard 7 (1 bell)',
    '3 bells moved.',
    '',
  ]);
  expect(code).toBe(0);
  expect(await bells.deadLetters()).toBe(0);
  const ringing = (await receive()).map(({ Body = '' }) => parseBell(Body));
  expect(ringing).toEqual(expect.arrayContaining([FIRST, SECOND]));

  expect(await redrive()).toMatchObject({ code: 0, stdout: 'There are no dead letters.\n' });
});

test('what is no bell stays a dead letter, and is named', async () => {
  await sendForeign();
  await ring(FIRST);
  await giveUpAll();
  const { code, stdout } = await redrive();
  expect(stdout).toContain('1 bell moved.');
  expect(stdout).toMatch(/Left: message [0-9a-f-]+ is no bell/);
  expect(code).toBe(1);
  expect((await receive()).map(({ Body = '' }) => parseBell(Body))).toEqual([FIRST]);
});

test.each([
  [[], /Which queue\?/],
  [['--queue', 'Bells'], /The queue is "Bells"; expected the URL of a FIFO queue/],
  [['--queue', 'https://example.com/12/Bells.fifo', 'now'], /"now" is not expected/],
])('wrong arguments %j are said, with exit code 2', async (args, message) => {
  const { code, stderr } = await runTool('sync-redrive.ts', args);
  expect(stderr).toMatch(message);
  expect(code).toBe(2);
});

test('a queue without dead letters is said', async () => {
  const deadLetters = bells.queueUrl.replace(/\.fifo$/, '-dead-letters.fifo');
  const { code, stderr } = await runTool('sync-redrive.ts', ['--queue', deadLetters]);
  expect(stderr).toContain('has no dead-letter queue.');
  expect(code).toBe(1);
});
