import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isOfLambda, rightsOfFunctions } from './access-rights.ts';
import { everydayWork } from './everyday-work.ts';
import type { CallFunction } from './function-callers.ts';
import { type FunctionSurroundings, startFunctionSurroundings } from './function-surroundings.ts';
import { type Bundle, invokeBundle, RunningBundle } from './invoke-bundle.ts';
import {
  type Resource,
  readTemplate,
  repository,
  resourcesOf,
  synthesize,
  type Template,
  variablesOf,
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

describe('the bundles', () => {
  const textOf = (id: string): Promise<string> =>
    readFile(bundleOf(assembly, service.Resources[id]?.Metadata, 'index.mjs'), 'utf8');
  /** Stands in HubSpot's own client, and in our gateway as the address it calls. */
  const HUBSPOT_API = 'https://api.hubapi.com';

  test.each([
    ['CardFunction', 600],
    ['SyncWorkerFunction', 700],
  ])('%s is at most %i kB', async (id, kilobytes) => {
    expect(Buffer.byteLength(await textOf(id)) / 1000).toBeLessThanOrEqual(kilobytes);
  });

  test('only what calls HubSpot has anything in it to call HubSpot with; the card has not', async () => {
    const withApi: string[] = [];
    for (const [id] of functions) if ((await textOf(id)).includes(HUBSPOT_API)) withApi.push(id);
    expect(withApi.sort()).toEqual(['PagesFunction', 'SyncReconcileFunction', 'SyncWorkerFunction']);
  });

  test('none has HubSpot’s own client in it', async () => {
    const name = 'hubspot-api-client-nodejs';
    const client = join(
      repository,
      'node_modules/@hubspot/api-client/lib/src/configuration/ApiClientConfigurator.js',
    );
    expect(await readFile(client, 'utf8')).toContain(name);
    for (const [id] of functions) expect([id, (await textOf(id)).includes(name)]).toEqual([id, false]);
  });
});

describe('each bundle, in a process of plain Node', () => {
  const proofs = {
    portal: '987654',
    publicBaseUrl: 'https://ledgerbridge.example.com',
    clientSecret: 'local-client-secret',
    ticketKey: 'local-ticket-key-local-ticket-key',
    ledgerToken: 'local-ledger-token',
  };
  let around: FunctionSurroundings;

  beforeAll(async () => {
    const given = (await readEvent('environment')).Parameters as Record<string, string>;
    around = await startFunctionSurroundings({ data, service, given, proofs });
  }, LONG);

  afterAll(() => around?.close());

  const bundle = (id: string): Bundle => {
    const { Properties, Metadata } = service.Resources[id] as Resource;
    return {
      folder: bundleOf(assembly, Metadata),
      handler: String(Properties.Handler),
      environment: {
        ...(variablesOf(Properties) as Record<string, string>),
        ...around.environment(id),
        AWS_LAMBDA_FUNCTION_NAME: id,
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(Properties.MemorySize),
      },
    };
  };

  test(
    'loads and answers its event with success',
    async () => {
      // The others' events are about the invoice that this one brings.
      const ids = functions.map(([id]) => id);
      for (const id of ['LedgerApiFunction', ...ids.filter((other) => other !== 'LedgerApiFunction')]) {
        const answer = await invokeBundle(bundle(id), { event: await readEvent(id) });
        expect({ id, ...outcome(answer) }).toEqual({ id, failed: false });
      }
    },
    LONG,
  );

  test(
    'may do what its work takes, and nothing more',
    async () => {
      const running = new Map<string, RunningBundle>();
      const call: CallFunction = (id, invocation) => {
        const one = running.get(id) ?? new RunningBundle(bundle(id));
        running.set(id, one);
        return one.call(invocation);
      };
      try {
        await everydayWork({ call, readEvent, hubspot: around.hubspot, proofs });
      } finally {
        await Promise.all([...running.values()].map((one) => one.close()));
      }
      expect(around.gate.refused).toEqual([]);
      const ids = functions.map(([id]) => id);
      const rights = rightsOfFunctions(service);
      const allowed = (id: string) => (rights.get(id) ?? []).filter((right) => !isOfLambda(right)).sort();
      const done = (id: string) => [...(around.gate.used.get(id) ?? [])].sort();
      expect(ids.map((id) => [id, done(id)])).toEqual(ids.map((id) => [id, allowed(id)]));
    },
    LONG,
  );

  test('gets nothing that its role does not allow', async () => {
    const { environment, ...card } = bundle('CardFunction');
    const asSweeper = { ...environment, AWS_ACCESS_KEY_ID: 'SyncSweeperFunction' };
    const event = await readEvent('CardFunction');
    expect(await invokeBundle({ ...card, environment: asSweeper }, { event })).toMatchObject({
      statusCode: 500,
    });
    expect(around.gate.refused).toContain(
      'SyncSweeperFunction: secretsmanager:GetSecretValue on HubspotClientSecret',
    );
  });

  test('reaches the bus that its environment names', async () => {
    const { busEntries } = around.services;
    const before = busEntries.length;
    await invokeBundle(bundle('PublisherFunction'), { event: await readEvent('PublisherFunction') });
    const { EVENT_BUS_NAME } = bundle('PublisherFunction').environment;
    expect(busEntries.slice(before)).toMatchObject([{ EventBusName: EVENT_BUS_NAME }]);
  });

  test('does not answer without its environment, and says what is missing', async () => {
    const event = await readEvent('CardFunction');
    await expect(invokeBundle({ ...bundle('CardFunction'), environment: {} }, { event })).rejects.toThrow(
      /LEDGER_TABLE/,
    );
  });
});

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
