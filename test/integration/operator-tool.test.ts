import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { FeedStore } from '../../functions/feed/feed-store.ts';
import { numberEvents } from '../../functions/feed/number-events.ts';
import { asDealId, asInvoiceId, asPortalId } from '../../functions/invoices/identifiers.ts';
import { Ledger } from '../../functions/invoices/ledger.ts';
import { summaryKey } from '../../functions/invoices/ledger-keys.ts';
import { LedgerStore } from '../../functions/invoices/ledger-store.ts';
import { DEFAULT_SETTINGS } from '../../functions/invoices/portal-settings.ts';
import { readAccountingInvoice } from '../../functions/invoices/read-invoice-input.ts';
import { type EmbeddedDynamoDB, startEmbeddedDynamoDB } from '../../local/dynamodb/embedded-dynamodb.ts';
import { createLedgerTable } from '../../local/ledger-table.ts';
import { startSimulator } from '../support/start-simulator.ts';
import { runTool } from './spawn-tool.ts';

const TABLE = 'ledger-of-tools';
const EVENTS = 45;
const portalId = asPortalId('4711');
const dealId = asDealId('101');
if (!portalId || !dealId) throw new Error('These are ids.');

/** Secrets Manager and EventBridge, as far as the tools call them. */
class FakeAws {
  secret = '{}';
  /** False answers as the simulator does. */
  storesSecrets = true;
  busIsOut = false;
  readonly events: { DetailType: string; Detail: string; EventBusName: string }[] = [];
  readonly #server: Server = createServer(async (request, response) => {
    const body = (await json(request)) as never;
    const answer = this.#answer(String(request.headers['x-amz-target']), body);
    response.writeHead('__type' in answer ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(answer));
  });

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(target: string, body: { SecretString: string; Entries: FakeAws['events'] }): object {
    switch (target) {
      case 'secretsmanager.GetSecretValue':
        return { SecretString: this.secret };
      case 'secretsmanager.PutSecretValue':
        if (!this.storesSecrets) return { __type: 'UnknownOperationException', message: 'Not here.' };
        this.secret = body.SecretString;
        return {};
      case 'AWSEvents.PutEvents':
        if (this.busIsOut) return { __type: 'AccessDeniedException', message: 'not authorized to PutEvents' };
        this.events.push(...body.Entries);
        return { FailedEntryCount: 0, Entries: body.Entries.map(() => ({ EventId: '1' })) };
      default:
        return { __type: 'UnknownOperationException', message: target };
    }
  }
}

let embedded: EmbeddedDynamoDB;
let client: DynamoDBClient;
let documents: DynamoDBDocumentClient;
let aws: FakeAws;
beforeAll(async () => {
  aws = new FakeAws();
  await aws.start();
  embedded = await startEmbeddedDynamoDB();
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  client = new DynamoDBClient({ endpoint: embedded.endpoint, region: 'us-east-1', credentials });
  await createLedgerTable(client, TABLE);
  documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  const access = { documents, tableName: TABLE };
  const timing = { now: Date.now, wait, random: Math.random };
  const ledger = new Ledger(new LedgerStore(access), async () => DEFAULT_SETTINGS, timing);
  const entries = [];
  for (let index = 1; index <= EVENTS; index++) {
    const invoiceId = asInvoiceId(`I-${index}`);
    const reading = readAccountingInvoice({
      number: `${index}`,
      dealId,
      customer: { name: 'Anna Berg' },
      currency: 'EUR',
      issueDate: '2026-01-10',
      dueDate: '2026-02-10',
      status: 'open',
      total: '10.00',
    });
    if (!invoiceId || !reading.ok) throw new Error('The sample is an invoice.');
    const actor = { kind: 'accounting' } as const;
    await ledger.run({ portalId, invoiceId, command: reading.value, actor, origin: 'accounting' });
    entries.push({ invoiceId, version: 1, at: new Date().toISOString(), origin: 'accounting' } as const);
  }
  await numberEvents(new FeedStore(access), portalId, entries, 90, wait);
});
afterAll(async () => {
  client.destroy();
  await embedded.close();
  await aws.close();
});

const table = () => ['--table', TABLE, '--endpoint', embedded.endpoint];

describe('ledger:check', () => {
  test('tells damage with exit code 1, repairs it with 0, and finds nothing after', async () => {
    await documents.send(
      new UpdateCommand({
        TableName: TABLE,
        Key: { ...summaryKey(portalId, dealId) },
        UpdateExpression: 'SET invoiceCount = :wrong',
        ExpressionAttributeValues: { ':wrong': 7 },
      }),
    );
    const line = /^Portal 4711, deal 101: its summary .* invoiceCount is 7, should be 45\./;
    const found = await runTool('ledger-check.ts', table());
    expect(found).toMatchObject({ code: 1, stdout: expect.stringMatching(line), stderr: '' });
    expect(found.stdout).toMatch(/\n\d+ items checked, 1 problem found\. Nothing was changed; --repair/);
    const repaired = await runTool('ledger-check.ts', [...table(), '--portal', '4711', '--repair']);
    expect(repaired).toMatchObject({ code: 0, stdout: expect.stringMatching(/1 repaired, 0 left\.\n$/) });
    const environment = { AWS_ENDPOINT_URL_DYNAMODB: embedded.endpoint, LEDGER_TABLE: TABLE };
    expect(await runTool('ledger-check.ts', [], environment)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+ items checked: rows, summaries, histories and the feed agree/),
    });
  });

  test.each([
    [['--portal', 'x'], 2, /--portal is "x"; expected/],
    [['here'], 2, /"here" is not expected here/],
    [['--fix'], 2, /Unknown option '--fix'\.\n/],
    [[], 2, /Which table\?/],
    [['--endpoint', 'http://127.0.0.1:1'], 1, /^The service can't be reached: .*ECONNREFUSED.*\n$/],
  ])('%j: exit code %i and why', async (args, code, told) => {
    expect(await runTool('ledger-check.ts', args)).toMatchObject({
      code,
      stderr: expect.stringMatching(told),
    });
  });

  test('a table that isn’t there is told without a stack', async () => {
    const { code, stderr } = await runTool('ledger-check.ts', [
      '--table',
      'nope',
      '--endpoint',
      embedded.endpoint,
    ]);
    expect(code).toBe(1);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});

describe('events:resend', () => {
  const resend = (...args: string[]) =>
    runTool('events-resend.ts', [
      '--portal',
      '4711',
      ...table(),
      '--bus-endpoint',
      aws.url,
      '--bus',
      'bus',
      ...args,
    ]);
  beforeEach(() => {
    aws.events.length = 0;
    aws.busIsOut = false;
  });

  test('puts a range of the feed on the bus again, in its order, with the ids of the first time', async () => {
    const { code, stdout } = await resend('--from', '3', '--to', '42');
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: '40 events (of numbers 3 to 42) went on the bus bus again.\n',
    });
    expect(aws.events.map(({ Detail }) => JSON.parse(Detail).eventId)).toEqual(
      Array.from({ length: 40 }, (_, index) => `I-${index + 3}:1`),
    );
    expect(aws.events[0]).toMatchObject({ DetailType: 'invoice.created', EventBusName: 'bus' });
  });

  test('a dry run counts and sends nothing; dates are understood', async () => {
    expect(await resend('--from', '2020-01-01', '--dry-run')).toMatchObject({
      code: 0,
      stdout: '45 events (of numbers 1 to 45) would go on the bus bus. Nothing was sent.\n',
    });
    expect((await resend('--from', '2020-01-01', '--to', '2020-12-31')).stdout).toMatch(/no event there/);
    expect(aws.events).toEqual([]);
  });

  test('a bus that takes nothing ends it with the reason and where to go on', async () => {
    aws.busIsOut = true;
    const { code, stdout, stderr } = await resend('--from', '5');
    expect(code).toBe(1);
    expect(stdout).toMatch(/takes nothing now.* --from 5\.\n$/);
    expect(stderr).toBe('These credentials may not do that: not authorized to PutEvents\n');
  });

  test.each([
    [['--from', '1'], /Which portal\?/],
    [['--portal', '4711'], /From where\?/],
    [['--portal', '4711', '--from', 'x'], /expected a number of the feed/],
    [['--portal', '4711', '--from', '1'], /Which bus\?/],
    [
      ['--portal', '4711', '--from', '1', '--bus', 'b', '--endpoint', 'http://127.0.0.1:1'],
      /bus would be on AWS/,
    ],
  ])('%j is refused with exit code 2', async (args, told) => {
    expect(await runTool('events-resend.ts', args)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(told),
    });
  });
});

describe('portal', () => {
  const portal = (...args: string[]) => runTool('portal.ts', args);
  const secrets = (...args: string[]) => portal(...args, '--secret', 's', '--endpoint', aws.url);
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  beforeEach(() => {
    aws.secret = JSON.stringify({ [sha256('old')]: '4711', [sha256('other')]: '99' });
    aws.storesSecrets = true;
  });

  test('settings are shown, set and kept', async () => {
    const set = ['--set', 'timeZone=Asia/Tokyo', '--set', 'feedRetentionDays=30'];
    expect((await portal('settings', '--portal', '4711', ...table(), ...set)).code).toBe(0);
    expect((await portal('settings', '--portal', '4711', ...table())).stdout.split('\n')).toEqual([
      'Settings of portal 4711:',
      '  feedRetentionDays = 30',
      '  numberPattern = HS-{year}-{0000}',
      '  pdfHosts = []',
      '  ticketHours = 8',
      '  timeZone = Asia/Tokyo',
      '',
    ]);
    expect((await portal('settings', '--portal', '5', ...table())).stdout).toMatch(/timeZone = UTC/);
  });

  test('a new token is printed once, alone on standard output, and stored only as its hash', async () => {
    const { code, stdout, stderr } = await secrets('token', '--portal', '4711');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^[A-Za-z0-9_-]{43}\n$/);
    expect(stderr).not.toContain(stdout.trim());
    expect(JSON.parse(aws.secret)).toEqual({
      [sha256('old')]: '4711',
      [sha256('other')]: '99',
      [sha256(stdout.trim())]: '4711',
    });
  });

  test('--replace takes the portal’s older tokens away', async () => {
    const { stdout } = await secrets('token', '--portal', '4711', '--replace');
    expect(JSON.parse(aws.secret)).toEqual({ [sha256('other')]: '99', [sha256(stdout.trim())]: '4711' });
  });

  test('tokens are listed by the beginning of their hashes, and revoked by it', async () => {
    const hash = sha256('old').slice(0, 12);
    expect((await secrets('tokens', '--portal', '4711')).stdout).toBe(`Portal 4711: 1 token, ${hash}\n`);
    expect((await secrets('revoke', '--portal', '4711', '--hash', hash)).code).toBe(0);
    expect(JSON.parse(aws.secret)).toEqual({ [sha256('other')]: '99' });
    const again = await secrets('revoke', '--portal', '4711', '--hash', hash);
    expect(again).toMatchObject({ code: 1, stderr: expect.stringMatching(/has no token whose hash begins/) });
  });

  test('on the simulator, which stores no token, it says what to do and prints none', async () => {
    aws.storesSecrets = false;
    const { code, stdout, stderr } = await secrets('token', '--portal', '4711');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^The simulator takes its tokens from its environment .*LEDGER_TOKENS=/);
  });

  test.each(['token', 'tokens'])('%s at another address of the simulator says the same', async (command) => {
    const simulator = await startSimulator({ LOCAL_EMPTY: '1' });
    try {
      const dynamodb = /DynamoDB +(\S+)/.exec(simulator.output())?.[1] ?? '';
      for (const endpoint of [simulator.url, dynamodb]) {
        const { code, stderr } = await portal(command, '--portal', '4711', '--endpoint', endpoint);
        expect({ code, stderr }).toEqual({
          code: 1,
          stderr: expect.stringMatching(/^The simulator takes its tokens from its environment/),
        });
      }
    } finally {
      await simulator.stop();
    }
  });

  test.each([
    [[], /Which command\?/],
    [['toString'], /There is no command "toString"/],
    [['settings'], /Which portal\?/],
    [['settings', '--portal', '1', '--replace'], /"settings" takes no --replace/],
    [['settings', '--portal', '1', '--set', 'x=1'], /There is no setting x/],
    [['revoke', '--portal', '1', '--hash', 'abc'], /at least the first 8 digits/],
    [['tokens'], /Which secret\?/],
  ])('%j is refused with exit code 2', async (args, told) => {
    expect(await portal(...args)).toMatchObject({ code: 2, stderr: expect.stringMatching(told) });
  });
});
