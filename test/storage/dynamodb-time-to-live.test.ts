import { DescribeTimeToLiveCommand, UpdateTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  type EmbeddedDynamoDB,
  type StreamRecord,
  startEmbeddedDynamoDB,
} from '../../local/dynamodb/embedded-dynamodb.ts';
import { connectTo } from './dynamodb-endpoint.ts';
import { createTestTable, WITH_STREAM } from './dynamodb-test-table.ts';

const START_SECONDS = 1_800_000_000;

let now: number;
let embedded: EmbeddedDynamoDB;
let documents: DynamoDBDocumentClient;
let table: string;

beforeEach(async () => {
  now = START_SECONDS;
  embedded = await startEmbeddedDynamoDB({ clock: () => now * 1000 });
  documents = DynamoDBDocumentClient.from(connectTo(embedded.endpoint));
  table = (await createTestTable(documents, WITH_STREAM)).name;
});

afterEach(async () => {
  documents.destroy();
  await embedded.close();
});

const setTimeToLive = (Enabled: boolean, AttributeName = 'expiresAt') =>
  documents.send(
    new UpdateTimeToLiveCommand({ TableName: table, TimeToLiveSpecification: { AttributeName, Enabled } }),
  );

const describeTimeToLive = async () =>
  (await documents.send(new DescribeTimeToLiveCommand({ TableName: table }))).TimeToLiveDescription;

const store = (sk: string, expiresAt?: unknown) =>
  documents.send(new PutCommand({ TableName: table, Item: { pk: 'p', sk, expiresAt } }));

const stored = async () => {
  const { Items } = await documents.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: 'pk = :p',
      ExpressionAttributeValues: { ':p': 'p' },
    }),
  );
  return Items?.map(({ sk }) => sk);
};

test('a table tells whether its items expire, and by which attribute', async () => {
  expect(await describeTimeToLive()).toEqual({ TimeToLiveStatus: 'DISABLED' });
  await setTimeToLive(true);
  expect(await describeTimeToLive()).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'expiresAt' });
  await expect(setTimeToLive(true)).rejects.toMatchObject({ name: 'ValidationException' });
  await expect(setTimeToLive(false, 'another')).rejects.toMatchObject({ name: 'ValidationException' });
  await setTimeToLive(false);
  expect(await describeTimeToLive()).toEqual({ TimeToLiveStatus: 'DISABLED' });
  await expect(setTimeToLive(false)).rejects.toMatchObject({ name: 'ValidationException' });
});

test('an item is read until a pass after its expiry, and then it is gone', async () => {
  await setTimeToLive(true);
  await store('kept');
  await store('soon', START_SECONDS + 10);
  await store('later', START_SECONDS + 100);

  expect(await embedded.deleteExpiredItems()).toBe(0);
  now += 11;
  expect(await stored()).toEqual(['kept', 'later', 'soon']);
  expect(await embedded.deleteExpiredItems()).toBe(1);
  expect(await stored()).toEqual(['kept', 'later']);
});

test('items that were there before expire too, however many', async () => {
  await embedded.loadItems(
    table,
    Array.from({ length: 250 }, (_, index) => ({
      pk: { S: 'p' },
      sk: { S: `item-${index}` },
      expiresAt: { N: String(START_SECONDS - 1) },
    })),
  );
  await setTimeToLive(true);
  expect(await embedded.deleteExpiredItems()).toBe(250);
  expect(await stored()).toEqual([]);
});

test('an expiry that is moved, taken away or no number counts as it is now', async () => {
  await setTimeToLive(true);
  for (const sk of ['moved', 'removed', 'passed']) await store(sk, START_SECONDS + 10);
  await store('text', String(START_SECONDS + 10));
  const change = (
    sk: string,
    UpdateExpression: string,
    ExpressionAttributeValues?: Record<string, unknown>,
  ) =>
    documents.send(
      new UpdateCommand({
        TableName: table,
        Key: { pk: 'p', sk },
        UpdateExpression,
        ExpressionAttributeValues,
      }),
    );
  await change('moved', 'SET expiresAt = :later', { ':later': START_SECONDS + 1000 });
  await change('removed', 'REMOVE expiresAt');
  now += 60;
  await embedded.deleteExpiredItems();
  expect(await stored()).toEqual(['moved', 'removed', 'text']);
});

test('an expiry more than five years back is left alone', async () => {
  await setTimeToLive(true);
  await store('ancient', START_SECONDS - 6 * 365 * 24 * 60 * 60);
  expect(await embedded.deleteExpiredItems()).toBe(0);
  expect(await stored()).toEqual(['ancient']);
});

test('no item expires once time to live is off', async () => {
  await setTimeToLive(true);
  await store('spared', START_SECONDS + 10);
  await setTimeToLive(false);
  now += 60;
  expect(await embedded.deleteExpiredItems()).toBe(0);
  expect(await stored()).toEqual(['spared']);
});

test('the stream says that the service deleted an expired item', async () => {
  await setTimeToLive(true);
  await store('soon', START_SECONDS + 10);
  const removal = new Promise<StreamRecord>((resolve) => {
    embedded.onStreamRecords(async (records) => {
      for (const record of records) if (record.eventName === 'REMOVE') resolve(record);
    });
  });
  now += 60;
  await embedded.deleteExpiredItems();
  expect(await removal).toMatchObject({
    userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' },
    dynamodb: { Keys: { pk: { S: 'p' }, sk: { S: 'soon' } } },
  });
});
