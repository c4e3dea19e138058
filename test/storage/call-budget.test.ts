import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type CallBudget, createCallBudget } from '../../functions/hubspot/call-budget.ts';
import type { BudgetPool } from '../../functions/hubspot/hubspot-api.ts';
import { type StorageEndpoint, storageEndpoint } from './dynamodb-endpoint.ts';
import { createTestTable, type TestTable } from './dynamodb-test-table.ts';

const run = promisify(execFile);
const WORKER = fileURLToPath(new URL('call-budget-worker.ts', import.meta.url));
const LOADER = new URL('../../bin/typescript.mjs', import.meta.url).href;

let endpoint: StorageEndpoint;
let documents: DynamoDBDocumentClient;
let table: TestTable;
let clock: number;

beforeAll(async () => {
  endpoint = await storageEndpoint();
  documents = DynamoDBDocumentClient.from(endpoint.client);
});
afterAll(() => endpoint.close());
beforeEach(async () => {
  table = await createTestTable(endpoint.client);
  clock = Math.ceil(Date.now() / 1_000) * 1_000;
});
afterEach(() => table.delete());

/** A process's budget on a clock that only waiting advances. */
const budgetOf = (callsPer10s: number, through = documents): CallBudget =>
  createCallBudget({
    documents: through,
    tableName: table.name,
    limits: { callsPer10s, searchesPerSecond: 4 },
    now: () => clock,
    wait: async (milliseconds) => {
      clock += milliseconds;
    },
  });

/** How many calls are given at this very moment. */
async function takeAll(budget: CallBudget, pool: BudgetPool = 'calls', portalId = '101'): Promise<number> {
  let calls = 0;
  while ((await budget.take(portalId, pool, 0)).kind === 'taken') calls += 1;
  return calls;
}

function mostInAnyWindow(starts: readonly number[], windowMs: number): number {
  const sorted = [...starts].sort((left, right) => left - right);
  let first = 0;
  let most = 0;
  for (const [last, start] of sorted.entries()) {
    while ((sorted[first] ?? 0) <= start - windowMs) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

test('four worker processes on one budget never start more calls than the limit in any ten seconds, and use it well', async () => {
  const limit = 100;
  const speed = 4;
  const seconds = 40;
  // The processes need a moment to start; none begins before the others are there to compete.
  const end = (Date.now() + 1_500) * speed + seconds * 1_000;
  const address = endpoint.embedded?.endpoint ?? process.env.DYNAMODB_ENDPOINT ?? '';
  const options = ['--disable-warning=ExperimentalWarning', '--import', LOADER, WORKER];
  const settings = [address, table.name, String(limit), String(speed), String(end)];
  const outputs = await Promise.all(
    Array.from({ length: 4 }, () => run(process.execPath, [...options, ...settings])),
  );
  const byProcess = outputs.map(({ stdout }) => stdout.split('\n').filter(Boolean).map(Number));
  const starts = byProcess.flat();

  expect(mostInAnyWindow(starts, 10_000)).toBeLessThanOrEqual(limit);
  const counted = starts.filter((start) => start > end - seconds * 1_000);
  // How much of it four processes use depends on the machine; that they don't starve each other doesn't.
  expect(counted.length).toBeGreaterThan(limit * (seconds / 10) * 0.5);
  for (const own of byProcess) expect(own.length).toBeGreaterThan(starts.length / 20);
}, 60_000);

describe('a portal’s call budget', () => {
  test('gives the limit at once to whoever asks first, and nothing more until its time has passed', async () => {
    const budget = budgetOf(100);
    const start = clock;
    expect(await takeAll(budget)).toBe(100);
    const refused = await budget.take('101', 'calls', 0);
    if (refused.kind !== 'exhausted') throw new Error('the budget is used up');
    expect(refused.untilMs - start).toBe(10_500);
    clock = refused.untilMs;
    expect(await takeAll(budget)).toBe(100);
  });

  test('is waited for, as long as the caller has time', async () => {
    const budget = budgetOf(10);
    await takeAll(budget);
    const start = clock;
    expect((await budget.take('101', 'calls', 9_000)).kind).toBe('exhausted');
    expect(clock).toBe(start);
    expect((await budget.take('101', 'calls', 11_000)).kind).toBe('taken');
    expect(clock - start).toBe(10_500);
  });

  test('costs one storage request a lease, and a lease serves several calls', async () => {
    if (endpoint.embedded === undefined) return;
    const budget = budgetOf(100);
    await budget.take('101', 'calls', 0);
    endpoint.embedded.resetRequests();
    for (let call = 0; call < 50; call += 1) await budget.take('101', 'calls', 0);
    expect(endpoint.embedded.requests).toEqual({ PutItem: 17 });
  });

  test('is shared by processes: what one took, another can’t', async () => {
    const [one, other] = [budgetOf(20), budgetOf(20)];
    const taken = [0, 0];
    for (let round = 0; round < 20; round += 1) {
      for (const [index, budget] of [one, other].entries()) {
        if ((await budget.take('101', 'calls', 0)).kind === 'taken') taken[index] = (taken[index] ?? 0) + 1;
      }
    }
    expect(taken).toEqual([10, 10]);
  });

  test('leaves the last calls to all: a process that made many takes no more of them than it is about to make', async () => {
    const [one, other] = [budgetOf(100), budgetOf(100)];
    for (let call = 0; call < 92; call += 1) await one.take('101', 'calls', 0);
    expect(await takeAll(other)).toBe(8);
  });

  test('is its own: another portal’s and the searches’ are untouched', async () => {
    const budget = budgetOf(10);
    expect(await takeAll(budget)).toBe(10);
    expect(await takeAll(budget, 'calls', '102')).toBe(10);
    expect(await takeAll(budget, 'search')).toBe(4);
  });

  test('holds searches to four in any second', async () => {
    const budget = budgetOf(10);
    const starts: number[] = [];
    const begin = clock;
    while (starts.length < 40) {
      const taken = await budget.take('101', 'search', 2_000);
      if (taken.kind === 'taken') starts.push(clock);
    }
    expect(mostInAnyWindow(starts, 1_000)).toBe(4);
    expect(40 / ((clock - begin) / 1_000)).toBeGreaterThan(3);
  });

  test('gets back what a process leased and didn’t use', async () => {
    const idle = budgetOf(100);
    // A steady user leases five; then it needs them no longer.
    for (let call = 0; call < 7; call += 1) await idle.take('101', 'calls', 0);
    clock += 1_000;
    await idle.take('101', 'calls', 0);
    expect(await takeAll(budgetOf(100))).toBe(100 - 8);
  });

  test('loses what a crashed process held only until its window has passed', async () => {
    const crashed = budgetOf(100);
    for (let call = 0; call < 7; call += 1) await crashed.take('101', 'calls', 0);
    expect(await takeAll(budgetOf(100))).toBeLessThan(93);
    clock += 10_500;
    expect(await takeAll(budgetOf(100))).toBe(100);
  });

  test('is not exceeded when a lease is stored, its answer lost and tried again', async () => {
    let isLossy = false;
    const through = Object.create(documents, {
      send: {
        value: async (command: PutCommand) => {
          const answer = await documents.send(command);
          if (!isLossy || !(command instanceof PutCommand)) return answer;
          isLossy = false;
          // The SDK's second try meets its own first one, and reports a failed condition after two attempts.
          throw new ConditionalCheckFailedException({ message: 'moved', $metadata: { attempts: 2 } });
        },
      },
    });
    const budget = budgetOf(100, through);
    let taken = 0;
    const take = async () => {
      if ((await budget.take('101', 'calls', 0)).kind === 'taken') taken += 1;
    };
    for (let round = 0; round < 12; round += 1) {
      for (let call = 0; call < 7; call += 1) await take();
      // What was leased and not used goes back with this lease, whose answer is lost.
      clock += 600;
      isLossy = true;
      await take();
    }
    taken += await takeAll(budgetOf(100));
    expect(taken).toBeLessThanOrEqual(100);
  });

  test('that can’t be read is an error, not a call', async () => {
    const broken = Object.create(documents, {
      send: { value: () => Promise.reject(new Error('DynamoDB is out')) },
    });
    const budget = budgetOf(100, broken);
    await expect(budget.take('101', 'calls', 0)).rejects.toThrow('DynamoDB is out');
    await expect(budget.take('101', 'calls', 0)).rejects.toThrow('DynamoDB is out');
  });
});
