import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startSimulator } from '../support/start-simulator.ts';
import { runTool, spawnTool } from './spawn-tool.ts';

interface SentRecord {
  externalId: string;
}
type Answer = { status: number; headers?: Record<string, string>; body?: unknown };
type Verdict = { verdict: string; reason?: string };

const verdicts = (records: readonly SentRecord[], of: (record: SentRecord) => Verdict): Answer => ({
  status: 202,
  body: { results: records.map((record) => ({ externalId: record.externalId, ...of(record) })) },
});
const accepted = (records: readonly SentRecord[]): Answer =>
  verdicts(records, () => ({ verdict: 'accepted' }));

/** A sync API that answers as it is told, and keeps what it was sent. */
class FakeSync {
  readonly calls: SentRecord[][] = [];
  readonly paths = new Set<string | undefined>();
  answer: (records: SentRecord[], call: number) => Answer | Promise<Answer> = accepted;
  readonly #server: Server = createServer(async (request, response) => {
    const { records } = (await json(request)) as { records: SentRecord[] };
    this.paths.add(`${request.method} ${request.url} ${request.headers.authorization}`);
    this.calls.push(records);
    const { status, headers, body } = await this.answer(records, this.calls.length);
    response.writeHead(status, headers);
    response.end(JSON.stringify(body));
  });

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get ids(): string[] {
    return this.calls.flat().map(({ externalId }) => externalId);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

let folder: string;
let file: string;
let sync: FakeSync;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sync-import-'));
  file = join(folder, 'products.csv');
  sync = new FakeSync();
  await sync.start();
});
afterEach(async () => {
  await sync.close();
  await rm(folder, { recursive: true });
});

const rows = (count: number): string =>
  `externalId,name,sku\n${Array.from({ length: count }, (_, index) => `P/${index},Name ${index},${index}\n`).join('')}`;
const ids = (count: number): string[] => Array.from({ length: count }, (_, index) => `P/${index}`);
const TIME = ['--updated-at', '2026-11-22T09:00:00Z'];
const importArgs = (...args: string[]): string[] => ['products', file, '--url', sync.url, ...TIME, ...args];
const TOKEN = { LEDGER_TOKEN: 'secret-token' };
const importFile = (...args: string[]) => runTool('sync-import.ts', importArgs(...args), TOKEN);

describe('sync:import', () => {
  test('reads a file of some megabytes at the pace of its parser, without a warning of Node’s', async () => {
    const name = 'n'.repeat(500);
    const many = Array.from({ length: 6_000 }, (_, index) => `P/${index},${name},${index}\n`);
    await writeFile(file, `externalId,name,sku\n${many.join('')}`);
    const { code, stderr } = await importFile();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(sync.ids).toHaveLength(6_000);
  });

  test('sends 2,500 rows in calls of 1,000, says what became of them, and leaves no resume point', async () => {
    await writeFile(file, rows(2_500));
    sync.answer = (records) =>
      verdicts(records, ({ externalId }) => ({
        verdict: externalId === 'P/7' ? 'unchanged' : externalId === 'P/8' ? 'stale' : 'accepted',
      }));
    const { code, stdout } = await importFile();
    expect(stdout).toBe(
      '2500 products: 2498 accepted, 1 unchanged, 1 stale, 0 rejected.\nStale: there is a newer change of the record already.\nAccepted ones are on their way to HubSpot; GET /v1/sync/health says how far it is.\n',
    );
    expect(code).toBe(0);
    expect(sync.calls.map((call) => call.length).sort()).toEqual([1_000, 1_000, 500]);
    expect([...sync.ids].sort()).toEqual(ids(2_500).sort());
    expect([...sync.paths]).toEqual(['POST /v1/products Bearer secret-token']);
    await expect(readFile(`${file}.progress`)).rejects.toThrow('ENOENT');
  });

  test('lists refused lines with numbers and reasons, and writes them to a file', async () => {
    await writeFile(file, 'externalId,name\nP/0,fine\nP/1,bad\nP/2\n');
    sync.answer = (records) =>
      verdicts(records, ({ externalId }) =>
        externalId === 'P/1' ? { verdict: 'rejected', reason: 'name is bad.' } : { verdict: 'accepted' },
      );
    const { code, stdout } = await importFile();
    expect(code).toBe(1);
    expect(stdout).toContain('Line 3, P/1: name is bad.\nLine 4: The row has 1 cells, and the header 2.\n');
    expect(stdout).toContain('3 products: 1 accepted, 0 unchanged, 0 stale, 2 rejected.');
    const list = (await readFile(`${file}.rejected.jsonl`, 'utf8')).trim().split('\n');
    expect(list.map((line) => JSON.parse(line))).toEqual([
      {
        line: 3,
        problem: 'name is bad.',
        sent: { updatedAt: '2026-11-22T09:00:00Z', externalId: 'P/1', name: 'bad' },
      },
      { line: 4, problem: 'The row has 1 cells, and the header 2.', sent: 'P/2' },
    ]);
  });

  test('killed in the middle and called again, it goes on where the last answered call ended', async () => {
    await writeFile(file, rows(5_000));
    let reached: () => void = () => undefined;
    const third = new Promise<void>((resolve) => {
      reached = resolve;
    });
    sync.answer = async (records, call) => {
      if (call < 3) return accepted(records);
      reached();
      await wait(60_000, undefined, { ref: false });
      return { status: 503 };
    };
    const { child, result } = spawnTool('sync-import.ts', importArgs('--parallel', '1'), TOKEN);
    await third;
    child.kill('SIGKILL');
    await Promise.all([once(child, 'exit').catch(() => undefined), result]);
    expect(JSON.parse(await readFile(`${file}.progress`, 'utf8'))).toMatchObject({
      line: 2_002,
      counts: { updated: 2_000 },
    });

    sync.calls.length = 0;
    sync.answer = accepted;
    const { code, stdout, stderr } = await importFile('--parallel', '1');
    expect(stderr).toBe('Going on at line 2002, where an earlier call left off.\n');
    expect(stdout).toContain('5000 products: 5000 accepted');
    expect(code).toBe(0);
    expect(sync.ids).toEqual(ids(5_000).slice(2_000));
  });

  test('a file that changed before the resume point is not gone on with', async () => {
    await writeFile(file, rows(1_500));
    sync.answer = (records, call) => (call === 1 ? accepted(records) : { status: 401 });
    expect((await importFile('--parallel', '1')).stderr).toContain('LEDGER_TOKEN is not one of this address');
    await writeFile(file, rows(1_500).replace('Name 3,', 'Nome 3,'));
    sync.answer = accepted;
    const { code, stderr } = await importFile();
    expect(code).toBe(1);
    expect(stderr).toContain('has changed since its import was interrupted');
    expect((await importFile('--from-start')).stdout).toContain('1500 accepted');
  });

  test('an API that is out for a moment is asked again', async () => {
    await writeFile(file, rows(5));
    sync.answer = (records, call) =>
      call === 1
        ? { status: 503, headers: { 'retry-after': '0' }, body: { detail: 'Busy.' } }
        : accepted(records);
    const { code, stderr } = await importFile();
    expect(code).toBe(0);
    expect(stderr).toContain('Busy. Trying again …');
  });

  test.each([
    [['orders', 'x.csv'], /"orders" says which records; expected contacts or products/],
    [['products'], /Which file\?/],
    [['products', 'x.xlsx'], /expected a name that ends in \.jsonl or \.csv/],
    [['products', 'x.csv', '--updated-at', 'now'], /expected a date-time with offset/],
  ])('says what is wrong with its arguments: %j', async (args, message) => {
    const { code, stderr } = await runTool('sync-import.ts', args, TOKEN);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  test('brings the samples to the simulator’s sync, and each of them to HubSpot', async () => {
    const simulator = await startSimulator({ LOCAL_EMPTY: '1', LEDGER_TOKENS: '987654:secret-token' });
    try {
      const args = (type: string) => [type, `docs/samples/${type}.csv`, '--url', simulator.url];
      expect((await runTool('sync-import.ts', args('products'), TOKEN)).stdout).toContain(
        '4 products: 4 accepted',
      );
      expect((await runTool('sync-import.ts', args('contacts'), TOKEN)).stdout).toContain(
        '3 contacts: 3 accepted',
      );
      expect((await runTool('sync-import.ts', args('products'), TOKEN)).stdout).toContain('4 unchanged');
      const ended = async (type: string, externalId: string) => {
        const address = `${simulator.url}/v1/${type}?externalId=${encodeURIComponent(externalId)}`;
        const deadline = Date.now() + 20_000;
        for (;;) {
          const answer = await fetch(address, { headers: { authorization: 'Bearer secret-token' } });
          const { state, reason } = (await answer.json()) as { state: string; reason?: string };
          const isOnItsWay = state === 'pending' || state === 'retry';
          if (!isOnItsWay || Date.now() > deadline) return [externalId, state, reason];
          await wait(100);
        }
      };
      for (const id of ['A/100', 'A/101', 'S-7']) {
        expect(await ended('products', id)).toEqual([id, 'synced', undefined]);
      }
      expect(await ended('products', 'A/055')).toEqual(['A/055', 'archived', undefined]);
      for (const id of ['C-1001', 'C-1002', 'C-1003']) {
        expect(await ended('contacts', id)).toEqual([id, 'synced', undefined]);
      }
    } finally {
      await simulator.stop();
    }
  }, 60_000);
});
