import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import type { AlarmTopic } from './alarm-topic.ts';

/** Reads and writes that DynamoDB turned away, in five minutes. */
export const tableThrottles = (table: TableV2): IMetric =>
  new MathExpression({
    label: 'Throttled reads and writes',
    expression: 'FILL(reads, 0) + FILL(writes, 0)',
    period: Duration.minutes(5),
    usingMetrics: {
      reads: table.metric('ReadThrottleEvents', { statistic: 'Sum' }),
      writes: table.metric('WriteThrottleEvents', { statistic: 'Sum' }),
    },
  });

/**
 * An alarm for throttling that the SDK's own repeats no longer hide: a single throttled call is no trouble.
 *
 * @param holds what the table holds, for the alarm's reader: "the ledger"
 */
export function watchTable(
  scope: Construct,
  id: string,
  { table, holds, alarms }: { table: TableV2; holds: string; alarms: AlarmTopic },
): void {
  alarms.on(scope, `${id}Throttles`, {
    metric: tableThrottles(table),
    threshold: 10,
    evaluationPeriods: 2,
    description: `DynamoDB has been turning away reads or writes of ${holds} for ten minutes`,
  });
}
