import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type EmbeddedDynamoDB, startEmbeddedDynamoDB } from '../../local/dynamodb/embedded-dynamodb.ts';
import { createTestTable } from './dynamodb-test-table.ts';

let embedded: EmbeddedDynamoDB;
let documents: DynamoDBDocumentClient;
let table: string;

/** Connects anew, with one attempt a request, so that the SDK's own retries don't hide the faults. */
const reconnect = () => {
  documents?.destroy();
  const client = new DynamoDBClient({
    endpoint: embedded.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  documents = DynamoDBDocumentClient.from(client);
};

beforeEach(async () => {
  embedded = await startEmbeddedDynamoDB();
  reconnect();
  table = (await createTestTable(documents)).name;
  embedded.resetRequests();
});

afterEach(async () => {
  documents.destroy();
  await embedded.close();
});

const put = (sk: string) => documents.send(new PutCommand({ TableName: table, Item: { pk: 'p', sk } }));
const get = (sk: string) => documents.send(new GetCommand({ TableName: table, Key: { pk: 'p', sk } }));
const transact = (...sortKeys: string[]) =>
  documents.send(
    new TransactWriteCommand({
      TransactItems: sortKeys.map((sk) => ({ Put: { TableName: table, Item: { pk: 'p', sk } } })),
    }),
  );

test('the next transactions conflict on their first item and write nothing, then all is well', async () => {
  embedded.faults.conflictNext(2);
  await put('not-a-transaction');
  for (const _ of [1, 2])
    await expect(transact('a', 'b')).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      CancellationReasons: [{ Code: 'TransactionConflict' }, { Code: 'None' }],
    });
  expect((await get('a')).Item).toBeUndefined();
  await transact('a', 'b');
  expect((await get('b')).Item).toBeDefined();
});

test('the next requests are throttled, all or those of one operation', async () => {
  const throttled = { name: 'ProvisionedThroughputExceededException' };
  embedded.faults.throttleNext(1);
  await expect(get('a')).rejects.toMatchObject(throttled);
  await get('a');
  embedded.faults.throttleNext(1, 'PutItem');
  await get('a');
  await expect(put('a')).rejects.toMatchObject(throttled);
  expect((await get('a')).Item).toBeUndefined();
  await put('a');
});

test('the next requests are delayed', async () => {
  embedded.faults.delayNext(1, 500);
  const order: string[] = [];
  const slow = get('a').then(() => order.push('slow'));
  while (embedded.requests.GetItem !== 1) await new Promise((resolve) => setImmediate(resolve));
  await get('a').then(() => order.push('quick'));
  await slow;
  expect(order).toEqual(['quick', 'slow']);
});

test('connections are dropped while it is unreachable, and taken again after', async () => {
  await put('a');
  embedded.faults.unreachable(true);
  await expect(get('a')).rejects.toThrow('socket hang up');
  reconnect();
  await expect(get('a')).rejects.toThrow('socket hang up');
  embedded.faults.unreachable(false);
  reconnect();
  expect((await get('a')).Item).toBeDefined();
});

test('a reset ends all faults', async () => {
  embedded.faults.conflictNext(5);
  embedded.faults.throttleNext(5);
  embedded.faults.unreachable(true);
  embedded.faults.reset();
  reconnect();
  await transact('a');
  expect((await get('a')).Item).toBeDefined();
});

test('requests are counted by operation until the counts are reset', async () => {
  await put('a');
  await get('a');
  await get('b');
  expect(embedded.requests).toEqual({ PutItem: 1, GetItem: 2 });
  embedded.resetRequests();
  expect(embedded.requests).toEqual({});
});
