import { ArnFormat, Aws, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';

export interface AlarmRule {
  metric: IMetric;
  /** What the reader of the alarm's message is told. */
  description: string;
  /** By default 1, and the alarm sounds when it is reached. */
  threshold?: number;
  comparisonOperator?: ComparisonOperator;
  /** How many of the metric's periods in a row; by default 1. */
  evaluationPeriods?: number;
}

/** Where alarms are announced, with all of them. */
export class AlarmTopic extends Construct {
  readonly topic: Topic;
  readonly alarms: Alarm[] = [];

  constructor(scope: Construct, id: string, email: string | undefined) {
    super(scope, id);
    // Not encrypted with the AWS-managed key: its policy doesn't let CloudWatch publish.
    this.topic = new Topic(this, 'Topic', { displayName: 'Ledgerbridge alarms', enforceSSL: true });
    // A topic with a policy of its own loses the default one, which let the account's alarms publish.
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsOfThisAccount',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: {
          StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
          ArnLike: {
            'aws:SourceArn': Stack.of(this).formatArn({
              service: 'cloudwatch',
              resource: 'alarm',
              resourceName: '*',
              arnFormat: ArnFormat.COLON_RESOURCE_NAME,
            }),
          },
        },
      }),
    );
    if (email !== undefined) this.topic.addSubscription(new EmailSubscription(email));
  }

  /** Adds an alarm under a construct; both its beginning and its end are announced. No data means no trouble. */
  on(scope: Construct, id: string, rule: AlarmRule): Alarm {
    const alarm = new Alarm(scope, `${id}Alarm`, {
      metric: rule.metric,
      alarmDescription: rule.description,
      threshold: rule.threshold ?? 1,
      comparisonOperator: rule.comparisonOperator ?? ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: rule.evaluationPeriods ?? 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(this.topic));
    alarm.addOkAction(new SnsAction(this.topic));
    this.alarms.push(alarm);
    return alarm;
  }
}
