import { fileURLToPath } from 'node:url';
import { Duration, Validations } from 'aws-cdk-lib';
import { ComparisonOperator, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, type CfnFunction, LoggingFormat, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import {
  type ICommandHooks,
  NodejsFunction,
  OutputFormat,
  SourceMapMode,
} from 'aws-cdk-lib/aws-lambda-nodejs';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { AlarmTopic } from './alarm-topic.ts';
import type { DeploymentSettings } from './deployment-settings.ts';
import { functionBundling } from './function-bundling.ts';
import { serviceLogGroup } from './service-log-group.ts';

export interface ServiceFunctionProps {
  settings: DeploymentSettings;
  alarms: AlarmTopic;
  /** The handler's file in functions/handlers, without its ending. It also names the function: `ledger-api` becomes `LedgerApiFunction`. */
  handler: string;
  description: string;
  /** MiB; processor time grows with it. */
  memorySize: number;
  timeout: Duration;
  /** An alarm sounds when the slowest hundredth of the calls takes longer than this. */
  slowest: Duration;
  environment: Record<string, string>;
  /** Files of packages that the bundle reads when it runs, such as fonts: they go beside it, under node_modules. */
  files?: readonly string[];
}

/** What a function may do with a table's items. A transaction needs no more than its parts do. */
export type TableAction =
  | 'BatchGetItem'
  | 'ConditionCheckItem'
  | 'DeleteItem'
  | 'GetItem'
  | 'PutItem'
  | 'Query'
  | 'UpdateItem';

const repository = fileURLToPath(new URL('..', import.meta.url));

/** A Lambda function of Ledgerbridge: one bundled handler with its own role, log group and alarms, and no right but those it is given. */
export class ServiceFunction extends NodejsFunction {
  readonly #service: string;
  readonly #namespace: string;

  constructor(scope: Construct, props: ServiceFunctionProps) {
    const { settings, handler, slowest, alarms, environment } = props;
    const id = functionId(handler);
    const logs = serviceLogGroup(scope, `${id}Logs`, settings);
    const role = new Role(scope, `${id}Role`, {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `What ${id} of Ledgerbridge may do`,
    });
    super(scope, id, {
      entry: `${repository}functions/handlers/${handler}.ts`,
      projectRoot: repository,
      depsLockFilePath: `${repository}package-lock.json`,
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memorySize,
      timeout: props.timeout,
      tracing: Tracing.ACTIVE,
      loggingFormat: LoggingFormat.JSON,
      logGroup: logs,
      role,
      environment: {
        ...environment,
        POWERTOOLS_SERVICE_NAME: handler,
        POWERTOOLS_METRICS_NAMESPACE: settings.prefix,
        POWERTOOLS_LOG_LEVEL: 'INFO',
        ...(settings.production ? {} : { NODE_OPTIONS: '--enable-source-maps' }),
      },
      bundling: {
        ...functionBundling,
        format: OutputFormat.ESM,
        banner: functionBundling.banner.js,
        bundleAwsSDK: true,
        ...(props.files ? { commandHooks: copyingFiles(props.files) } : {}),
        // In production they would cost a cold start its speed.
        sourceMap: !settings.production,
        sourceMapMode: settings.production ? undefined : SourceMapMode.INLINE,
      },
    });
    this.#service = handler;
    this.#namespace = settings.prefix;
    // `sam local invoke CardFunction` and test/events go by the logical id, so it carries no hash.
    (this.node.defaultChild as CfnFunction).overrideLogicalId(id);
    logs.grantWrite(role);
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'xray:PutTraceSegments and xray:PutTelemetryRecords take no narrower resource.',
    });

    alarms.on(this, 'Errors', {
      metric: this.metricErrors({ period: Duration.minutes(5) }),
      description: `${id} failed`,
    });
    alarms.on(this, 'Throttles', {
      metric: this.metricThrottles({ period: Duration.minutes(5) }),
      description: `${id} was throttled: the account's concurrency is used up`,
    });
    alarms.on(this, 'Slow', {
      metric: this.metricDuration({ period: Duration.minutes(5), statistic: Stats.percentile(99) }),
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      threshold: slowest.toMilliseconds(),
      evaluationPeriods: 3,
      description: `One call of ${id} in a hundred took more than ${slowest.toMilliseconds()} ms, for 15 minutes`,
    });
  }

  /** How often the function counted something itself, in the namespace and with the dimension that Powertools gives it. */
  metricCounted(metricName: string): Metric {
    return new Metric({
      namespace: this.#namespace,
      metricName,
      dimensionsMap: { service: this.#service },
      statistic: Stats.SUM,
      period: Duration.minutes(5),
    });
  }

  /** Allows these actions on the table's items and, where named, queries of these indexes. */
  mayUseTable(table: ITableV2, actions: readonly TableAction[], indexes: readonly string[] = []): void {
    this.addToRolePolicy(
      new PolicyStatement({
        actions: actions.map((action) => `dynamodb:${action}`),
        resources: [table.tableArn],
      }),
    );
    if (indexes.length === 0) return;
    this.addToRolePolicy(
      new PolicyStatement({
        actions: ['dynamodb:Query'],
        resources: indexes.map((index) => `${table.tableArn}/index/${index}`),
      }),
    );
  }

  mayReadSecret(secret: ISecret): void {
    this.addToRolePolicy(
      new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [secret.secretArn] }),
    );
  }

  maySendMessages(queue: IQueue): void {
    this.addToRolePolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [queue.queueArn] }));
  }

  maySendEvents(bus: IEventBus): void {
    this.addToRolePolicy(
      new PolicyStatement({ actions: ['events:PutEvents'], resources: [bus.eventBusArn] }),
    );
  }
}

/** `ledger-api` → `LedgerApiFunction`. */
const functionId = (handler: string): string =>
  `${handler.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase())}Function`;

/** Copies files of packages beside the bundle, where `require.resolve` finds them. */
const copyingFiles = (files: readonly string[]): ICommandHooks => ({
  beforeBundling: () => [],
  beforeInstall: () => [],
  afterBundling: (inputDir, outputDir) =>
    files.map((file) => {
      const source = `${inputDir}/node_modules/${file}`;
      const target = `${outputDir}/node_modules/${file}`;
      return `mkdir -p "${target.slice(0, target.lastIndexOf('/'))}" && cp "${source}" "${target}"`;
    }),
});
