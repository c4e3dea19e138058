import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ledgerClient } from '../../bin/command-line/ledger-import/ledger-client.ts';
import { startSimulator } from '../support/start-simulator.ts';
import { runTool, spawnTool } from './spawn-tool.ts';

interface SentInvoice {
  invoiceId: string;
  number?: string;
}
type Answer = { status: number; headers?: Record<string, string>; body?: unknown };

/** A ledger that answers as it is told, and keeps what it was sent. */
class FakeLedger {
  readonly batches: SentInvoice[][] = [];
  readonly authorizations = new Set<string | undefined>();
  answer: (invoices: SentInvoice[], request: number) => Answer | Promise<Answer> = (invoices) => ({
    status: 200,
    body: { results: invoices.map(({ invoiceId }) => ({ invoiceId, outcome: 'created', version: 1 })) },
  });
  readonly #server: Server = createServer((request, response) => {
    this.#handle(request).then(({ status, headers, body }) => {
      response.writeHead(status, headers);
      response.end(JSON.stringify(body));
    });
  });

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get ids(): string[] {
    return this.batches.flat().map(({ invoiceId }) => invoiceId);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #handle(request: IncomingMessage): Promise<Answer> {
    const { invoices } = (await json(request)) as { invoices: SentInvoice[] };
    this.authorizations.add(request.headers.authorization);
    this.batches.push(invoices);
    return this.answer(invoices, this.batches.length);
  }
}

const outcomes = (invoices: SentInvoice[], outcomeOf: (invoice: SentInvoice) => object): Answer => ({
  status: 200,
  body: { results: invoices.map((invoice) => ({ invoiceId: invoice.invoiceId, ...outcomeOf(invoice) })) },
});
const created = (invoices: SentInvoice[]): Answer =>
  outcomes(invoices, () => ({ outcome: 'created', version: 1 }));

const invoices = (count: number): SentInvoice[] =>
  Array.from({ length: count }, (_, index) => ({ invoiceId: `I-${index}`, number: `${index}` }));
const lines = (of: readonly object[]): string => of.map((each) => `${JSON.stringify(each)}\n`).join('');

let folder: string;
let file: string;
let ledger: FakeLedger;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'import-'));
  file = join(folder, 'invoices.jsonl');
  ledger = new FakeLedger();
  await ledger.start();
});
afterEach(async () => {
  await ledger.close();
  await rm(folder, { recursive: true });
});

const importFile = (...args: string[]) =>
  runTool('ledger-import.ts', [file, '--url', ledger.url, ...args], { LEDGER_TOKEN: 'secret-token' });
const progressFile = () => readFile(`${file}.progress`, 'utf8').then((text) => JSON.parse(text));

describe('against a ledger that answers as told', () => {
  test('sends a file in batches of 100, says what became of it, and leaves no resume point', async () => {
    await writeFile(file, lines(invoices(250)));
    ledger.answer = (sent) =>
      outcomes(sent, ({ invoiceId }) => ({ outcome: invoiceId === 'I-7' ? 'unchanged' : 'created' }));
    const { code, stdout, stderr } = await importFile();
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: '250 invoices: 249 created, 0 updated, 1 unchanged, 0 stale, 0 rejected.\n',
      stderr: '',
    });
    expect(ledger.batches.map((batch) => batch.length).sort()).toEqual([100, 100, 50]);
    expect([...ledger.authorizations]).toEqual(['Bearer secret-token']);
    await expect(progressFile()).rejects.toThrow('ENOENT');
  });

  test('what the ledger fails at comes with the id that finds the cause in its log', async () => {
    const post = ledgerClient(ledger.url, 'secret-token');
    const headers = { 'x-correlation-id': 'req-7' };
    ledger.answer = () => ({ status: 500, headers, body: { detail: 'It failed.' } });
    expect(await post(['{}'])).toMatchObject({ kind: 'again', why: 'It failed.', correlationId: 'req-7' });
    ledger.answer = () => ({
      status: 200,
      headers,
      body: { results: [{ outcome: 'rejected', problem: { kind: 'internal', detail: 'It failed.' } }] },
    });
    expect(await post(['{}'])).toMatchObject({ results: [{ problem: { correlationId: 'req-7' } }] });
  });

  test('lists refused lines with numbers and reasons, and writes them to a file', async () => {
    await writeFile(file, `${lines(invoices(2))}not json\n${lines([{ invoiceId: 'BAD' }])}`);
    ledger.answer = (sent) =>
      outcomes(sent, ({ invoiceId }) =>
        invoiceId === 'BAD'
          ? { outcome: 'rejected', problem: { kind: 'invalid-body', detail: 'number is missing.' } }
          : { outcome: 'created' },
      );
    const { code, stdout } = await importFile();
    expect(code).toBe(1);
    expect(stdout).toBe(
      `Line 3: The line is not JSON.\nLine 4, invoice BAD: number is missing.\n4 invoices: 2 created, 0 updated, 0 unchanged, 0 stale, 2 rejected.\nRejected lines with their reasons: ${file}.rejected.jsonl\n`,
    );
    expect(await readFile(`${file}.rejected.jsonl`, 'utf8')).toBe(
      lines([
        { line: 3, problem: 'The line is not JSON.', sent: 'not json' },
        { line: 4, invoiceId: 'BAD', problem: 'number is missing.', sent: { invoiceId: 'BAD' } },
      ]),
    );
  });

  test('a ledger that is out for a moment is asked again', async () => {
    await writeFile(file, lines(invoices(5)));
    ledger.answer = (sent, request) => {
      if (request === 1) return { status: 503, headers: { 'retry-after': '0' }, body: { detail: 'Busy.' } };
      return request === 2 ? { status: 429, headers: { 'retry-after': '0' } } : created(sent);
    };
    const { code, stdout, stderr } = await importFile();
    expect(code).toBe(0);
    expect(stdout).toMatch(/5 created/);
    expect(stderr).toMatch(/^Busy\. Trying again …\n/);
    expect(ledger.batches).toHaveLength(3);
  });

  test('a refused token ends it at once, without showing the token', async () => {
    await writeFile(file, lines(invoices(5)));
    ledger.answer = () => ({ status: 401 });
    const { code, stdout, stderr } = await importFile();
    expect(code).toBe(1);
    expect(stderr).toMatch(/refuses the token/);
    expect(stdout + stderr).not.toMatch(/secret-token|\n\s+at /);
    expect(ledger.batches).toHaveLength(1);
  });

  test('nothing at an address of this machine is told at once, and no progress where there is none', async () => {
    await writeFile(file, lines(invoices(5)));
    const { url } = ledger;
    await ledger.close();
    const startedAt = performance.now();
    const { code, stderr } = await runTool('ledger-import.ts', [file, '--url', url], { LEDGER_TOKEN: 't' });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `Nothing listens at ${url}. Is \`npm start\` running? LEDGER_URL names another address.\n`,
    });
    expect(performance.now() - startedAt).toBeLessThan(20_000);
    await expect(progressFile()).rejects.toThrow('ENOENT');
  });

  test('an import that fails later says why first, and then where the next call goes on', async () => {
    await writeFile(file, lines(invoices(150)));
    ledger.answer = (sent, request) => (request === 1 ? created(sent) : { status: 401 });
    const { code, stderr } = await importFile('--parallel', '1');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^The ledger refuses the token.*\nWhat came before line 101 is done and noted; /);
  });

  test('something else than a ledger at the address is told', async () => {
    await writeFile(file, lines(invoices(2)));
    for (const [answer, told] of [
      [{ status: 200, body: { hello: 1 } }, /not as the ledger does/],
      [{ status: 404 }, /answers 404\. Is the URL right\?/],
    ] as const) {
      ledger.answer = () => answer;
      expect(await importFile('--from-start')).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(told),
      });
    }
  });
});

describe('an interrupted import', () => {
  /** Answers this many batches and no further one; resolves when the next one is waiting. */
  function answerOnly(count: number, refuse: string): Promise<void> {
    const waiting = Promise.withResolvers<void>();
    ledger.answer = async (sent, request) => {
      if (request > count) {
        waiting.resolve();
        await new Promise(() => {});
      }
      return outcomes(sent, ({ invoiceId }) =>
        invoiceId === refuse
          ? { outcome: 'rejected', problem: { kind: 'x', detail: 'No.' } }
          : { outcome: 'created' },
      );
    };
    return waiting.promise;
  }

  async function killedAfter(batches: number): Promise<void> {
    const waiting = answerOnly(batches, 'I-150');
    const { child, result } = spawnTool('ledger-import.ts', [file, '--url', ledger.url, '--parallel', '1'], {
      LEDGER_TOKEN: 't',
    });
    await waiting;
    child.kill('SIGKILL');
    await result;
    ledger.batches.length = 0;
    ledger.answer = created;
  }

  test('goes on where it was after a kill, with counts and refused lines of both calls', async () => {
    await writeFile(file, lines(invoices(500)));
    await killedAfter(3);
    expect(await progressFile()).toMatchObject({ line: 301, counts: { created: 299, rejected: 1 } });
    await writeFile(`${file}.rejected.jsonl`, `${await readFile(`${file}.rejected.jsonl`, 'utf8')}{"half`);
    ledger.answer = (sent) =>
      outcomes(sent, ({ invoiceId }) =>
        invoiceId === 'I-400'
          ? { outcome: 'rejected', problem: { kind: 'x', detail: 'No.' } }
          : { outcome: 'created' },
      );
    const { code, stdout, stderr } = await importFile();
    expect(stderr).toBe('Going on at line 301, where an earlier call left off.\n');
    expect(stdout).toMatch(/^Line 401, invoice I-400: No\.\n500 invoices: 498 created, .* 2 rejected\./);
    expect(code).toBe(1);
    expect(ledger.ids.sort()).toEqual(
      invoices(500)
        .slice(300)
        .map(({ invoiceId }) => invoiceId)
        .sort(),
    );
    const rejected = (await readFile(`${file}.rejected.jsonl`, 'utf8')).trim().split('\n');
    expect(rejected.map((line) => JSON.parse(line).line)).toEqual([151, 401]);
  });

  test('a CSV file goes on, too', async () => {
    file = join(folder, 'invoices.csv');
    const rows = invoices(300).flatMap(({ invoiceId }) => [
      `${invoiceId},1,Berg,EUR,2026-01-01,2026-02-01,open,a,1,1`,
      `${invoiceId},,,,,,,b,1,1`,
    ]);
    const header =
      'invoiceId,number,customerName,currency,issueDate,dueDate,status,description,quantity,unitPrice';
    await writeFile(file, `${[header, ...rows].join('\n')}\n`);
    await killedAfter(1);
    expect((await importFile()).stdout).toMatch(/300 invoices: 300 created/);
    expect(ledger.ids).toHaveLength(200);
  });

  test('a file that has changed in what was sent is not gone on with; lines added at the end are', async () => {
    await writeFile(file, lines(invoices(300)));
    await killedAfter(2);
    const point = await progressFile();
    await writeFile(file, lines([...invoices(300).slice(1), { invoiceId: 'NEW' }]));
    expect(await importFile()).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/has changed since.*--from-start/),
    });
    expect(ledger.batches).toEqual([]);
    expect(await progressFile()).toEqual(point);
    await writeFile(file, lines([...invoices(300), { invoiceId: 'NEW' }]));
    expect((await importFile()).stdout).toMatch(/301 invoices/);
    expect(ledger.ids).toHaveLength(101);
  });

  test('--from-start sends all of it again', async () => {
    await writeFile(file, lines(invoices(300)));
    await killedAfter(2);
    expect((await importFile('--from-start')).stdout).toMatch(/300 invoices: 300 created/);
    expect(ledger.ids).toHaveLength(300);
  });

  test('told to stop, it takes the answers that are on their way and notes them', async () => {
    await writeFile(file, lines(invoices(300)));
    const asked = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    ledger.answer = async (sent) => {
      asked.resolve();
      await goOn.promise;
      return created(sent);
    };
    const { child, result } = spawnTool('ledger-import.ts', [file, '--url', ledger.url, '--parallel', '1'], {
      LEDGER_TOKEN: 't',
    });
    const stopping = new Promise<void>((resolve) => {
      child.stderr?.on('data', (text: string) => text.includes('Stopping') && resolve());
    });
    await asked.promise;
    child.kill('SIGTERM');
    await stopping;
    goOn.resolve();
    expect(await result).toMatchObject({ code: 1, stderr: expect.stringMatching(/Stopped before line 101/) });
    expect(ledger.batches).toHaveLength(1);
    expect(await progressFile()).toMatchObject({ line: 101 });
  });
});

describe('wrong arguments', () => {
  test.each([
    [[], /Which file\?/],
    [['x.txt'], /ends in \.jsonl or \.csv/],
    [['/nowhere/x.jsonl', '--url', 'http://127.0.0.1:1'], /LEDGER_TOKEN is not set/],
    [['/nowhere/x.jsonl'], /there is no such file/],
    [['x.jsonl', 'y.jsonl'], /One file at a time/],
    [['x.jsonl', '--parallel', '99'], /from 1 to 16/],
    [['x.csv', '--separator', ';;'], /one character/],
    [['x.jsonl', '--token', 't'], /Unknown option '--token'/],
  ])('%j: exit code 2 and what was expected', async (args, told) => {
    const { code, stderr } = await runTool('ledger-import.ts', args);
    expect(code).toBe(2);
    expect(stderr).toMatch(told);
  });

  test('--help says how it is called', async () => {
    const { code, stdout } = await runTool('ledger-import.ts', ['--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/npm run ledger:import -- FILE/);
  });
});

test('the sample files go into the real ledger, and again change nothing', async () => {
  const simulator = await startSimulator({ LOCAL_EMPTY: '1' });
  try {
    for (const sample of ['docs/samples/invoices.csv', 'docs/samples/invoices.jsonl']) {
      const copy = join(folder, sample.slice('docs/samples/'.length));
      await writeFile(copy, await readFile(new URL(`../../${sample}`, import.meta.url)));
      const call = () =>
        runTool('ledger-import.ts', [copy, '--url', simulator.url], { LEDGER_TOKEN: 'local-ledger-token' });
      expect(await call()).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/^3 invoices: 3 created/),
      });
      expect(await call()).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/0 created, .* 3 unchanged/),
      });
    }
    const headers = { authorization: 'Bearer local-ledger-token' };
    const response = await fetch(`${simulator.url}/v1/invoices/CSV-1001`, { headers });
    expect(await response.json()).toMatchObject({
      number: 'CSV-1001',
      customer: { name: 'Brightwater Hotels GmbH', address: ['Uferstraße 12', '20457 Hamburg'] },
      lines: [{ description: 'Front desk licence, 12 months' }, { description: 'On-site training' }],
      total: '4403.00',
    });
  } finally {
    await simulator.stop();
  }
});
