import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type EmbeddedDynamoDB, startEmbeddedDynamoDB } from '../../local/dynamodb/embedded-dynamodb.ts';
import { connectTo } from './dynamodb-endpoint.ts';
import { createTestTable } from './dynamodb-test-table.ts';

let embedded: EmbeddedDynamoDB;
let documents: DynamoDBDocumentClient;
let table: string;

beforeEach(async () => {
  embedded = await startEmbeddedDynamoDB();
  documents = DynamoDBDocumentClient.from(connectTo(embedded.endpoint));
  table = (await createTestTable(documents)).name;
});

afterEach(async () => {
  documents.destroy();
  await embedded.close();
});

const row = (index: number, due: number) => ({
  pk: { S: 'p' },
  sk: { S: `row#${String(index).padStart(6, '0')}` },
  due: { N: String(due) },
  signature: { B: new Uint8Array([1, 2, 3]) },
  lines: { L: [{ M: { price: { N: '1.50' } } }] },
});

const query = async (IndexName?: string, Limit?: number) => {
  const answer = await documents.send(
    new QueryCommand({
      TableName: table,
      IndexName,
      Limit,
      ConsistentRead: true,
      ReturnConsumedCapacity: 'TOTAL',
      KeyConditionExpression: 'pk = :p',
      ExpressionAttributeValues: { ':p': 'p' },
    }),
  );
  return { items: answer.Items ?? [], capacity: answer.ConsumedCapacity?.CapacityUnits };
};

test('loaded items are read as if they had been put, through the index too', async () => {
  await embedded.loadItems(table, [row(1, 20), row(2, 10)]);
  const { items } = await query();
  expect(items).toEqual([
    { pk: 'p', sk: 'row#000001', due: 20, signature: new Uint8Array([1, 2, 3]), lines: [{ price: 1.5 }] },
    { pk: 'p', sk: 'row#000002', due: 10, signature: new Uint8Array([1, 2, 3]), lines: [{ price: 1.5 }] },
  ]);
  expect((await query('byDue')).items.map(({ due }) => due)).toEqual([10, 20]);
});

test('a loaded item replaces one of the same key, and its place in the index', async () => {
  await embedded.loadItems(table, [row(1, 20)]);
  await embedded.loadItems(table, [row(1, 30), row(1, 40)]);
  expect((await query('byDue')).items.map(({ due }) => due)).toEqual([40]);
});

test('a query of six items reads six items of many thousand', async () => {
  await embedded.loadItems(
    table,
    Array.from({ length: 10_000 }, (_, index) => row(index, index)),
  );
  const { items, capacity } = await query(undefined, 6);
  expect(items).toHaveLength(6);
  expect(capacity).toBe(1);
});

test('an item without its key, or a table that is not there, is refused', async () => {
  await expect(embedded.loadItems(table, [{ pk: { S: 'p' } }])).rejects.toThrow('Missing the key sk');
  await expect(embedded.loadItems('no-such-table', [])).rejects.toThrow('not found');
});
