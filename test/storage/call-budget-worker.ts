/**
 * One process that makes calls to HubSpot as fast as its budget lets it: prints the time of each start (milliseconds of the test's clock),
 * one a line. Arguments: DynamoDB's endpoint, the table, calls per ten seconds, how many times faster than real the clock runs, and its
 * time at the end.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createCallBudget } from '../../functions/hubspot/call-budget.ts';
import { connectTo } from './dynamodb-endpoint.ts';

const [endpoint = '', tableName = '', limit = '', speed = '', end = ''] = process.argv.slice(2);
const now = () => Date.now() * Number(speed);
const wait = (milliseconds: number) => sleep(milliseconds / Number(speed));
const given = process.env.DYNAMODB_ENDPOINT !== undefined && process.env.AWS_ACCESS_KEY_ID !== undefined;
const client = connectTo(endpoint, given);
const budget = createCallBudget({
  documents: DynamoDBDocumentClient.from(client),
  tableName,
  limits: { callsPer10s: Number(limit), searchesPerSecond: 4 },
  now,
  wait,
});
const starts: number[] = [];

/** Four calls in flight, each a little late on its way from the budget to the network. */
async function makeCalls(): Promise<void> {
  while (now() < Number(end)) {
    const taken = await budget.take('101', 'calls', 2_000);
    if (taken.kind !== 'taken') continue;
    await wait(Math.random() * 100);
    if (now() < taken.usableUntil) starts.push(now());
    await wait(Math.random() * 300);
  }
}

await Promise.all([makeCalls(), makeCalls(), makeCalls(), makeCalls()]);
process.stdout.write(`${starts.join('\n')}\n`);
client.destroy();
