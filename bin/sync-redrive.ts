/** `npm run sync:redrive`: rings the bells again that the workers could not answer. */
import { noWords } from './command-line/argument-values.ts';
import { runTool, UsageError } from './command-line/run-tool.ts';
import { bellQueues, queueClient } from './command-line/sync-redrive/bell-queues.ts';
import { type Redriven, redriveBells } from './command-line/sync-redrive/redrive-bells.ts';

const HELP = `
Rings the bells of the sync again that were not answered three times, and takes them off the
dead-letter queue. First mend what the worker's log names, or they come back. Nothing is lost
while they lie there: a bell only says that a shard has work, and the sweeper rings for it too.

  npm run sync:redrive -- [--queue URL]

  --queue URL        The queue of bells (SyncQueueUrl among the service stack's outputs), or the
                     URL that the running simulator prints. Default: SYNC_QUEUE_URL.

It needs sqs:GetQueueAttributes and SendMessage on that queue, and sqs:ReceiveMessage and
DeleteMessage on its dead-letter queue.

Exit code 0: none is left. 1: some are no bells, and stay. 2: wrong arguments.
`;

await runTool({
  name: 'sync:redrive',
  help: HELP,
  options: { queue: { type: 'string' } },
  run: async (values, words) => {
    noWords(words);
    const queueUrl = values.queue || process.env.SYNC_QUEUE_URL;
    if (!queueUrl) {
      throw new UsageError(
        "Which queue? Pass --queue with the service stack's output SyncQueueUrl, or set SYNC_QUEUE_URL.",
      );
    }
    const queue = queueClient(queueUrl);
    try {
      const redriven = await redriveBells(await bellQueues(queue, queueUrl));
      for (const line of linesOf(redriven)) console.log(line);
      return redriven.foreign.length === 0 ? 0 : 1;
    } finally {
      queue.destroy();
    }
  },
});

function linesOf({ rung, foreign }: Redriven): string[] {
  if (rung.length + foreign.length === 0) return ['There are no dead letters.'];
  const counts = new Map<string, number>();
  for (const { portalId, type, shard } of rung) {
    const name = `portal ${portalId}, ${type}, shard ${shard}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [
    ...[...counts].sort().map(([name, count]) => `Rung again: ${name} (${bells(count)})`),
    `${bells(rung.length)} moved.`,
    ...foreign.map(
      (id) => `Left: message ${id} is no bell. Look at it in the SQS console, and delete it there.`,
    ),
  ];
}

function bells(count: number): string {
  return `${count} ${count === 1 ? 'bell' : 'bells'}`;
}
