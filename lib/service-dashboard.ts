import { Duration } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { type Alarm, AlarmStatusWidget, Dashboard, GraphWidget, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { signatureMismatches, unavailableCards } from './card-watch.ts';
import type { DeploymentSettings } from './deployment-settings.ts';
import type { ServiceFunction } from './service-function.ts';
import type { StreamConsumer } from './stream-consumer.ts';
import { tableThrottles } from './table-watch.ts';

export interface ServiceDashboardProps {
  settings: DeploymentSettings;
  functions: readonly ServiceFunction[];
  card: ServiceFunction;
  actions: ServiceFunction;
  consumers: readonly StreamConsumer[];
  table: TableV2;
  api: HttpApi;
  alarms: Alarm[];
}

/** One page that answers: is the card fast, does anything fail, and does every change get out. */
export class ServiceDashboard extends Construct {
  constructor(scope: Construct, id: string, props: ServiceDashboardProps) {
    super(scope, id);
    const { settings, functions, card, actions, consumers, table, api, alarms } = props;
    const period = Duration.minutes(5);

    new Dashboard(this, 'Dashboard', {
      dashboardName: settings.prefix,
      defaultInterval: Duration.hours(12),
      widgets: [
        [new AlarmStatusWidget({ title: 'Alarms', alarms, width: 24, height: 4 })],
        [
          new GraphWidget({
            title: 'Card: time to answer',
            left: [50, 90, 99].map((percent) =>
              card.metricDuration({ period, statistic: Stats.percentile(percent), label: `p${percent}` }),
            ),
            leftAnnotations: [{ value: 2000, label: 'alarm' }],
            width: 12,
          }),
          new GraphWidget({
            title: 'API: requests and refusals',
            left: [api.metricCount({ period, statistic: 'Sum' })],
            right: [
              api.metricClientError({ period, statistic: 'Sum' }),
              api.metricServerError({ period, statistic: 'Sum' }),
            ],
            width: 12,
          }),
        ],
        [
          new GraphWidget({
            title: 'Card: could not be shown',
            left: [unavailableCards({ card })],
            width: 12,
          }),
          new GraphWidget({
            title: 'HubSpot: signatures that don’t match',
            left: [signatureMismatches({ card, actions })],
            width: 12,
          }),
        ],
        [
          new GraphWidget({
            title: 'Functions: errors',
            left: functions.map((target) => target.metricErrors({ period, label: target.node.id })),
            width: 12,
          }),
          new GraphWidget({
            title: 'Functions: throttles',
            left: functions.map((target) => target.metricThrottles({ period, label: target.node.id })),
            width: 12,
          }),
        ],
        [
          new GraphWidget({
            title: 'Ledger table: consumed capacity',
            left: [
              table.metricConsumedReadCapacityUnits({ period, statistic: 'Sum' }),
              table.metricConsumedWriteCapacityUnits({ period, statistic: 'Sum' }),
            ],
            width: 12,
          }),
          new GraphWidget({ title: 'Ledger table: throttles', left: [tableThrottles(table)], width: 12 }),
        ],
        [
          new GraphWidget({
            title: 'Feed and bus: behind the ledger (ms)',
            left: consumers.map(({ target }) =>
              target.metric('IteratorAge', { period, statistic: 'Maximum', label: target.node.id }),
            ),
            width: 12,
          }),
          new GraphWidget({
            title: 'Feed and bus: events given up',
            left: consumers.map(({ deadLetters, node }) =>
              deadLetters.metricApproximateNumberOfMessagesVisible({
                period,
                statistic: 'Maximum',
                label: node.id,
              }),
            ),
            width: 12,
          }),
        ],
      ],
    });
  }
}
