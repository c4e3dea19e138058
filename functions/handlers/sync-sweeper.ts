import { setTimeout as wait } from 'node:timers/promises';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { SQSClient } from '@aws-sdk/client-sqs';
import { documentClient } from '../dynamodb-client.ts';
import { bellRinger } from '../sync/bells.ts';
import { ControlStore } from '../sync/records/control-store.ts';
import { RecordStore } from '../sync/records/record-store.ts';
import { parseSyncEnvironment } from '../sync/sync-environment.ts';
import { PORTALS_RESTING_LONG_METRIC, PORTALS_STOPPED_METRIC, sweep } from '../sync/worker/sweep.ts';
import { logger, metrics } from '../telemetry.ts';

const environment = parseSyncEnvironment(process.env);
const table = { documents: documentClient(), tableName: environment.SYNC_TABLE };
const access = {
  store: new RecordStore({ ...table, now: Date.now, wait, random: Math.random }),
  control: new ControlStore(table),
  ring: bellRinger({
    queue: new SQSClient({}),
    queueUrl: environment.SYNC_QUEUE_URL,
    notice: (message, details) => logger.warn(message, details),
  }),
  now: Date.now,
};

/** Rings the bells of shards that have due work, on a schedule, and counts the portals whose work waits for somebody. */
export const handler = async (): Promise<void> => {
  const { rung, stopped, restingLong } = await sweep(access);
  if (rung.length > 0) logger.info('Bells rung for due work', { shards: rung.length });
  if (stopped.length > 0) logger.info('HubSpot refuses the tokens of portals', { portals: stopped });
  if (restingLong.length > 0) logger.info('HubSpot wants portals to rest', { portals: restingLong });
  metrics.addMetric(PORTALS_STOPPED_METRIC, MetricUnit.Count, stopped.length);
  metrics.addMetric(PORTALS_RESTING_LONG_METRIC, MetricUnit.Count, restingLong.length);
  metrics.publishStoredMetrics();
};
