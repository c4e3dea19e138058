import { Duration } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { type Alarm, AlarmStatusWidget, Dashboard, GraphWidget, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { signatureMismatches, unavailableCards } from './card-watch.ts';
import type { DeploymentSettings } from './deployment-settings.ts';
import type { ServiceFunction } from './service-function.ts';
import type { StreamConsumer } from './stream-consumer.ts';
import { type BellQueue, OLDEST_BELL } from './sync-service.ts';
import { tableThrottles } from './table-watch.ts';

export interface ServiceDashboardProps {
  settings: DeploymentSettings;
  functions: readonly ServiceFunction[];
  card: ServiceFunction;
  actions: ServiceFunction;
  consumers: readonly StreamConsumer[];
  ledgerTable: TableV2;
  syncTable: TableV2;
  bells: BellQueue;
  api: HttpApi;
  alarms: Alarm[];
}

const PERIOD = Duration.minutes(5);

/** One page that answers: is the card fast, does anything fail, does every change get out, and does every record reach HubSpot. */
export class ServiceDashboard extends Construct {
  constructor(scope: Construct, id: string, props: ServiceDashboardProps) {
    super(scope, id);
    const { settings, functions, card, actions, consumers, ledgerTable, syncTable, bells, api, alarms } =
      props;

    new Dashboard(this, 'Dashboard', {
      dashboardName: settings.prefix,
      defaultInterval: Duration.hours(12),
      widgets: [
        [new AlarmStatusWidget({ title: 'Alarms', alarms, width: 24, height: 4 })],
        [
          new GraphWidget({
            title: 'Card: time to answer',
            left: [50, 90, 99].map((percent) =>
              card.metricDuration({
                period: PERIOD,
                statistic: Stats.percentile(percent),
                label: `p${percent}`,
              }),
            ),
            leftAnnotations: [{ value: 2000, label: 'alarm' }],
            width: 12,
          }),
          new GraphWidget({
            title: 'API: requests and refusals',
            left: [api.metricCount({ period: PERIOD, statistic: 'Sum' })],
            right: [
              api.metricClientError({ period: PERIOD, statistic: 'Sum' }),
              api.metricServerError({ period: PERIOD, statistic: 'Sum' }),
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
            left: functions.map((target) => target.metricErrors({ period: PERIOD, label: target.node.id })),
            width: 12,
          }),
          new GraphWidget({
            title: 'Functions: throttles',
            left: functions.map((target) =>
              target.metricThrottles({ period: PERIOD, label: target.node.id }),
            ),
            width: 12,
          }),
        ],
        [
          new GraphWidget({
            title: 'Functions: time of the slowest in a hundred calls (ms)',
            left: functions.map((target) =>
              target.metricDuration({
                period: PERIOD,
                statistic: Stats.percentile(99),
                label: target.node.id,
              }),
            ),
            width: 24,
          }),
        ],
        tableWidgets('Ledger table', ledgerTable),
        tableWidgets('Sync table', syncTable),
        [
          new GraphWidget({
            title: 'Sync: age of the oldest bell (s)',
            left: [bells.bells.metricApproximateAgeOfOldestMessage({ period: PERIOD, statistic: 'Maximum' })],
            leftAnnotations: [{ value: OLDEST_BELL.toSeconds(), label: 'alarm' }],
            width: 12,
          }),
          new GraphWidget({
            title: 'Sync: bells given up',
            left: [
              bells.deadLetters.metricApproximateNumberOfMessagesVisible({
                period: PERIOD,
                statistic: 'Maximum',
              }),
            ],
            width: 12,
          }),
        ],
        [
          new GraphWidget({
            title: 'Feed and bus: behind the ledger (ms)',
            left: consumers.map(({ target }) =>
              target.metric('IteratorAge', { period: PERIOD, statistic: 'Maximum', label: target.node.id }),
            ),
            width: 12,
          }),
          new GraphWidget({
            title: 'Feed and bus: events given up',
            left: consumers.map(({ deadLetters, node }) =>
              deadLetters.metricApproximateNumberOfMessagesVisible({
                period: PERIOD,
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

/** How much a table is used, and whether that is too much for it. */
const tableWidgets = (title: string, table: TableV2): GraphWidget[] => [
  new GraphWidget({
    title: `${title}: consumed capacity`,
    left: [
      table.metricConsumedReadCapacityUnits({ period: PERIOD, statistic: 'Sum' }),
      table.metricConsumedWriteCapacityUnits({ period: PERIOD, statistic: 'Sum' }),
    ],
    width: 12,
  }),
  new GraphWidget({ title: `${title}: throttles`, left: [tableThrottles(table)], width: 12 }),
];
