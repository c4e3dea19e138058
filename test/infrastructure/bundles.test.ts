import { createHash } from 'node:crypto';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CreateTableCommand, type CreateTableCommandInput, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type EmbeddedDynamoDB, startEmbeddedDynamoDB } from '../../local/dynamodb/embedded-dynamodb.ts';
import { invokeBundle } from './invoke-bundle.ts';
import { type StandInServices, startStandInServices } from './stand-in-services.ts';
import {
  type Resource,
  readTemplate,
  repository,
  resourcesOf,
  synthesize,
  type Template,
} from './synthesize.ts';

const events = join(repository, 'test/events');
const readEvent = async (name: string): Promise<Record<string, unknown>> =>
  JSON.parse(await readFile(join(events, `${name}.json`), 'utf8'));

/** Bundling and ten cold starts on a busy machine. */
const LONG = 120_000;

let assembly: string;
let service: Template;
let data: Template;
let functions: [string, Resource][];

beforeAll(async () => {
  assembly = await synthesize();
  service = await readTemplate(assembly, 'LedgerbridgeService');
  data = await readTemplate(assembly, 'LedgerbridgeData');
  functions = resourcesOf(service, 'AWS::Lambda::Function');
}, LONG);

afterAll(async () => {
  if (assembly) await rm(dirname(assembly), { recursive: true });
});

describe('what SAM CLI needs to run a function of the synthesized template', () => {
  test('each function names its runtime, its handler and the folder of its bundle, beside the template', async () => {
    expect(functions.length).toBeGreaterThan(0);
    for (const [id, { Properties, Metadata }] of functions) {
      expect([id, Properties.Runtime, Properties.Handler]).toEqual([id, 'nodejs24.x', 'index.handler']);
      expect(Metadata).toMatchObject({
        'aws:asset:path': expect.stringMatching(/^asset\.[0-9a-f]{64}$/),
        'aws:asset:property': 'Code',
        'aws:asset:is-bundled': true,
        'aws:cdk:path': `LedgerbridgeService/${id}/Resource`,
      });
      expect((await stat(bundleOf(assembly, Metadata, 'index.mjs'))).isFile()).toBe(true);
    }
  });

  test('logical ids carry no hash, and each function has an event under its own', async () => {
    const ids = functions.map(([id]) => id);
    for (const id of ids) expect(id).toMatch(/^([A-Z][a-z]+)+Function$/);
    const files = (await readdir(events)).filter((file) => file !== 'environment.json');
    expect(files.sort()).toEqual(ids.map((id) => `${id}.json`).sort());
  });

  test('the documentation has the exact command for each function', async () => {
    const page = await readFile(join(repository, 'docs/debugging-with-sam.md'), 'utf8');
    for (const [id] of functions) {
      expect(page).toContain(
        `sam local invoke ${id} -t cdk.out/LedgerbridgeService.template.json -e test/events/${id}.json --env-vars test/events/environment.json\n`,
      );
    }
  });

  test('whatever the template leaves to CloudFormation has a value in the file for --env-vars', async () => {
    const { Parameters } = await readEvent('environment');
    const unresolved = functions.flatMap(([, { Properties }]) =>
      Object.entries(variablesOf(Properties)).filter(([, value]) => typeof value !== 'string'),
    );
    expect(new Set(unresolved.map(([name]) => name))).toEqual(new Set(Object.keys(Parameters as object)));
  });
});

describe('each bundle, called with its event in a process of plain Node', () => {
  let database: EmbeddedDynamoDB;
  let services: StandInServices;
  let given: Record<string, string>;

  beforeAll(async () => {
    given = (await readEvent('environment')).Parameters as Record<string, string>;
    database = await startEmbeddedDynamoDB();
    services = await startStandInServices({
      [String(given.HUBSPOT_CLIENT_SECRET_ID)]: 'local-client-secret',
      [String(given.TICKET_KEY_SECRET_ID)]: 'local-ticket-key-local-ticket-key',
      [String(given.HUBSPOT_ACCESS_TOKENS_SECRET_ID)]: 'local-hubspot-token',
      [String(given.LEDGER_TOKENS_SECRET_ID)]: JSON.stringify({
        [createHash('sha256').update('local-ledger-token').digest('hex')]: '987654',
      }),
    });
    const queue = `${services.endpoint}/123456789012/ledgerbridge-bells.fifo`;
    given = { ...given, SYNC_QUEUE_URL: queue };
    await createTable(database.endpoint, String(given.LEDGER_TABLE), data, 'LedgerTable');
    await createTable(database.endpoint, String(given.SYNC_TABLE), data, 'SyncTable');
  }, LONG);

  afterAll(async () => {
    await Promise.all([database?.close(), services?.close()]);
  });

  const call = async (id: string): Promise<unknown> => {
    const { Properties, Metadata } = service.Resources[id] as Resource;
    return invokeBundle({
      folder: bundleOf(assembly, Metadata),
      handler: String(Properties.Handler),
      event: await readEvent(id),
      environment: {
        ...(variablesOf(Properties) as Record<string, string>),
        ...given,
        AWS_LAMBDA_FUNCTION_NAME: id,
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(Properties.MemorySize),
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: 'nobody',
        AWS_SECRET_ACCESS_KEY: 'nothing',
        AWS_ENDPOINT_URL_DYNAMODB: database.endpoint,
        AWS_ENDPOINT_URL_SECRETS_MANAGER: services.endpoint,
        AWS_ENDPOINT_URL_EVENTBRIDGE: services.endpoint,
        AWS_ENDPOINT_URL_SQS: services.endpoint,
      },
    });
  };

  test(
    'loads and answers with success',
    async () => {
      // The others' events are about the invoice that this one brings.
      const ids = functions.map(([id]) => id);
      for (const id of ['LedgerApiFunction', ...ids.filter((other) => other !== 'LedgerApiFunction')])
        expect({ id, ...outcome(await call(id)) }).toEqual({ id, failed: false });
    },
    LONG,
  );

  test('the publisher reaches the bus that its environment names', async () => {
    const before = services.busEntries.length;
    await call('PublisherFunction');
    expect(services.busEntries.slice(before)).toMatchObject([{ EventBusName: given.EVENT_BUS_NAME }]);
  });

  test('a function without its environment does not answer, and says what is missing', async () => {
    const { Metadata } = service.Resources.CardFunction as Resource;
    await expect(
      invokeBundle({
        folder: bundleOf(assembly, Metadata),
        handler: 'index.handler',
        event: await readEvent('CardFunction'),
        environment: {},
      }),
    ).rejects.toThrow(/LEDGER_TABLE/);
  });
});

const variablesOf = (properties: Record<string, unknown>): Record<string, unknown> =>
  (properties.Environment as { Variables: Record<string, unknown> }).Variables;

const bundleOf = (assembly: string, metadata: Resource['Metadata'], ...file: string[]): string =>
  join(assembly, String(metadata?.['aws:asset:path']), ...file);

/** An answer over HTTP failed with a status from 300, one to a batch with any record that is to come again. */
function outcome(answer: unknown): { failed: boolean } {
  const { statusCode, batchItemFailures } = (answer ?? {}) as {
    statusCode?: number;
    batchItemFailures?: unknown[];
  };
  return { failed: (statusCode ?? 200) >= 300 || (batchItemFailures ?? []).length > 0 };
}

/** A table as the data stack would make it. */
async function createTable(
  endpoint: string,
  TableName: string,
  template: Template,
  logicalId: string,
): Promise<void> {
  const table = resourcesOf(template, 'AWS::DynamoDB::GlobalTable').find(([id]) => id.startsWith(logicalId));
  const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, LocalSecondaryIndexes, BillingMode } =
    (table?.[1].Properties ?? {}) as unknown as CreateTableCommandInput;
  const client = new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'nobody', secretAccessKey: 'nothing' },
  });
  await client.send(
    new CreateTableCommand({
      TableName,
      AttributeDefinitions,
      KeySchema,
      GlobalSecondaryIndexes,
      LocalSecondaryIndexes,
      BillingMode,
    }),
  );
  client.destroy();
}
