import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type EmbeddedDynamoDB, startEmbeddedDynamoDB } from '../../local/dynamodb/embedded-dynamodb.ts';
import { connectTo } from './dynamodb-endpoint.ts';
import { itemsOfTransaction, KILL_TABLES } from './dynamodb-kill-transactions.ts';
import { createTestTable, WITH_STREAM } from './dynamodb-test-table.ts';

const ROUNDS = 20;
const PER_ROUND = 1000;
const WRITER = fileURLToPath(new URL('./dynamodb-kill-writer.ts', import.meta.url));

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'dynamodb-kill-'));
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

/** Runs work against the database in the folder. */
async function withDatabase(
  work: (embedded: EmbeddedDynamoDB, documents: DynamoDBDocumentClient) => Promise<void>,
): Promise<void> {
  const embedded = await startEmbeddedDynamoDB({ directory });
  const documents = DynamoDBDocumentClient.from(connectTo(embedded.endpoint));
  try {
    await work(embedded, documents);
  } finally {
    documents.destroy();
    await embedded.close();
  }
}

/** Lets a process write until it has acknowledged so many transactions, and kills it in the midst of the next ones. */
async function writeUntilKilled(first: number, acknowledgements: number): Promise<number[]> {
  const writer = spawn(process.execPath, [WRITER, directory, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(writer, 'exit');
  const acknowledged: number[] = [];
  for await (const line of createInterface({ input: writer.stdout })) {
    acknowledged.push(Number(line));
    if (acknowledged.length === 1) await expectFolderHeld();
    if (acknowledged.length >= acknowledgements) writer.kill('SIGKILL');
  }
  const [, signal] = await exit;
  expect(signal).toBe('SIGKILL');
  return acknowledged;
}

async function expectFolderHeld(): Promise<void> {
  await expect(startEmbeddedDynamoDB({ directory })).rejects.toThrow('is in use by another running process');
}

/** How many items of a transaction there are, through the tables and through their indexes. */
async function countItems(documents: DynamoDBDocumentClient, transaction: number): Promise<number[]> {
  const count = async (IndexName?: string) => {
    const answers = await Promise.all(
      KILL_TABLES.map((TableName) =>
        documents.send(
          new QueryCommand({
            TableName,
            IndexName,
            ConsistentRead: true,
            Select: 'COUNT',
            KeyConditionExpression: 'pk = :pk',
            ExpressionAttributeValues: { ':pk': `transaction-${transaction}` },
          }),
        ),
      ),
    );
    return answers.reduce((sum, { Count }) => sum + (Count ?? 0), 0);
  };
  return [await count(), await count('byDue')];
}

test('a transaction is wholly there or not at all after kill -9, and so are its stream records', async () => {
  await withDatabase(async (_embedded, documents) => {
    for (const TableName of KILL_TABLES) await createTestTable(documents, { TableName, ...WITH_STREAM });
  });
  const whole = itemsOfTransaction(0).length;

  for (let round = 0; round < ROUNDS; round += 1) {
    const first = round * PER_ROUND;
    const acknowledged = await writeUntilKilled(first, 1 + Math.floor(Math.random() * 12));
    await withDatabase(async (embedded, documents) => {
      const committed: number[] = [];
      // The writer is at most four transactions ahead of what it has acknowledged.
      for (let number = first; number <= Math.max(...acknowledged) + 8; number += 1) {
        const [items, entries] = await countItems(documents, number);
        expect({ number, items, entries }).toEqual({
          number,
          items: items === 0 ? 0 : whole,
          entries: items,
        });
        if (items === whole) committed.push(number);
      }
      expect(committed).toEqual(expect.arrayContaining(acknowledged));

      const keys: (string | undefined)[] = [];
      await new Promise<void>((resolve) => {
        embedded.onStreamRecords(async (records) => {
          keys.push(...records.map(({ dynamodb }) => dynamodb?.Keys?.pk?.S));
          if (keys.length >= committed.length * whole) resolve();
        });
      });
      for (const number of committed)
        expect(keys.filter((key) => key === `transaction-${number}`)).toHaveLength(whole);
    });
  }
}, 120_000);
