import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { describe, expect, test } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import { parseEnvironment } from '../../functions/environment.ts';
import { type Route, routes } from '../../functions/routes.ts';
import { parseWorkerEnvironment } from '../../functions/sync/sync-environment.ts';
import { PORTALS_RESTING_LONG_METRIC, PORTALS_STOPPED_METRIC } from '../../functions/sync/worker/sweep.ts';
import { resourceName } from './access-rights.ts';
import { ledgerbridgeWith, templatesOf } from './templates.ts';

const { service: production } = templatesOf(ledgerbridgeWith());
const { service: development } = templatesOf(ledgerbridgeWith({ env: 'dev' }));

type Properties = Record<string, unknown>;

const find = (type: string, template = production): [string, Properties][] =>
  Object.entries(template.findResources(type)).map(([id, { Properties }]) => [id, Properties]);

const functionIds = find('AWS::Lambda::Function').map(([id]) => id);

/** The id that a `Ref`, a `GetAtt` or a text around one points to. */
const referred = (value: unknown): string | undefined =>
  /"(?:Ref|Fn::GetAtt)":\[?"((?!AWS::)\w+)"/.exec(JSON.stringify(value))?.[1];

describe('the HTTP API', () => {
  const integrations = new Map(find('AWS::ApiGatewayV2::Integration'));
  const connected = find('AWS::ApiGatewayV2::Route').map(([, { RouteKey, Target }]) => [
    RouteKey,
    referred(integrations.get(referred(Target) ?? '')?.IntegrationUri),
  ]);

  test('has exactly the routes of the table, each with its function', () => {
    const functionId = (name: string) =>
      functionIds.find((id) => id.toLowerCase() === `${name.replaceAll('-', '')}function`);
    const expected = (routes as readonly Route[]).map((route) => [
      `${route.method} ${route.path}`,
      functionId(route.function),
    ]);
    expect(connected.sort()).toEqual(expected.sort());
  });

  test('has one integration a function, with payload 2.0, which keeps the raw query', () => {
    expect(integrations.size).toBe(new Set(connected.map(([, target]) => target)).size);
    for (const { PayloadFormatVersion } of integrations.values()) expect(PayloadFormatVersion).toBe('2.0');
  });

  test('may call those functions and nothing else may', () => {
    const permissions = find('AWS::Lambda::Permission');
    expect(permissions.map(([, { FunctionName }]) => referred(FunctionName)).sort()).toEqual(
      [...new Set(connected.map(([, target]) => target))].sort(),
    );
    for (const [, { Principal, SourceArn }] of permissions) {
      expect(Principal).toBe('apigateway.amazonaws.com');
      expect(referred(SourceArn)).toBe(find('AWS::ApiGatewayV2::Api')[0]?.[0]);
    }
  });

  test('gives the routes of the card and its pages room of their own, once they are there', () => {
    const [[, stage] = []] = find('AWS::ApiGatewayV2::Stage');
    const [resource] = Object.values(production.findResources('AWS::ApiGatewayV2::Stage'));
    const room = { ThrottlingRateLimit: 1000, ThrottlingBurstLimit: 2000 };
    const forPeople = (routes as readonly Route[]).filter(({ path }) => /^\/(hubspot|pages)\//.test(path));
    expect(stage?.RouteSettings).toEqual(
      Object.fromEntries(forPeople.map(({ method, path }) => [`${method} ${path}`, room])),
    );
    const keys = new Map(find('AWS::ApiGatewayV2::Route').map(([id, { RouteKey }]) => [id, RouteKey]));
    const awaited = ((resource?.DependsOn ?? []) as string[]).map((id) => keys.get(id));
    expect(awaited).toEqual(expect.arrayContaining(forPeople.map(({ method, path }) => `${method} ${path}`)));
  });

  test('has the $default stage, throttled, with an access log that holds no path and no query', () => {
    production.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      StageName: '$default',
      AutoDeploy: true,
      DefaultRouteSettings: { ThrottlingRateLimit: 500, ThrottlingBurstLimit: 1000 },
      AccessLogSettings: {
        DestinationArn: Match.anyValue(),
        Format: Match.not(Match.stringLikeRegexp('path|query')),
      },
    });
  });
});

test('further fonts are told to the PDF function, and to no other', () => {
  const pdfFontFiles = '@expo-google-fonts/noto-sans-arabic/400Regular/NotoSansArabic_400Regular.ttf';
  const { service } = templatesOf(ledgerbridgeWith({ pdfFontFiles }));
  const told = find('AWS::Lambda::Function', service).filter(([, { Environment }]) =>
    JSON.stringify(Environment).includes('PDF_FONT_FILES'),
  );
  expect(told.map(([id]) => id)).toEqual(['PdfFunction']);
  expect(JSON.stringify(told)).toContain(`"PDF_FONT_FILES":"${pdfFontFiles}"`);
});

test("only development's functions carry source maps, which cost a cold start its speed", () => {
  const withMaps = (template: typeof production) =>
    find('AWS::Lambda::Function', template).filter(([, { Environment }]) =>
      JSON.stringify(Environment).includes('--enable-source-maps'),
    ).length;
  expect([withMaps(production), withMaps(development)]).toEqual([0, functionIds.length]);
});

describe('each function', () => {
  test('runs on Node 24 and arm64, traced, with JSON logs in its own log group', () => {
    const groups = new Set<string | undefined>();
    for (const [, properties] of find('AWS::Lambda::Function')) {
      expect(properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        TracingConfig: { Mode: 'Active' },
        LoggingConfig: { LogFormat: 'JSON' },
      });
      groups.add(referred((properties.LoggingConfig as Properties).LogGroup));
    }
    expect(groups.size).toBe(functionIds.length);
  });

  test('gets the environment that the functions’ own schemas ask for, and the settings of its logs and metrics', () => {
    for (const [id, { Environment }] of find('AWS::Lambda::Function')) {
      const variables = (Environment as { Variables: Record<string, unknown> }).Variables;
      const resolved = Object.fromEntries(
        Object.entries(variables).map(([name, value]) => [
          name,
          typeof value === 'string' ? value : 'https://stand.in.example',
        ]),
      );
      const { POWERTOOLS_SERVICE_NAME, POWERTOOLS_METRICS_NAMESPACE, POWERTOOLS_LOG_LEVEL, ...ours } =
        resolved;
      const asked = { ...parseEnvironment(resolved), ...parseWorkerEnvironment(resolved) };
      expect(Object.keys(asked)).toEqual(expect.arrayContaining(Object.keys(ours)));
      expect([id, `${POWERTOOLS_SERVICE_NAME?.replaceAll('-', '')}function`]).toEqual([id, id.toLowerCase()]);
      expect([POWERTOOLS_METRICS_NAMESPACE, POWERTOOLS_LOG_LEVEL]).toEqual(['Ledgerbridge', 'INFO']);
    }
  });

  test("knows of secrets no more than their names: no value is resolved into a function's environment", () => {
    expect(JSON.stringify(find('AWS::Lambda::Function'))).not.toMatch(/resolve:|SecretString/);
  });

  test('has an alarm for errors, throttles and slowness', () => {
    const alarmed = find('AWS::CloudWatch::Alarm').flatMap(([, { MetricName, Dimensions }]) =>
      ((Dimensions ?? []) as { Name: string; Value: unknown }[]).map(
        ({ Name, Value }) => `${MetricName} ${Name} ${referred(Value)}`,
      ),
    );
    for (const id of functionIds) {
      for (const metric of ['Errors', 'Throttles', 'Duration']) {
        expect(alarmed).toContain(`${metric} FunctionName ${id}`);
      }
    }
  });
});

test('logs are forgotten after three months, in development after a week', () => {
  const retention = (template: typeof production) =>
    new Set(find('AWS::Logs::LogGroup', template).map(([, { RetentionInDays }]) => RetentionInDays));
  expect(retention(production)).toEqual(new Set([90]));
  expect(retention(development)).toEqual(new Set([7]));
});

describe('the alarms', () => {
  test('sound for a card that takes more than two seconds, in the 99th percentile', () => {
    production.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'Duration',
      ExtendedStatistic: 'p99',
      Threshold: 2000,
      Dimensions: [{ Name: 'FunctionName', Value: { Ref: 'CardFunction' } }],
    });
  });

  test('cover the API, both tables and both consumers of the ledger’s stream', () => {
    production.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/ApiGateway',
      MetricName: '5xx',
    });
    const throttled = find('AWS::CloudWatch::Alarm').filter(([, { Metrics }]) =>
      JSON.stringify(Metrics ?? []).includes('WriteThrottleEvents'),
    );
    expect(throttled.map(([, { Metrics }]) => resourceName(Metrics)).sort()).toEqual([
      'LedgerTable',
      'SyncTable',
    ]);
    production.resourcePropertiesCountIs('AWS::CloudWatch::Alarm', { MetricName: 'IteratorAge' }, 2);
    production.resourcePropertiesCountIs(
      'AWS::CloudWatch::Alarm',
      { MetricName: 'ApproximateNumberOfMessagesVisible' },
      find('AWS::SQS::Queue').filter(([id]) => id.includes('DeadLetters')).length,
    );
  });

  test('sound for cards that could not be shown and for signatures that don’t match, under the dimension that Powertools writes', () => {
    const counted = new Metrics({ namespace: 'Ledgerbridge', serviceName: 'card' });
    counted.addMetric('CardUnavailable', MetricUnit.Count, 1);
    const [directive] = counted.serializeMetrics()._aws.CloudWatchMetrics;
    expect(directive).toMatchObject({ Namespace: 'Ledgerbridge', Dimensions: [['service']] });
    const Dimensions = (Value: string) => [{ Name: 'service', Value }];
    production.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'Ledgerbridge',
      MetricName: 'CardUnavailable',
      Dimensions: Dimensions('card'),
      Threshold: 1,
    });
    const mismatch = (service: string) =>
      Match.objectLike({
        MetricStat: Match.objectLike({
          Metric: {
            Namespace: 'Ledgerbridge',
            MetricName: 'SignatureRefused_mismatch',
            Dimensions: Dimensions(service),
          },
        }),
      });
    production.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Metrics: Match.arrayWith([mismatch('card'), mismatch('actions')]),
    });
    const [[, dashboard] = []] = find('AWS::CloudWatch::Dashboard');
    for (const metric of ['CardUnavailable', 'SignatureRefused_mismatch'])
      expect(JSON.stringify(dashboard)).toContain(metric);
  });

  test.each([PORTALS_STOPPED_METRIC, PORTALS_RESTING_LONG_METRIC])(
    'sound for portals whose sync waits for somebody, as the sweeper counts them: %s',
    (MetricName) => {
      production.hasResourceProperties('AWS::CloudWatch::Alarm', {
        Namespace: 'Ledgerbridge',
        MetricName,
        Dimensions: [{ Name: 'service', Value: 'sync-sweeper' }],
        Statistic: 'Sum',
        Threshold: 1,
        TreatMissingData: 'notBreaching',
      });
    },
  );

  test('reach a topic to which CloudWatch may publish, and an e-mail address if one is given', () => {
    const topics = find('AWS::SNS::Topic').map(([Ref]) => ({ Ref }));
    for (const [, { AlarmActions }] of find('AWS::CloudWatch::Alarm')) expect(AlarmActions).toEqual(topics);
    production.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Allow',
            Action: 'sns:Publish',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
          }),
        ]),
      },
    });
    production.resourceCountIs('AWS::SNS::Subscription', 0);
    templatesOf(ledgerbridgeWith({ alarmEmail: 'ops@example.com' })).service.hasResourceProperties(
      'AWS::SNS::Subscription',
      { Protocol: 'email', Endpoint: 'ops@example.com' },
    );
  });
});

describe('the dashboard', () => {
  const dashboards = find('AWS::CloudWatch::Dashboard').map(([, { DashboardBody }]) =>
    // As text, with what CloudFormation puts in by its name.
    ((DashboardBody as { 'Fn::Join': [string, unknown[]] })['Fn::Join'][1] ?? [])
      .map((part) => (typeof part === 'string' ? part : `<${referred(part) ?? resourceName(part)}>`))
      .join(''),
  );
  const { widgets } = JSON.parse(dashboards[0] ?? '{}') as {
    widgets: { properties: { title: string; metrics?: unknown[] } }[];
  };
  const metricsOf = (title: string): string =>
    JSON.stringify(widgets.find(({ properties }) => properties.title === title)?.properties.metrics ?? []);

  test('is one, and shows every function’s errors, throttles and slowest calls', () => {
    expect(dashboards.length).toBe(1);
    for (const id of functionIds) {
      expect(metricsOf('Functions: errors')).toContain(`"FunctionName","<${id}>"`);
      expect(metricsOf('Functions: throttles')).toContain(`"FunctionName","<${id}>"`);
    }
    const slowest = metricsOf('Functions: time of the slowest in a hundred calls (ms)');
    expect(slowest.match(/"stat":"p99"/g)).toHaveLength(functionIds.length);
  });

  test('shows both tables’ throttles, and the bells that wait or were given up', () => {
    expect(metricsOf('Ledger table: throttles')).toContain('"TableName","<LedgerTable>"');
    expect(metricsOf('Sync table: throttles')).toContain('"TableName","<SyncTable>"');
    expect(metricsOf('Sync: age of the oldest bell (s)')).toContain('ApproximateAgeOfOldestMessage');
    expect(metricsOf('Sync: bells given up')).toMatch(/"QueueName","<SyncDeadLetters\w+>"/);
  });
});

describe('the sync’s queue', () => {
  test('hands its bells to a capped number of workers, and is visible again after six of their timeouts at the earliest', () => {
    const [worker] = find('AWS::Lambda::Function').filter(([id]) => id === 'SyncWorkerFunction');
    const [bells] = find('AWS::SQS::Queue').filter(([id]) => id.startsWith('SyncBells'));
    expect(bells?.[1]).toMatchObject({
      FifoQueue: true,
      DeduplicationScope: 'messageGroup',
      FifoThroughputLimit: 'perMessageGroupId',
      RedrivePolicy: { maxReceiveCount: 3 },
    });
    expect(Number(bells?.[1].VisibilityTimeout)).toBeGreaterThanOrEqual(6 * Number(worker?.[1].Timeout));
    production.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      FunctionName: { Ref: 'SyncWorkerFunction' },
      ScalingConfig: { MaximumConcurrency: 16 },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });

  test('is swept every minute', () => {
    production.hasResourceProperties('AWS::Scheduler::Schedule', { ScheduleExpression: 'rate(1 minute)' });
  });
});

describe('the consumers of the stream', () => {
  test('are called with new events only, in order, and name what failed', () => {
    const pattern = { eventName: ['INSERT'], dynamodb: { NewImage: { entity: { S: ['event'] } } } };
    const consumers = find('AWS::Lambda::EventSourceMapping').filter(
      ([, { StartingPosition }]) => StartingPosition,
    );
    // DynamoDB lets no more than two read one stream.
    expect(consumers.map(([, { FunctionName }]) => referred(FunctionName)).sort()).toEqual([
      'PublisherFunction',
      'RelayFunction',
    ]);
    for (const [, properties] of consumers) {
      const { Filters } = properties.FilterCriteria as { Filters: { Pattern: string }[] };
      expect(Filters.map(({ Pattern }) => JSON.parse(Pattern))).toEqual([pattern]);
      expect(properties).toMatchObject({
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        BisectBatchOnFunctionError: true,
        ParallelizationFactor: 1,
        StartingPosition: 'TRIM_HORIZON',
      });
    }
  });

  test('an event that cannot be numbered is tried for 23 hours and then reported, however often that is', () => {
    production.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      FunctionName: { Ref: 'RelayFunction' },
      MaximumRecordAgeInSeconds: 23 * 3600,
      MaximumRetryAttempts: Match.absent(),
      DestinationConfig: { OnFailure: { Destination: Match.anyValue() } },
    });
  });
});

test('the public address is the API itself, or what the context says', () => {
  const addressIn = (template: typeof production) =>
    template.findResources('AWS::Lambda::Function').CardFunction?.Properties.Environment.Variables
      .PUBLIC_BASE_URL;
  expect(addressIn(production)).toEqual({
    'Fn::GetAtt': [find('AWS::ApiGatewayV2::Api')[0]?.[0], 'ApiEndpoint'],
  });
  const custom = templatesOf(ledgerbridgeWith({ publicBaseUrl: 'https://invoices.example.com' })).service;
  expect(addressIn(custom)).toBe('https://invoices.example.com');
});
