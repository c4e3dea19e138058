import { expect, test } from '@jest/globals';
import { Validations } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { ledgerbridgeWith, templatesOf } from './templates.ts';

interface Statement {
  Action: string | string[];
  Effect: string;
  Resource: unknown;
}

const { service } = templatesOf(ledgerbridgeWith());

/** What each role may do, and to what: by the part of the resource's name that says what it is. */
const rights = Object.fromEntries(
  Object.values(service.findResources('AWS::IAM::Policy')).map(({ Properties }) => [
    String(Properties.Roles[0].Ref).replace(/Role[0-9A-F]{8}$/, ''),
    (Properties.PolicyDocument.Statement as Statement[]).flatMap(({ Action, Resource }) =>
      [Action]
        .flat()
        .flatMap((action) => [Resource].flat().map((resource) => `${action} on ${nameOf(resource)}`)),
    ),
  ]),
);

function nameOf(resource: unknown): string {
  if (resource === '*') return '*';
  const text = JSON.stringify(resource);
  const name =
    /(LedgerTable|SyncTable|SyncBells|HubspotClientSecret|HubspotAccessTokens|TicketKeys|LedgerTokens|EventBus)[0-9A-F]{8}(StreamArn)?/.exec(
      text,
    ) ?? /"()(\w+?)(?:[0-9A-F]{8})?"(?:,"Arn")?\]/.exec(text);
  const index = /\/index\/[\w-]+/.exec(text)?.[0] ?? '';
  return `${name?.[1] || ''}${name?.[2] ?? ''}${index}`;
}

const OF_EVERY_FUNCTION = ['xray:PutTelemetryRecords on *', 'xray:PutTraceSegments on *'];
const ownLogs = (id: string) => [`logs:CreateLogStream on ${id}Logs`, `logs:PutLogEvents on ${id}Logs`];
const onTable = (...actions: string[]) => actions.map((action) => `dynamodb:${action} on LedgerTable`);
const onSyncTable = (...actions: string[]) => actions.map((action) => `dynamodb:${action} on SyncTable`);
const ofSyncIndexes = (...indexes: string[]) =>
  indexes.map((index) => `dynamodb:Query on SyncTable/index/${index}`);
const SYNC_ACTIONS = [
  ...['BatchGetItem', 'ConditionCheckItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'],
];
const fromStream = (consumer: string) => [
  ...['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map(
    (action) => `dynamodb:${action} on LedgerTableStreamArn`,
  ),
  ...['GetQueueAttributes', 'GetQueueUrl', 'SendMessage'].map(
    (action) => `sqs:${action} on ${consumer}DeadLetters`,
  ),
];
const readSecret = (name: string) => `secretsmanager:GetSecretValue on ${name}`;

test('each function may do what its handler does and nothing more; the card can only read', () => {
  const expected: Record<string, string[]> = {
    CardFunction: [
      ...onTable('GetItem', 'Query'),
      readSecret('HubspotClientSecret'),
      readSecret('TicketKeys'),
    ],
    ActionsFunction: [
      ...onTable('DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'),
      readSecret('HubspotClientSecret'),
      readSecret('TicketKeys'),
    ],
    PagesFunction: [
      ...onTable('BatchGetItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'),
      ...onSyncTable('BatchGetItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'),
      ...ofSyncIndexes('state-index'),
      readSecret('TicketKeys'),
      readSecret('HubspotAccessTokens'),
    ],
    PdfFunction: [...onTable('GetItem'), readSecret('TicketKeys')],
    LedgerApiFunction: [
      ...onTable('BatchGetItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'),
      'dynamodb:Query on LedgerTable/index/number-index',
      readSecret('LedgerTokens'),
    ],
    EventFeedFunction: [...onTable('BatchGetItem', 'GetItem', 'Query'), readSecret('LedgerTokens')],
    RelayFunction: [...onTable('GetItem', 'PutItem', 'UpdateItem'), ...fromStream('Feed')],
    SyncIntakeFunction: [
      ...onSyncTable(...SYNC_ACTIONS),
      ...ofSyncIndexes('due-index', 'state-index'),
      'sqs:SendMessage on SyncBells',
      readSecret('LedgerTokens'),
    ],
    SyncWorkerFunction: [
      ...onSyncTable(...SYNC_ACTIONS),
      ...ofSyncIndexes('due-index', 'state-index'),
      ...onTable('GetItem'),
      'sqs:SendMessage on SyncBells',
      ...[
        'ChangeMessageVisibility',
        'DeleteMessage',
        'GetQueueAttributes',
        'GetQueueUrl',
        'ReceiveMessage',
      ].map((action) => `sqs:${action} on SyncBells`),
      readSecret('HubspotAccessTokens'),
    ],
    SyncSweeperFunction: [
      ...onSyncTable('BatchGetItem', 'Query'),
      ...ofSyncIndexes('due-index'),
      'sqs:SendMessage on SyncBells',
    ],
    SyncReconcileFunction: [
      ...onSyncTable(...SYNC_ACTIONS),
      ...ofSyncIndexes('due-index', 'state-index'),
      ...onTable('GetItem'),
      'sqs:SendMessage on SyncBells',
      readSecret('HubspotAccessTokens'),
    ],
    PublisherFunction: [...onTable('GetItem'), 'events:PutEvents on EventBus', ...fromStream('Bus')],
  };
  const ofFunctions = Object.keys(rights).filter((id) => id.endsWith('Function'));
  expect(ofFunctions.sort()).toEqual(Object.keys(expected).sort());
  for (const [id, actions] of Object.entries(expected)) {
    const all = [...actions, ...OF_EVERY_FUNCTION, ...ownLogs(id)];
    expect([id, rights[id]?.sort()]).toEqual([id, all.sort()]);
  }
});

test('the schedules may call the sweeper and the reconciler, and nothing else', () => {
  const [id = ''] = Object.keys(rights).filter((name) => !name.endsWith('Function'));
  expect(rights[id]?.sort()).toEqual([
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
