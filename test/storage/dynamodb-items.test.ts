import { randomUUID } from 'node:crypto';
import {
  type ConditionalCheckFailedException,
  CreateTableCommand,
  DescribeTableCommand,
  ListTablesCommand,
} from '@aws-sdk/client-dynamodb';
import {
  BatchWriteCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type StorageEndpoint, storageEndpoint } from './dynamodb-endpoint.ts';
import { createTestTable, type TestTable } from './dynamodb-test-table.ts';

let endpoint: StorageEndpoint;
let documents: DynamoDBDocumentClient;
let table: TestTable;

beforeAll(async () => {
  endpoint = await storageEndpoint();
  documents = DynamoDBDocumentClient.from(endpoint.client);
  table = await createTestTable(endpoint.client);
});

afterAll(async () => {
  await table.delete();
  await endpoint.close();
});

const store = (item: Record<string, unknown>) =>
  documents.send(new PutCommand({ TableName: table.name, Item: item }));

/** The sort keys of a whole partition, read page by page. */
const sortKeys = async (pk: string, query: Partial<QueryCommandInput>): Promise<unknown[]> => {
  const found: unknown[] = [];
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  do {
    const page = await documents.send(
      new QueryCommand({
        TableName: table.name,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': pk },
        ExclusiveStartKey,
        ...query,
      }),
    );
    found.push(...(page.Items ?? []).map(({ sk }) => sk));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
  return found;
};

describe('a condition that fails', () => {
  const condition = { ConditionExpression: 'version = :v', ExpressionAttributeValues: { ':v': 1 } };
  const commands = {
    PutItem: (pk: string, settings: object) =>
      documents.send(
        new PutCommand({ TableName: table.name, Item: { pk, sk: 'x' }, ...condition, ...settings }),
      ),
    UpdateItem: (pk: string, settings: object) =>
      documents.send(
        new UpdateCommand({
          TableName: table.name,
          Key: { pk, sk: 'x' },
          UpdateExpression: 'REMOVE note',
          ...condition,
          ...settings,
        }),
      ),
    DeleteItem: (pk: string, settings: object) =>
      documents.send(
        new DeleteCommand({ TableName: table.name, Key: { pk, sk: 'x' }, ...condition, ...settings }),
      ),
  };

  test.each(Object.entries(commands))(
    'in %s hands back the stored item when asked',
    async (_name, command) => {
      const pk = randomUUID();
      await store({ pk, sk: 'x', version: 2 });
      const failure = await command(pk, { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }).then(
        () => undefined,
        (error: ConditionalCheckFailedException) => error,
      );
      expect(failure?.name).toBe('ConditionalCheckFailedException');
      // The document client leaves the items of errors as they come over the wire.
      expect(failure?.Item).toEqual({ pk: { S: pk }, sk: { S: 'x' }, version: { N: '2' } });
    },
  );

  test.each(Object.entries(commands))(
    'in %s hands back nothing unasked or unfound',
    async (_name, command) => {
      const pk = randomUUID();
      const unfound = command(pk, { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' });
      await expect(unfound).rejects.toMatchObject({
        name: 'ConditionalCheckFailedException',
        Item: undefined,
      });
      await store({ pk, sk: 'x', version: 2 });
      const unasked = command(pk, {});
      await expect(unasked).rejects.toMatchObject({
        name: 'ConditionalCheckFailedException',
        Item: undefined,
      });
    },
  );
});

describe('Query', () => {
  test('reads a range in both directions and in pages', async () => {
    const pk = randomUUID();
    for (const sk of ['!summary', 'row#1', 'row#2', 'row#3', 'row#4', 'zzz']) await store({ pk, sk });
    const rows = {
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :row)',
      ExpressionAttributeValues: { ':pk': pk, ':row': 'row#' },
    };
    expect(await sortKeys(pk, rows)).toEqual(['row#1', 'row#2', 'row#3', 'row#4']);
    expect(await sortKeys(pk, { ...rows, Limit: 3 })).toEqual(['row#1', 'row#2', 'row#3', 'row#4']);
    expect(await sortKeys(pk, { ...rows, Limit: 1, ScanIndexForward: false })).toEqual([
      'row#4',
      'row#3',
      'row#2',
      'row#1',
    ]);
  });

  test('reads on over pages of one megabyte', async () => {
    const pk = randomUUID();
    const text = 'x'.repeat(300 * 1024);
    for (let index = 0; index < 8; index += 1) await store({ pk, sk: `large-${index}`, text });
    const first = await documents.send(
      new QueryCommand({
        TableName: table.name,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': pk },
      }),
    );
    expect(first.LastEvaluatedKey).toBeDefined();
    expect(await sortKeys(pk, {})).toHaveLength(8);
  });

  test('finds every item of an index whose index keys are the same, in pages and in both directions', async () => {
    // dynalite tells equal index keys apart by 24 bits of a hash, which are the same for these two primary keys.
    const pk = 'shard';
    const pair = ['item-117', 'item-5215'];
    for (const sk of [...pair, 'another']) await store({ pk, sk, due: 1 });
    const expected = [...pair, 'another'].sort();
    expect((await sortKeys(pk, { IndexName: 'byDue' })).sort()).toEqual(expected);
    expect((await sortKeys(pk, { IndexName: 'byDue', Limit: 1 })).sort()).toEqual(expected);
    const backwards = { IndexName: 'byDue', Limit: 1, ScanIndexForward: false };
    expect((await sortKeys(pk, backwards)).sort()).toEqual(expected);
    await documents.send(new DeleteCommand({ TableName: table.name, Key: { pk, sk: pair[0] } }));
    expect((await sortKeys(pk, { IndexName: 'byDue' })).sort()).toEqual(
      expected.filter((sk) => sk !== pair[0]),
    );
  });

  test('leaves out of an index what has not its key, and takes it up when it gets one', async () => {
    const pk = randomUUID();
    await store({ pk, sk: 'a' });
    expect(await sortKeys(pk, { IndexName: 'byDue' })).toEqual([]);
    const change = (UpdateExpression: string, ExpressionAttributeValues?: Record<string, unknown>) =>
      documents.send(
        new UpdateCommand({
          TableName: table.name,
          Key: { pk, sk: 'a' },
          UpdateExpression,
          ExpressionAttributeValues,
        }),
      );
    await change('SET due = :due', { ':due': 4 });
    expect(await sortKeys(pk, { IndexName: 'byDue' })).toEqual(['a']);
    await change('REMOVE due');
    expect(await sortKeys(pk, { IndexName: 'byDue' })).toEqual([]);
  });
});

test('Scan and BatchWriteItem see one another', async () => {
  const own = await createTestTable(endpoint.client);
  const keys = Array.from({ length: 20 }, (_, index) => ({ pk: `p${index}`, sk: 'x' }));
  const writeAll = (requests: { PutRequest: { Item: object } }[] | { DeleteRequest: { Key: object } }[]) =>
    documents.send(new BatchWriteCommand({ RequestItems: { [own.name]: requests } }));
  const count = async () =>
    (await documents.send(new ScanCommand({ TableName: own.name, ConsistentRead: true }))).Count;
  await writeAll(keys.map((Item) => ({ PutRequest: { Item } })));
  expect(await count()).toBe(20);
  await writeAll(keys.slice(5).map((Key) => ({ DeleteRequest: { Key } })));
  expect(await count()).toBe(5);
  await own.delete();
});

test('text keeps its right-to-left letters, emoji and markup', async () => {
  const pk = randomUUID();
  await store({ pk, sk: 'n', text: 'שלום 🧾 <script>' });
  const { Item } = await documents.send(new GetCommand({ TableName: table.name, Key: { pk, sk: 'n' } }));
  expect(Item?.text).toBe('שלום 🧾 <script>');
});

test('a table can be described and listed, and not be created twice', async () => {
  const { Table } = await endpoint.client.send(new DescribeTableCommand({ TableName: table.name }));
  expect(Table).toMatchObject({ TableName: table.name, TableStatus: 'ACTIVE' });
  const { TableNames } = await endpoint.client.send(new ListTablesCommand({}));
  expect(TableNames).toContain(table.name);
  const again = endpoint.client.send(
    new CreateTableCommand({
      TableName: table.name,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    }),
  );
  await expect(again).rejects.toMatchObject({ name: 'ResourceInUseException' });
});
