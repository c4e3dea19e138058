import { SQSClient } from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { lambdaContext } from './gateway/gateway-event.ts';
import { consumeQueue } from './queue/queue-consumer.ts';

/** As many workers as the simulator runs at once; in Lambda the event source caps them. */
export const SYNC_WORKERS = 4;
const SWEEP_EVERY_MS = 5_000;
const RECONCILE_EVERY_MS = 15 * 60_000;
const RECONCILE_TIMEOUT_MS = 15 * 60_000;
/** The worker's timeout as deployed is a sixth of the queue's visibility at most; here bells come back after 30 s. */
const WORKER_TIMEOUT_MS = 25_000;

export interface SyncHandlers {
  worker: (event: SQSEvent, context: ReturnType<typeof lambdaContext>) => Promise<SQSBatchResponse>;
  sweeper: () => Promise<void>;
  reconcile: (event: { begin?: 'now' }, context: ReturnType<typeof lambdaContext>) => Promise<void>;
}

export interface RunningSync {
  /** Compares HubSpot with what it should be, now instead of at night. */
  reconcile(): Promise<void>;
  close(): Promise<void>;
}

/** Plays the event source and the schedules: hands bells to the worker, sweeps at the start and every five seconds, reconciles at night. */
export function runSync({ worker, sweeper, reconcile }: SyncHandlers, queueUrl: string): RunningSync {
  const queue = new SQSClient({});
  const consumer = consumeQueue({
    queue,
    queueUrl,
    concurrency: SYNC_WORKERS,
    batchSize: 1,
    handler: (event) => worker(event, lambdaContext('sync-worker', WORKER_TIMEOUT_MS, Date.now)),
  });
  let sweeping: Promise<void> = Promise.resolve();
  const sweep = (): void => {
    sweeping = sweeping.then(sweeper).catch((error: unknown) => console.error('The sweeper failed:', error));
  };
  sweep();
  const reconcileNow = (event: { begin?: 'now' }): Promise<void> =>
    reconcile(event, lambdaContext('sync-reconcile', RECONCILE_TIMEOUT_MS, Date.now));
  const timers = [
    setInterval(sweep, SWEEP_EVERY_MS),
    setInterval(() => {
      reconcileNow({}).catch((error: unknown) => console.error('Reconcile failed:', error));
    }, RECONCILE_EVERY_MS),
  ];
  return {
    reconcile: () => reconcileNow({ begin: 'now' }),
    close: async () => {
      for (const timer of timers) clearInterval(timer);
      await Promise.all([consumer.close(), sweeping]);
      queue.destroy();
    },
  };
}
