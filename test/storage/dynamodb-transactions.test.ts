import { randomUUID } from 'node:crypto';
import type { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactGetCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type StorageEndpoint, storageEndpoint } from './dynamodb-endpoint.ts';
import { createTestTable, type TestTable } from './dynamodb-test-table.ts';

type Operation = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

let endpoint: StorageEndpoint;
let documents: DynamoDBDocumentClient;
let table: TestTable;
let other: TestTable;

beforeAll(async () => {
  endpoint = await storageEndpoint();
  documents = DynamoDBDocumentClient.from(endpoint.client);
  table = await createTestTable(endpoint.client);
  other = await createTestTable(endpoint.client);
});

afterAll(async () => {
  await table.delete();
  await other.delete();
  await endpoint.close();
});

const put = (pk: string, sk: string, attributes: Record<string, unknown> = {}): Operation => ({
  Put: { TableName: table.name, Item: { pk, sk, ...attributes } },
});

const transact = (...operations: Operation[]) =>
  documents.send(new TransactWriteCommand({ TransactItems: operations }));

const get = async (pk: string, sk: string, tableName = table.name) => {
  const { Item } = await documents.send(
    new GetCommand({ TableName: tableName, Key: { pk, sk }, ConsistentRead: true }),
  );
  return Item;
};

/** A condition that no stored item meets. */
const failing = {
  ConditionExpression: 'attribute_not_exists(pk)',
  ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
} as const;

const store = (pk: string, sk: string, attributes: Record<string, unknown> = {}) =>
  documents.send(new PutCommand({ TableName: table.name, Item: { pk, sk, ...attributes } }));

const cancellation = async (...operations: Operation[]): Promise<TransactionCanceledException> => {
  const failure = await transact(...operations).then(
    () => undefined,
    (error: TransactionCanceledException) => error,
  );
  if (failure === undefined) throw new Error('The transaction was committed');
  if (failure.name !== 'TransactionCanceledException') throw failure;
  return failure;
};

describe('TransactWriteItems', () => {
  test('puts, updates, deletes and checks conditions together, in several tables', async () => {
    const pk = randomUUID();
    await store(pk, 'counter', { count: 1 });
    await store(pk, 'obsolete');
    await store(pk, 'guard', { open: true });

    await transact(
      put(pk, 'new'),
      {
        Update: {
          TableName: table.name,
          Key: { pk, sk: 'counter' },
          UpdateExpression: 'ADD #count :one',
          ExpressionAttributeNames: { '#count': 'count' },
          ExpressionAttributeValues: { ':one': 1 },
        },
      },
      { Delete: { TableName: table.name, Key: { pk, sk: 'obsolete' } } },
      {
        ConditionCheck: {
          TableName: table.name,
          Key: { pk, sk: 'guard' },
          ConditionExpression: '#open = :yes',
          ExpressionAttributeNames: { '#open': 'open' },
          ExpressionAttributeValues: { ':yes': true },
        },
      },
      { Put: { TableName: other.name, Item: { pk, sk: 'elsewhere' } } },
    );

    expect(await get(pk, 'new')).toEqual({ pk, sk: 'new' });
    expect(await get(pk, 'counter')).toEqual({ pk, sk: 'counter', count: 2 });
    expect(await get(pk, 'obsolete')).toBeUndefined();
    expect(await get(pk, 'guard')).toEqual({ pk, sk: 'guard', open: true });
    expect(await get(pk, 'elsewhere', other.name)).toEqual({ pk, sk: 'elsewhere' });
  });

  test('writes nothing when one condition fails, and gives each operation its reason in order', async () => {
    const pk = randomUUID();
    await store(pk, 'taken', { version: 3 });

    const failure = await cancellation(put(pk, 'first'), {
      Put: {
        TableName: table.name,
        Item: { pk, sk: 'taken', version: 4 },
        ConditionExpression: 'version = :expected',
        ExpressionAttributeValues: { ':expected': 2 },
      },
    });

    expect(failure.message).toBe(
      'Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed]',
    );
    expect(failure.CancellationReasons?.map(({ Code }) => Code)).toEqual(['None', 'ConditionalCheckFailed']);
    expect(failure.CancellationReasons?.[1]?.Message).toBe('The conditional request failed');
    expect(failure.CancellationReasons?.[1]?.Item).toBeUndefined();
    expect(await get(pk, 'first')).toBeUndefined();
    expect(await get(pk, 'taken')).toEqual({ pk, sk: 'taken', version: 3 });
  });

  test.each([
    [
      'Put',
      (pk: string): Operation => ({ Put: { TableName: table.name, Item: { pk, sk: 'x' }, ...failing } }),
    ],
    [
      'Delete',
      (pk: string): Operation => ({ Delete: { TableName: table.name, Key: { pk, sk: 'x' }, ...failing } }),
    ],
    [
      'ConditionCheck',
      (pk: string): Operation => ({
        ConditionCheck: { TableName: table.name, Key: { pk, sk: 'x' }, ...failing },
      }),
    ],
    [
      'Update',
      (pk: string): Operation => ({
        Update: { TableName: table.name, Key: { pk, sk: 'x' }, UpdateExpression: 'REMOVE note', ...failing },
      }),
    ],
  ])('hands back the item that failed the condition of a %s when asked', async (_kind, operation) => {
    const pk = randomUUID();
    await store(pk, 'x', { note: 'kept' });
    const failure = await cancellation(put(pk, 'unharmed'), operation(pk));
    // The document client leaves the items of errors as they come over the wire.
    expect(failure.CancellationReasons?.[1]?.Item).toEqual({
      pk: { S: pk },
      sk: { S: 'x' },
      note: { S: 'kept' },
    });
    expect(await get(pk, 'x')).toEqual({ pk, sk: 'x', note: 'kept' });
  });

  test('cancels with ValidationError what only the stored item shows to be wrong', async () => {
    const pk = randomUUID();
    const failure = await cancellation(put(pk, 'a'), {
      Update: { TableName: table.name, Key: { pk, sk: 'b' }, UpdateExpression: 'SET amount = nothing' },
    });
    expect(failure.CancellationReasons?.map(({ Code }) => Code)).toEqual(['None', 'ValidationError']);
    expect(failure.CancellationReasons?.[1]?.Message).toContain('attribute that does not exist in the item');
    expect(await get(pk, 'a')).toBeUndefined();
  });

  test('keeps the indexes in step with the items', async () => {
    const pk = randomUUID();
    await transact(put(pk, 'a', { due: 5 }), put(pk, 'b', { due: 7 }));
    await transact(put(pk, 'a', { due: 9 }), { Delete: { TableName: table.name, Key: { pk, sk: 'b' } } });
    const { Items } = await documents.send(
      new QueryCommand({
        TableName: table.name,
        IndexName: 'byDue',
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': pk },
      }),
    );
    expect(Items).toEqual([{ pk, sk: 'a', due: 9 }]);
  });

  test('refuses two operations on one item', async () => {
    const pk = randomUUID();
    const twice = transact(put(pk, 'same'), { Delete: { TableName: table.name, Key: { pk, sk: 'same' } } });
    await expect(twice).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'Transaction request cannot include multiple operations on one item',
    });
  });

  test('takes 100 operations and refuses 101', async () => {
    const pk = randomUUID();
    const operations = Array.from({ length: 101 }, (_, index) => put(pk, `item-${index}`));
    await transact(...operations.slice(0, 100));
    expect(await get(pk, 'item-99')).toBeDefined();
    await expect(transact(...operations)).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('refuses more than 4 MB together', async () => {
    const pk = randomUUID();
    const text = 'x'.repeat(390 * 1024);
    const operations = Array.from({ length: 11 }, (_, index) => put(pk, `large-${index}`, { text }));
    await expect(transact(...operations)).rejects.toMatchObject({
      name: expect.stringMatching(/ValidationException|TransactionCanceledException/),
    });
    expect(await get(pk, 'large-0')).toBeUndefined();
  });

  test('refuses a table that is not there, a bad expression and an entry without an operation', async () => {
    const pk = randomUUID();
    const unknown: Operation = { Put: { TableName: 'no-such-table', Item: { pk, sk: 'x' } } };
    await expect(transact(unknown)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    const malformed: Operation = {
      Put: { TableName: table.name, Item: { pk, sk: 'x' }, ConditionExpression: 'pk ==== sk' },
    };
    await expect(transact(malformed)).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(transact({})).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('counts a repeated client request token once and refuses it for another request', async () => {
    const pk = randomUUID();
    const ClientRequestToken = randomUUID();
    const add = (amount: number) =>
      documents.send(
        new TransactWriteCommand({
          ClientRequestToken,
          TransactItems: [
            {
              Update: {
                TableName: table.name,
                Key: { pk, sk: 'sum' },
                UpdateExpression: 'ADD amount :amount',
                ExpressionAttributeValues: { ':amount': amount },
              },
            },
          ],
        }),
      );
    await add(10);
    await add(10);
    expect(await get(pk, 'sum')).toEqual({ pk, sk: 'sum', amount: 10 });
    await expect(add(11)).rejects.toMatchObject({ name: 'IdempotentParameterMismatchException' });
    expect(await get(pk, 'sum')).toEqual({ pk, sk: 'sum', amount: 10 });
  });

  test('consumes twice the capacity of the same writes alone', async () => {
    const pk = randomUUID();
    const { ConsumedCapacity } = await documents.send(
      new TransactWriteCommand({
        ReturnConsumedCapacity: 'TOTAL',
        TransactItems: [put(pk, 'small'), put(pk, 'larger', { text: 'x'.repeat(1500) })],
      }),
    );
    expect(ConsumedCapacity).toMatchObject([{ TableName: table.name, CapacityUnits: 6 }]);
  });

  test('loses no update of many transactions on one item at once', async () => {
    const pk = randomUUID();
    const add = async (index: number): Promise<void> => {
      const operations: Operation[] = [
        put(pk, `row-${index}`),
        {
          Update: {
            TableName: table.name,
            Key: { pk, sk: 'sum' },
            UpdateExpression: 'ADD amount :one',
            ExpressionAttributeValues: { ':one': 1 },
          },
        },
      ];
      try {
        await transact(...operations);
      } catch (error) {
        // DynamoDB may answer two at once on one item with a conflict, and expects the writer to try again.
        if ((error as Error).name !== 'TransactionCanceledException') throw error;
        await add(index);
      }
    };
    await Promise.all(Array.from({ length: 40 }, (_, index) => add(index)));
    expect(await get(pk, 'sum')).toEqual({ pk, sk: 'sum', amount: 40 });
  });
});

describe('TransactGetItems', () => {
  const read = (...keys: [pk: string, sk: string][]) =>
    documents.send(
      new TransactGetCommand({
        ReturnConsumedCapacity: 'TOTAL',
        TransactItems: keys.map(([pk, sk]) => ({ Get: { TableName: table.name, Key: { pk, sk } } })),
      }),
    );

  test('answers the items in order, with a gap for one that is not there, at twice the capacity', async () => {
    const pk = randomUUID();
    await store(pk, 'a', { value: 1 });
    await store(pk, 'c', { value: 3 });
    const { Responses, ConsumedCapacity } = await read([pk, 'a'], [pk, 'b'], [pk, 'c']);
    expect(Responses?.map(({ Item }) => Item?.value)).toEqual([1, undefined, 3]);
    expect(ConsumedCapacity).toMatchObject([{ CapacityUnits: 6 }]);
  });

  test('projects the attributes asked for', async () => {
    const pk = randomUUID();
    await store(pk, 'a', { wanted: 1, other: 2 });
    const { Responses } = await documents.send(
      new TransactGetCommand({
        TransactItems: [
          { Get: { TableName: table.name, Key: { pk, sk: 'a' }, ProjectionExpression: 'wanted' } },
        ],
      }),
    );
    expect(Responses).toEqual([{ Item: { wanted: 1 } }]);
  });

  test('never sees half of a transaction', async () => {
    const pk = randomUUID();
    await transact(put(pk, 'left', { round: 0 }), put(pk, 'right', { round: 0 }));
    const rounds = Array.from({ length: 30 }, (_, index) => index + 1);
    const writing = (async () => {
      for (const round of rounds) await transact(put(pk, 'left', { round }), put(pk, 'right', { round }));
    })();
    for (const _ of rounds) {
      const { Responses } = await read([pk, 'left'], [pk, 'right']).catch((error: Error) => {
        if (error.name === 'TransactionCanceledException') return { Responses: [] };
        throw error;
      });
      expect(Responses?.[0]?.Item?.round).toBe(Responses?.[1]?.Item?.round);
    }
    await writing;
  });
});
