import { Duration, Validations } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { AlarmTopic } from './alarm-topic.ts';
import type { ServiceFunction } from './service-function.ts';

export interface StreamConsumerProps {
  table: TableV2;
  alarms: AlarmTopic;
  /** The function that is called with the new ledger events. */
  target: ServiceFunction;
  /** How long a failing event is tried again, and holds up those behind it, before it goes to the dead-letter queue. */
  patience: Duration;
  /** What is late, for the alarm's reader: "The change feed". */
  what: string;
  /** What the reader of the dead-letter alarm has to know. */
  whenLost: string;
}

/**
 * A function that follows the ledger table's stream: it is called with each new event, in each invoice's order, at least
 * once. DynamoDB lets no more than two read a stream at the same time.
 */
export class StreamConsumer extends Construct {
  /** Which records were given up; the events themselves stay in the table. */
  readonly deadLetters: Queue;
  readonly target: ServiceFunction;

  constructor(scope: Construct, id: string, props: StreamConsumerProps) {
    super(scope, id);
    const { table, alarms, target, patience, what, whenLost } = props;
    this.target = target;
    this.deadLetters = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    Validations.of(this.deadLetters).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: "It is the stream's dead-letter queue itself; an alarm sounds for its first message.",
    });

    target.addEventSource(
      new DynamoEventSource(table, {
        filters: [
          FilterCriteria.filter({
            eventName: FilterRule.isEqual('INSERT'),
            dynamodb: { NewImage: { entity: { S: FilterRule.isEqual('event') } } },
          }),
        ],
        startingPosition: StartingPosition.TRIM_HORIZON,
        batchSize: 100,
        parallelizationFactor: 1,
        reportBatchItemFailures: true,
        bisectBatchOnError: true,
        maxRecordAge: patience,
        onFailure: new SqsDlq(this.deadLetters),
      }),
    );

    alarms.on(this, 'Behind', {
      metric: target.metric('IteratorAge', { period: Duration.minutes(1), statistic: 'Maximum' }),
      threshold: Duration.minutes(1).toMilliseconds(),
      evaluationPeriods: 5,
      description: `${what} has been more than a minute behind the ledger for five minutes`,
    });
    alarms.on(this, 'DeadLetters', {
      metric: this.deadLetters.metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(5),
        statistic: 'Maximum',
      }),
      description: whenLost,
    });
  }
}
