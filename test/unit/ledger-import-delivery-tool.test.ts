import { expect, test } from '@jest/globals';
import { batchesOf } from '../../bin/command-line/ledger-import/batches.ts';
import { deliver } from '../../bin/command-line/ledger-import/deliver.ts';
import { IMPORT_START, type ImportPoint } from '../../bin/command-line/ledger-import/import-point.ts';
import type { ImportRecord } from '../../bin/command-line/ledger-import/import-record.ts';
import type { BatchAnswer, PostBatch } from '../../bin/command-line/ledger-import/ledger-client.ts';
import type { RejectedLine } from '../../bin/command-line/ledger-import/rejected-file.ts';
import { type ImportRun, runImport } from '../../bin/command-line/ledger-import/run-import.ts';

const created = (sent: readonly string[]): BatchAnswer => ({
  kind: 'results',
  results: sent.map(() => ({ outcome: 'created' })),
});

/** A delivery without pauses; `waits` has how long they would have been. */
function delivery(post: PostBatch) {
  const waits: number[] = [];
  const wait = async (milliseconds: number): Promise<void> => void waits.push(milliseconds);
  const names = { service: 'ledger', records: 'invoices' };
  return { post, names, timing: { wait, random: () => 0 }, onRetry: () => {}, waits };
}

test('what fails for a moment is sent again, later each time, or when the ledger says so', async () => {
  const answers: BatchAnswer[] = [
    { kind: 'again', why: 'out', afterMs: undefined },
    { kind: 'again', why: 'out', afterMs: undefined },
    { kind: 'again', why: 'slow down', afterMs: 7_000 },
  ];
  const sending = delivery(async (sent) => answers.shift() ?? created(sent));
  expect(await deliver(sending, ['a', 'b'])).toEqual([{ outcome: 'created' }, { outcome: 'created' }]);
  expect(sending.waits).toEqual([125, 250, 7_000]);
});

test.each(['busy', 'unavailable', 'internal'])(
  'of a batch, only what the ledger itself had no time or table for, or failed at, is sent again: %s',
  async (kind) => {
    const seen: string[][] = [];
    const busy = { outcome: 'rejected', problem: { kind, detail: 'later' } } as const;
    const sending = delivery(async (sent) => {
      seen.push([...sent]);
      if (seen.length > 1) return created(sent);
      return { kind: 'results', results: [{ outcome: 'updated' }, busy, { outcome: 'stale' }] };
    });
    expect(await deliver(sending, ['a', 'b', 'c'])).toEqual([
      { outcome: 'updated' },
      { outcome: 'created' },
      { outcome: 'stale' },
    ]);
    expect(seen).toEqual([['a', 'b', 'c'], ['b']]);
  },
);

test('a request refused as a whole is sent in parts, until the one that spoils it stands alone', async () => {
  const sending = delivery(async (sent) =>
    sent.includes('bad') ? { kind: 'refused', detail: 'No such thing.' } : created(sent),
  );
  const results = await deliver(sending, ['a', 'b', 'bad', 'c', 'd']);
  expect(results.map(({ outcome }) => outcome)).toEqual([
    'created',
    'created',
    'rejected',
    'created',
    'created',
  ]);
  expect(results[2]?.problem?.detail).toBe('No such thing.');
});

test('what the ledger failed at is sent again, and told where it fails at that invoice alone', async () => {
  let calls = 0;
  const failed = { outcome: 'rejected', problem: { kind: 'internal', detail: 'It failed.' } } as const;
  const sending = delivery(async (sent) => {
    calls += 1;
    return { kind: 'results', results: sent.map((id) => (id === 'bad' ? failed : { outcome: 'created' })) };
  });
  expect(await deliver(sending, ['a', 'bad'])).toEqual([{ outcome: 'created' }, failed]);
  expect(calls).toBe(14);
  await expect(deliver(sending, ['bad'])).rejects.toThrow(/does not take the invoices\. It failed\./);
});

test('a ledger that stays out ends the import with the reason', async () => {
  const sending = delivery(async () => ({
    kind: 'again',
    why: 'It is out.',
    afterMs: undefined,
    correlationId: 'abc-1',
  }));
  await expect(deliver(sending, ['a'])).rejects.toThrow(
    'The ledger does not take the invoices. It is out. (Correlation id abc-1.)',
  );
  expect(sending.waits.length).toBeLessThan(20);
  const sync = { ...sending, names: { service: 'sync', records: 'products' } };
  await expect(deliver(sync, ['a'])).rejects.toThrow('The sync does not take the products.');
});

/** Invoices with these ids, one a line; `!` stands for a line that can't be read. */
async function* records(ids: string[]): AsyncGenerator<ImportRecord> {
  for (const [index, id] of ids.entries()) {
    const content =
      id === '!'
        ? ({ kind: 'unreadable', problem: 'not JSON', text: '!' } as const)
        : ({ kind: 'invoice', invoiceId: id, json: JSON.stringify({ id, place: index }) } as const);
    yield { line: index + 1, end: (index + 1) * 10, content };
  }
}

/** An import of these ids with this ledger, and everything it noted. */
function importOf(ids: string[], post: PostBatch, more: Partial<ImportRun> = {}) {
  const points: ImportPoint[] = [];
  const rejected: RejectedLine[] = [];
  const result = runImport({
    batches: batchesOf(records(ids)),
    delivery: delivery(post),
    parallel: 3,
    from: IMPORT_START,
    fingerprint: (end) => `up to ${end}`,
    reject: async (lines) => rejected.push(...lines),
    save: async (point) => void points.push(point),
    stop: new AbortController().signal,
    ...more,
  });
  return { result, points, rejected };
}

const many = (count: number): string[] => Array.from({ length: count }, (_, index) => `I-${index}`);

test('the resume point never passes a batch that has no answer yet', async () => {
  const answers: (() => void)[] = [];
  const arrived = Promise.withResolvers<void>();
  const { result, points } = importOf(many(300), async (sent) => {
    await new Promise<void>((resolve) => {
      answers.push(resolve);
      if (answers.length === 3) arrived.resolve();
    });
    return created(sent);
  });
  await arrived.promise;
  answers[2]?.();
  answers[1]?.();
  await new Promise(setImmediate);
  expect(points).toEqual([]);
  answers[0]?.();
  await result;
  expect(points.map(({ bytes, line, fingerprint }) => [bytes, line, fingerprint])).toEqual([
    [1000, 101, 'up to 1000'],
    [2000, 201, 'up to 2000'],
    [3000, 301, 'up to 3000'],
  ]);
  expect(points.at(-1)?.counts.created).toBe(300);
});

test('two states of one invoice are never under way together, and arrive in the file’s order', async () => {
  const underWay = new Set<string>();
  const places = new Map<string, number>();
  const ids = Array.from({ length: 400 }, (_, index) => (index % 90 === 0 ? 'SAME' : `I-${index}`));
  const { result } = importOf(ids, async (sent) => {
    const invoices = sent.map((json) => JSON.parse(json) as { id: string; place: number });
    for (const { id, place } of invoices) {
      expect(underWay.has(id)).toBe(false);
      expect(place).toBeGreaterThan(places.get(id) ?? -1);
      underWay.add(id);
      places.set(id, place);
    }
    await new Promise(setImmediate);
    for (const { id } of invoices) underWay.delete(id);
    return created(sent);
  });
  expect((await result).counts.created).toBe(400);
});

test('lines that can’t be read are refused without being sent, in the file’s order', async () => {
  const sentAll: string[] = [];
  const { result, rejected } = importOf(['A', '!', 'B', 'C', '!'], async (sent) => {
    sentAll.push(...sent.map((json) => JSON.parse(json).id));
    const bad = { outcome: 'rejected', problem: { kind: 'invalid-body', detail: 'no due date' } } as const;
    return {
      kind: 'results',
      results: sent.map((json) => (json.includes('"C"') ? bad : { outcome: 'created' })),
    };
  });
  expect((await result).counts).toMatchObject({ created: 2, rejected: 3 });
  expect(sentAll).toEqual(['A', 'B', 'C']);
  expect(rejected.map(({ line, invoiceId, problem }) => [line, invoiceId, problem])).toEqual([
    [2, undefined, 'not JSON'],
    [4, 'C', 'no due date'],
    [5, undefined, 'not JSON'],
  ]);
});

test('a failure stops the import, and what came before it is noted', async () => {
  let requests = 0;
  const { result, points } = importOf(
    many(1_000),
    async (sent) => {
      requests += 1;
      if (requests > 4) throw new Error('The token is refused.');
      return created(sent);
    },
    { parallel: 1 },
  );
  await expect(result).rejects.toThrow('The token is refused.');
  expect(points.at(-1)).toMatchObject({ bytes: 4_000, counts: { created: 400 } });
  expect(requests).toBe(5);
});

test('told to stop, it begins no further batch and notes those under way', async () => {
  const stopping = new AbortController();
  let requests = 0;
  const { result, points } = importOf(
    many(1_000),
    async (sent) => {
      requests += 1;
      if (requests === 2) stopping.abort();
      return created(sent);
    },
    { parallel: 1, stop: stopping.signal },
  );
  expect(await result).toMatchObject({ bytes: 2_000 });
  expect(points).toHaveLength(2);
});
