import { RemovalPolicy } from 'aws-cdk-lib';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { DeploymentSettings } from './deployment-settings.ts';

/** A log group that forgets: after three months in production, after a week in development. */
export const serviceLogGroup = (scope: Construct, id: string, { production }: DeploymentSettings): LogGroup =>
  new LogGroup(scope, id, {
    retention: production ? RetentionDays.THREE_MONTHS : RetentionDays.ONE_WEEK,
    removalPolicy: production ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  });
