import { Duration, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { DeduplicationScope, FifoThroughputLimit, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { PORTALS_RESTING_LONG_METRIC, PORTALS_STOPPED_METRIC } from '../functions/sync/worker/sweep.ts';
import type { AlarmTopic } from './alarm-topic.ts';
import type { ServiceFunction } from './service-function.ts';

export interface SyncServiceProps {
  alarms: AlarmTopic;
  queue: BellQueue;
  worker: ServiceFunction;
  sweeper: ServiceFunction;
  reconcile: ServiceFunction;
}

/** How many workers there may be at once: the event source's cap. One portal gets at most half of them. */
export const SYNC_WORKERS = 16;
/**
 * A sixth of the queue's visibility, as AWS advises. Short, since a worker that was killed holds up its shard until the visibility ends; what it
 * could not finish in time it rings for again.
 */
export const WORKER_TIMEOUT = Duration.minutes(1);
const VISIBILITY = Duration.minutes(6);
/** A bell that waits longer than this means that contacts and products reach HubSpot late. */
export const OLDEST_BELL = Duration.minutes(20);
const RECONCILE_SCHEDULE = 'rate(15 minutes)';

/** The FIFO queue of bells in high throughput mode, and where bells go that were not answered three times. */
export class BellQueue extends Construct {
  readonly bells: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const fifo = {
      fifo: true,
      deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
      fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
    };
    this.deadLetters = new Queue(this, 'DeadLetters', { ...fifo, retentionPeriod: Duration.days(14) });
    this.bells = new Queue(this, 'Bells', {
      ...fifo,
      visibilityTimeout: VISIBILITY,
      retentionPeriod: Duration.days(1),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: 3 },
    });
    Validations.of(this.deadLetters).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'It is the dead-letter queue of the bells itself; an alarm sounds for its first message.',
    });
  }
}

/** What drives the sync: bells to the worker, a sweep every minute, and a look at all of HubSpot every night. */
export class SyncService extends Construct {
  constructor(scope: Construct, id: string, props: SyncServiceProps) {
    super(scope, id);
    const { alarms, queue, worker, sweeper, reconcile } = props;
    worker.addEventSource(
      new SqsEventSource(queue.bells, {
        // A bell may take a worker's whole time: a second one in its batch would wait for nothing.
        batchSize: 1,
        reportBatchItemFailures: true,
        maxConcurrency: SYNC_WORKERS,
      }),
    );
    const role = new Role(this, 'ScheduleRole', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com'),
      description: 'What the schedules of the Ledgerbridge sync may do',
    });
    role.addToPolicy(
      new PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: [sweeper.functionArn, reconcile.functionArn],
      }),
    );
    const schedule = (
      name: string,
      description: string,
      expression: string,
      target: ServiceFunction,
      maximumRetryAttempts: number,
    ): CfnSchedule =>
      new CfnSchedule(this, name, {
        description,
        scheduleExpression: expression,
        flexibleTimeWindow: { mode: 'OFF' },
        // A role by its ARN alone: the construct for Lambda targets would let it call every version of the function.
        target: {
          arn: target.functionArn,
          roleArn: role.roleArn,
          input: '{}',
          retryPolicy: { maximumRetryAttempts },
        },
      });
    schedule('Sweep', 'Rings the shards that have due work', 'rate(1 minute)', sweeper, 0);
    // More often than nightly: a run goes on where the one before had to stop.
    schedule('Reconcile', 'Compares HubSpot with what it should be', RECONCILE_SCHEDULE, reconcile, 2);
    alarms.on(this, 'DeadLetters', {
      metric: queue.deadLetters.metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(5),
        statistic: 'Maximum',
      }),
      description:
        'Bells of the sync were not answered three times: the worker’s log says why. Nothing is lost; npm run sync:redrive once it is mended',
    });
    alarms.on(this, 'OldestBell', {
      metric: queue.bells.metricApproximateAgeOfOldestMessage({
        period: Duration.minutes(5),
        statistic: 'Maximum',
      }),
      threshold: OLDEST_BELL.toSeconds(),
      evaluationPeriods: 3,
      description:
        'Bells of the sync have waited for more than 20 minutes: contacts and products reach HubSpot late',
    });
    alarms.on(this, 'PortalsStopped', {
      metric: sweeper.metricCounted(PORTALS_STOPPED_METRIC),
      description:
        'HubSpot refuses a portal’s access token, or none is stored: the portal’s contacts and products wait until there is another. The sweeper’s log names the portal',
    });
    alarms.on(this, 'PortalsRestingLong', {
      metric: sweeper.metricCounted(PORTALS_RESTING_LONG_METRIC),
      description:
        'HubSpot wants a portal to rest for long: its daily limit is reached, or HubSpot moves it. Its contacts and products wait that long; the sweeper’s log names the portal',
    });
  }
}
