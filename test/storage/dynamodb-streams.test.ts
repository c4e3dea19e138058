import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeTableCommand, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import {
  BatchWriteCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  PutCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  type EmbeddedDynamoDB,
  type StreamRecord,
  startEmbeddedDynamoDB,
} from '../../local/dynamodb/embedded-dynamodb.ts';
import { connectTo } from './dynamodb-endpoint.ts';
import { createTestTable, WITH_STREAM } from './dynamodb-test-table.ts';

let directory: string;
let embedded: EmbeddedDynamoDB;
let documents: DynamoDBDocumentClient;

const start = async () => {
  embedded = await startEmbeddedDynamoDB({ directory, clock: () => 1_800_000_000_500 });
  documents = DynamoDBDocumentClient.from(connectTo(embedded.endpoint));
};

const stop = async () => {
  documents.destroy();
  await embedded.close();
};

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'dynamodb-streams-'));
  await start();
});

afterEach(async () => {
  await stop();
  await rm(directory, { recursive: true });
});

const put = (table: string, sk: string, attributes: Record<string, unknown> = {}) =>
  documents.send(new PutCommand({ TableName: table, Item: { pk: 'p', sk, ...attributes } }));

const sortKeyOf = (record: StreamRecord) => record.dynamodb?.Keys?.sk?.S;

/** A listener that notes every record, and a promise of the moment when it has so many. */
const collect = (count: number) => {
  const records: StreamRecord[] = [];
  const enough = Promise.withResolvers<StreamRecord[]>();
  const listener = async (batch: StreamRecord[]) => {
    records.push(...batch);
    if (records.length >= count) enough.resolve(records);
  };
  return { records, listener, enough: enough.promise };
};

test('a table says that it has a stream', async () => {
  const { name } = await createTestTable(documents, WITH_STREAM);
  const { Table } = await documents.send(new DescribeTableCommand({ TableName: name }));
  expect(Table?.StreamSpecification).toEqual({ StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' });
  expect(Table?.LatestStreamArn).toBe(`${Table?.TableArn}/stream/${Table?.LatestStreamLabel}`);
});

test('each change of an item becomes a record as Lambda gets it', async () => {
  const { name } = await createTestTable(documents, WITH_STREAM);
  const { Table } = await documents.send(new DescribeTableCommand({ TableName: name }));
  const { listener, enough } = collect(3);
  embedded.onStreamRecords(listener);

  await put(name, 'a', { amount: 1 });
  await documents.send(
    new UpdateCommand({
      TableName: name,
      Key: { pk: 'p', sk: 'a' },
      UpdateExpression: 'SET amount = :two',
      ExpressionAttributeValues: { ':two': 2 },
    }),
  );
  await documents.send(new DeleteCommand({ TableName: name, Key: { pk: 'p', sk: 'a' } }));

  const Keys = { pk: { S: 'p' }, sk: { S: 'a' } };
  const common = { ApproximateCreationDateTime: 1_800_000_000, StreamViewType: 'NEW_AND_OLD_IMAGES', Keys };
  const records = await enough;
  expect(records).toEqual([
    expect.objectContaining({
      eventName: 'INSERT',
      eventSource: 'aws:dynamodb',
      eventSourceARN: Table?.LatestStreamArn,
      awsRegion: expect.any(String),
      dynamodb: expect.objectContaining({ ...common, NewImage: { ...Keys, amount: { N: '1' } } }),
    }),
    expect.objectContaining({
      eventName: 'MODIFY',
      dynamodb: expect.objectContaining({
        ...common,
        OldImage: { ...Keys, amount: { N: '1' } },
        NewImage: { ...Keys, amount: { N: '2' } },
      }),
    }),
    expect.objectContaining({
      eventName: 'REMOVE',
      dynamodb: expect.objectContaining({ ...common, OldImage: { ...Keys, amount: { N: '2' } } }),
    }),
  ]);
  expect(records[0]?.dynamodb?.OldImage).toBeUndefined();
  expect(records[2]?.dynamodb?.NewImage).toBeUndefined();
  const numbers = records.map((record) => record.dynamodb?.SequenceNumber ?? '');
  expect([...numbers].sort()).toEqual(numbers);
  expect(new Set(records.map(({ eventID }) => eventID)).size).toBe(3);
});

test('the records of several tables come in commit order, transactions and batches included', async () => {
  const first = (await createTestTable(documents, WITH_STREAM)).name;
  const second = (
    await createTestTable(documents, {
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
    })
  ).name;
  const unwatched = (await createTestTable(documents)).name;
  const { records, listener, enough } = collect(6);

  await put(first, '1');
  await put(unwatched, 'unseen');
  await documents.send(
    new TransactWriteCommand({
      TransactItems: [
        { Put: { TableName: first, Item: { pk: 'p', sk: '2' } } },
        { Put: { TableName: second, Item: { pk: 'p', sk: '3' } } },
      ],
    }),
  );
  await documents.send(
    new BatchWriteCommand({
      RequestItems: {
        [second]: [
          { PutRequest: { Item: { pk: 'p', sk: '4' } } },
          { DeleteRequest: { Key: { pk: 'p', sk: '3' } } },
        ],
      },
    }),
  );
  await put(first, '5');
  embedded.onStreamRecords(listener);

  await enough;
  expect(records.map(sortKeyOf)).toEqual(['1', '2', '3', '4', '3', '5']);
  expect(records[4]?.dynamodb?.OldImage).toBeUndefined();
});

test('every batch is of one stream, as Lambda would hand it over', async () => {
  const tables = [
    await createTestTable(documents, WITH_STREAM),
    await createTestTable(documents, WITH_STREAM),
  ];
  for (const sk of ['1', '2']) for (const { name } of tables) await put(name, sk);
  const batches: StreamRecord[][] = [];
  const { listener, enough } = collect(4);
  embedded.onStreamRecords((batch) => {
    batches.push(batch);
    return listener(batch);
  });
  await enough;
  for (const batch of batches)
    expect(new Set(batch.map(({ eventSourceARN }) => eventSourceARN)).size).toBe(1);
});

test('a write that changes nothing, a refused one and a bulk load make no record', async () => {
  const { name } = await createTestTable(documents, WITH_STREAM);
  const { records, listener, enough } = collect(2);
  await put(name, 'a', { tags: ['x'], amount: 1 });
  await put(name, 'a', { tags: ['x'], amount: 1 });
  await documents.send(new DeleteCommand({ TableName: name, Key: { pk: 'p', sk: 'never-there' } }));
  const refused = documents.send(
    new PutCommand({
      TableName: name,
      Item: { pk: 'p', sk: 'refused' },
      ConditionExpression: 'attribute_exists(pk)',
    }),
  );
  await expect(refused).rejects.toThrow();
  await embedded.loadItems(name, [{ pk: { S: 'p' }, sk: { S: 'loaded' } }]);
  await put(name, 'last');
  embedded.onStreamRecords(listener);
  await enough;
  expect(records.map(sortKeyOf)).toEqual(['a', 'last']);
});

test('what the reader rejects comes again, before anything newer', async () => {
  const { name } = await createTestTable(documents, WITH_STREAM);
  const { records, listener, enough } = collect(2);
  let rejections = 2;
  const attempts: unknown[] = [];
  embedded.onStreamRecords(async (batch) => {
    attempts.push(batch[0]?.eventID);
    if (rejections > 0) {
      rejections -= 1;
      throw new Error('not now');
    }
    await listener(batch);
  });
  await put(name, '1');
  await put(name, '2');
  await enough;
  expect(records.map(sortKeyOf)).toEqual(['1', '2']);
  expect(new Set(attempts.slice(0, 3)).size).toBe(1);
});

test('writing does not wait for the reader', async () => {
  const { name } = await createTestTable(documents, WITH_STREAM);
  const release = Promise.withResolvers<void>();
  const { records, listener, enough } = collect(3);
  embedded.onStreamRecords(async (batch) => {
    await release.promise;
    await listener(batch);
  });
  for (const sk of ['1', '2', '3']) await put(name, sk);
  expect(records).toEqual([]);
  release.resolve();
  await enough;
  expect(records.map(sortKeyOf)).toEqual(['1', '2', '3']);
});

test('what no reader confirmed is delivered after a restart, with the same ids', async () => {
  const { name } = await createTestTable(documents, WITH_STREAM);
  const seen = Promise.withResolvers<StreamRecord[]>();
  embedded.onStreamRecords(async (batch) => {
    seen.resolve(batch);
    throw new Error('not confirmed');
  });
  await put(name, '1');
  const [unconfirmed] = await seen.promise;
  await put(name, '2');
  await stop();

  await start();
  await put(name, '3');
  const { records, listener, enough } = collect(3);
  embedded.onStreamRecords(listener);
  await enough;
  expect(records.map(sortKeyOf)).toEqual(['1', '2', '3']);
  expect(records[0]?.eventID).toBe(unconfirmed?.eventID);
});

test('what the reader confirmed does not come again after a restart, and numbers go on', async () => {
  const { name } = await createTestTable(documents, WITH_STREAM);
  const before = collect(1);
  embedded.onStreamRecords(before.listener);
  await put(name, '1');
  await before.enough;
  await stop();

  await start();
  const after = collect(1);
  embedded.onStreamRecords(after.listener);
  await put(name, '2');
  await after.enough;
  expect(after.records.map(sortKeyOf)).toEqual(['2']);
  const numbers = [...before.records, ...after.records].map(
    (record) => record.dynamodb?.SequenceNumber ?? '',
  );
  expect([...numbers].sort()).toEqual(numbers);
});

test('a stream can be turned on and off later', async () => {
  const { name } = await createTestTable(documents);
  const setStream = (StreamSpecification: UpdateTableCommand['input']['StreamSpecification']) =>
    documents.send(new UpdateTableCommand({ TableName: name, StreamSpecification }));
  await put(name, 'before');
  await setStream(WITH_STREAM.StreamSpecification);
  await expect(setStream(WITH_STREAM.StreamSpecification)).rejects.toMatchObject({
    name: 'ValidationException',
  });
  await put(name, 'between');
  await setStream({ StreamEnabled: false });
  await put(name, 'after');
  await setStream({ StreamEnabled: true, StreamViewType: 'KEYS_ONLY' });
  await put(name, 'again');
  const { records, listener, enough } = collect(2);
  embedded.onStreamRecords(listener);
  await enough;
  expect(records.map(sortKeyOf)).toEqual(['between', 'again']);
  expect(records[1]?.dynamodb?.NewImage).toBeUndefined();
});
