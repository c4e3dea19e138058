import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, DeleteTableCommand, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  type EmbeddedDynamoDB,
  type EmbeddedDynamoDBOptions,
  startEmbeddedDynamoDB,
} from '../../local/dynamodb/embedded-dynamodb.ts';
import { connectTo } from './dynamodb-endpoint.ts';
import { createTestTable } from './dynamodb-test-table.ts';

let directory: string;
let endings: (() => unknown)[];

beforeEach(async () => {
  endings = [];
  directory = await mkdtemp(join(tmpdir(), 'dynamodb-start-'));
});

afterEach(async () => {
  for (const end of endings.reverse()) await end();
  await rm(directory, { recursive: true });
});

const start = async (options?: EmbeddedDynamoDBOptions) => {
  const embedded = await startEmbeddedDynamoDB(options);
  endings.push(() => embedded.close());
  return embedded;
};

const documentsOf = ({ endpoint }: EmbeddedDynamoDB) => {
  const documents = DynamoDBDocumentClient.from(connectTo(endpoint));
  endings.push(() => documents.destroy());
  return documents;
};

test('what was stored in a folder is there after a restart, and so is a used request token', async () => {
  const first = await start({ directory: join(directory, 'deep', 'er') });
  const writer = documentsOf(first);
  const { name } = await createTestTable(writer);
  const addOne = new TransactWriteCommand({
    ClientRequestToken: 'once',
    TransactItems: [
      {
        Update: {
          TableName: name,
          Key: { pk: 'p', sk: 'sum' },
          UpdateExpression: 'ADD amount :one',
          ExpressionAttributeValues: { ':one': 1 },
        },
      },
    ],
  });
  await writer.send(addOne);
  await first.close();

  const second = await start({ directory: join(directory, 'deep', 'er') });
  const reader = documentsOf(second);
  await reader.send(addOne);
  const { Item } = await reader.send(new GetCommand({ TableName: name, Key: { pk: 'p', sk: 'sum' } }));
  expect(Item).toEqual({ pk: 'p', sk: 'sum', amount: 1 });
});

test('a request token is forgotten after ten minutes', async () => {
  let now = 1_800_000_000_000;
  const embedded = await start({ clock: () => now });
  const documents = documentsOf(embedded);
  const { name } = await createTestTable(documents);
  const transact = (sk: string) =>
    documents.send(
      new TransactWriteCommand({
        ClientRequestToken: 'again',
        TransactItems: [{ Put: { TableName: name, Item: { pk: 'p', sk } } }],
      }),
    );
  await transact('first');
  now += 9 * 60_000;
  await expect(transact('second')).rejects.toMatchObject({ name: 'IdempotentParameterMismatchException' });
  now += 2 * 60_000;
  await transact('second');
});

test('a table created anew under a deleted name is empty', async () => {
  const embedded = await start();
  const documents = documentsOf(embedded);
  const create = () =>
    documents.send(
      new CreateTableCommand({
        TableName: 'phoenix',
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      }),
    );
  await create();
  await documents.send(new PutCommand({ TableName: 'phoenix', Item: { pk: 'p' } }));
  await documents.send(new DeleteTableCommand({ TableName: 'phoenix' }));
  expect((await documents.send(new ListTablesCommand({}))).TableNames).toEqual([]);
  await create();
  const { Item } = await documents.send(new GetCommand({ TableName: 'phoenix', Key: { pk: 'p' } }));
  expect(Item).toBeUndefined();
});

test('a folder that is already open is refused in one sentence', async () => {
  await start({ directory });
  await expect(start({ directory })).rejects.toThrow(
    `The data folder ${directory} is in use by another running process: stop that process or choose another folder.`,
  );
});

test('a port that is taken is refused, and the folder is free again', async () => {
  const holder = await start();
  await expect(start({ port: holder.port, directory })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
  const next = await start({ directory });
  await next.close();
});

test('after close the port is free, even with connections open and a request under way', async () => {
  const embedded = await start();
  const client = connectTo(embedded.endpoint);
  await client.send(new ListTablesCommand({}));
  embedded.faults.delayNext(1, 60_000);
  embedded.resetRequests();
  const unanswered = client.send(new ListTablesCommand({})).catch((error: Error) => error);
  while (embedded.requests.ListTables !== 1) await new Promise((resolve) => setImmediate(resolve));
  await embedded.close();
  expect(await unanswered).toBeInstanceOf(Error);
  const refused = await new Promise((resolve) => {
    connect(embedded.port, '127.0.0.1').once('error', resolve);
  });
  expect(refused).toMatchObject({ code: 'ECONNREFUSED' });
});

test('a request that is no DynamoDB request is refused in the words of the protocol', async () => {
  const embedded = await start();
  const post = async (target: string, body: string, authorization = 'AWS4-HMAC-SHA256 any') => {
    const answer = await fetch(embedded.endpoint, {
      method: 'POST',
      headers: { 'x-amz-target': target, authorization },
      body,
    });
    const { __type } = (await answer.json()) as { __type: string };
    return [answer.status, __type.split('#')[1]];
  };
  const known = 'DynamoDB_20120810.ListTables';
  expect(await post('DynamoDB_20120810.Fly', '{}')).toEqual([400, 'UnknownOperationException']);
  expect(await post(known, 'not json')).toEqual([400, 'SerializationException']);
  expect(await post(known, '{}', 'Bearer x')).toEqual([400, 'MissingAuthenticationTokenException']);
});
