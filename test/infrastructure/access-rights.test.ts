import { expect, test } from '@jest/globals';
import { Validations } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { isOfLambda, rightsOfFunctions, rightsOfRoles } from './access-rights.ts';
import type { Template as TemplateJson } from './synthesize.ts';
import { ledgerbridgeWith, templatesOf } from './templates.ts';

const { service } = templatesOf(ledgerbridgeWith());
const template = service.toJSON() as TemplateJson;
/** What functions do with tables, secrets, queue and bus is held to what they may in bundles.test.ts. */
const rights = rightsOfFunctions(template);

const STREAM_ACTIONS = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'];
const QUEUE_ACTIONS = [
  ...['ChangeMessageVisibility', 'DeleteMessage', 'GetQueueAttributes', 'GetQueueUrl', 'ReceiveMessage'],
];

test('what shows invoices and events can only read them', () => {
  for (const id of ['CardFunction', 'PdfFunction', 'EventFeedFunction']) {
    const ofTables = (rights.get(id) ?? []).filter((right) => right.startsWith('dynamodb:'));
    expect(ofTables.length).toBeGreaterThan(0);
    for (const right of ofTables) expect(right).toMatch(/^dynamodb:(?:BatchGetItem|GetItem|Query) on Ledger/);
  }
});

test('a secret is read by none but those whose callers or calls need it', () => {
  const readers = (secret: string) =>
    [...rights]
      .filter(([, given]) => given.includes(`secretsmanager:GetSecretValue on ${secret}`))
      .map(([id]) => id.replace(/Function$/, ''))
      .sort();
  expect(readers('HubspotClientSecret')).toEqual(['Actions', 'Card']);
  expect(readers('TicketKeys')).toEqual(['Actions', 'Card', 'Pages', 'Pdf']);
  expect(readers('LedgerTokens')).toEqual(['EventFeed', 'LedgerApi', 'SyncIntake']);
  expect(readers('HubspotAccessTokens')).toEqual(['Pages', 'SyncReconcile', 'SyncWorker']);
});

test('Lambda writes each function’s logs and traces, and brings records to those that follow a stream or a queue', () => {
  const on = (name: string, service: string, ...actions: string[]) =>
    actions.map((action) => `${service}:${action} on ${name}`);
  const fromStream = (consumer: string) => [
    ...on('LedgerTableStreamArn', 'dynamodb', ...STREAM_ACTIONS),
    ...on(`${consumer}DeadLetters`, 'sqs', 'GetQueueAttributes', 'GetQueueUrl', 'SendMessage'),
  ];
  const brought: Record<string, string[]> = {
    RelayFunction: fromStream('Feed'),
    PublisherFunction: fromStream('Bus'),
    SyncWorkerFunction: on('SyncBells', 'sqs', ...QUEUE_ACTIONS),
  };
  for (const [id, given] of rights) {
    const expected = [
      ...on(`${id}Logs`, 'logs', 'CreateLogStream', 'PutLogEvents'),
      ...on('*', 'xray', 'PutTelemetryRecords', 'PutTraceSegments'),
      ...(brought[id] ?? []),
    ];
    expect([id, given.filter(isOfLambda).sort()]).toEqual([id, expected.sort()]);
  }
});

test('the schedules may call the sweeper and the reconciler, and nothing else', () => {
  const [ofSchedules] = [...rightsOfRoles(template)].filter(([role]) => role.startsWith('SyncDrive'));
  expect(ofSchedules?.[1].sort()).toEqual([
    'lambda:InvokeFunction on SyncReconcileFunction',
    'lambda:InvokeFunction on SyncSweeperFunction',
  ]);
});

test('each function has a role of its own, with no policy but that', () => {
  const roles = Object.entries(service.findResources('AWS::IAM::Role'));
  const functions = Object.values(service.findResources('AWS::Lambda::Function'));
  const used = functions.map(({ Properties }) => Properties.Role['Fn::GetAtt'][0]);
  const ofSchedules = roles.map(([id]) => id).filter((id) => id.startsWith('SyncDriveScheduleRole'));
  expect(ofSchedules).toHaveLength(1);
  expect([...used, ...ofSchedules].sort()).toEqual(roles.map(([id]) => id).sort());
  for (const [, { Properties }] of roles) {
    expect(Properties.ManagedPolicyArns).toBeUndefined();
    expect(Properties.Policies).toBeUndefined();
  }
});

test.each(['production', 'dev'])("cdk-nag's AWS Solutions pack finds nothing in %s", (env) => {
  const { app } = ledgerbridgeWith({ env });
  expect(new AwsSolutionsChecks(app).validateScope(app).violations).toEqual([]);
});

test('cdk-nag would find a queue without encryption in transit', () => {
  const { app, service: stack } = ledgerbridgeWith();
  new Queue(stack, 'Careless');
  const { violations } = new AwsSolutionsChecks(app).validateScope(app);
  expect(violations.map(({ ruleName }) => ruleName)).toContain('AwsSolutions-SQS4');
});

test('every suppression of a rule gives its reason', () => {
  const { app } = ledgerbridgeWith();
  const acknowledged = app.node
    .findAll()
    .flatMap(({ node }) =>
      node.metadata.filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY),
    )
    .flatMap(({ data }) => Object.entries(data as Record<string, string>));
  expect(acknowledged.length).toBeGreaterThan(0);
  for (const [rule, reason] of acknowledged)
    expect([rule, reason]).toEqual([rule, expect.stringMatching(/.{40}/)]);
});
