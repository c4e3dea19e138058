import { writeFileSync } from 'node:fs';
import type { Context, SQSEvent } from 'aws-lambda';
import { shardsOf } from '../functions/sync/records/shard.ts';
import { gatewayEvent, lambdaContext } from '../local/gateway/gateway-event.ts';
import { matchRoute } from '../local/gateway/match-route.ts';
import { readSettings } from '../local/settings.ts';
import { productCalls } from './sync-products.ts';

/**
 * Runs one of the sync's real handlers, in the environment that it is given, and writes the CPU time that it took (milliseconds, loading
 * left out) to a file: `sync-phase-process.ts intake|worker PRODUCTS FILE`.
 */
/** As the simulator does for one portal: its DynamoDB would keep more waiting until they time out. */
const BELLS_AT_ONCE = 2;

const [phase = '', products = '', file = ''] = process.argv.slice(2);
const [{ portalId, token }] = readSettings({}).ledgerTokens;
const context = (name: string): Context => lambdaContext(name, 600_000, Date.now);

const phases: Record<string, () => Promise<() => Promise<unknown>>> = {
  intake: async () => {
    const { handler } = await import('../functions/handlers/sync-intake.ts');
    const match = matchRoute('POST', '/v1/products');
    if (!match) throw new Error('There is no route for products.');
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    return async () => {
      for (const records of productCalls(Number(products))) {
        const body = Buffer.from(JSON.stringify({ records }));
        const request = { method: 'POST', target: '/v1/products', headers, body };
        const answer = await handler(
          gatewayEvent(request, '/v1/products', match, Date.now()),
          context('intake'),
        );
        if (answer.statusCode !== 202) throw new Error(`The intake answered ${answer.statusCode}.`);
      }
    };
  },
  worker: async () => {
    const { handler } = await import('../functions/handlers/sync-worker.ts');
    const bells = shardsOf(portalId, 'products').map((shard) => bellEvent(JSON.stringify(shard)));
    const answerNext = async (): Promise<void> => {
      for (let bell = bells.shift(); bell; bell = bells.shift()) {
        const { batchItemFailures } = await handler(bell, context('worker'));
        if (batchItemFailures.length > 0) throw new Error('The worker could not answer a bell.');
      }
    };
    return () => Promise.all(Array.from({ length: BELLS_AT_ONCE }, answerNext));
  },
};

const bellEvent = (body: string): SQSEvent => ({
  Records: [
    {
      messageId: body,
      receiptHandle: body,
      body,
      attributes: {
        ApproximateReceiveCount: '1',
        SentTimestamp: '0',
        SenderId: 'bench',
        ApproximateFirstReceiveTimestamp: '0',
        MessageGroupId: body,
      },
      messageAttributes: {},
      md5OfBody: '',
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:bells.fifo',
      awsRegion: 'us-east-1',
    },
  ],
});

const run = await phases[phase]?.();
if (!run) throw new Error(`There is no phase ${JSON.stringify(phase)}.`);
const before = process.cpuUsage();
await run();
const { user, system } = process.cpuUsage(before);
writeFileSync(file, JSON.stringify({ cpuMs: (user + system) / 1000 }));
// Kept-alive connections would keep it.
process.exit();
