import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { IMPORT_START } from '../../bin/command-line/ledger-import/import-point.ts';
import type { ImportRecord } from '../../bin/command-line/ledger-import/import-record.ts';
import { openRecords } from '../../bin/command-line/sync-import/open-records.ts';
import { recordBatches } from '../../bin/command-line/sync-import/record-batches.ts';
import { headerFault } from '../../bin/command-line/sync-import/record-columns.ts';
import type { ObjectType } from '../../functions/hubspot/hubspot-api.ts';
import { readRecord } from '../../functions/sync/intake/read-record.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sync-import-'));
});
afterEach(() => rm(folder, { recursive: true }));

interface Options {
  type?: ObjectType;
  updatedAt?: string;
  separator?: string;
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

async function recordsIn(path: string, { type = 'products', updatedAt, separator = ',' }: Options = {}) {
  const format = path.endsWith('.csv')
    ? ({ kind: 'csv', separator } as const)
    : { kind: 'json-lines' as const };
  const file = await openRecords({ path, type, format, updatedAt, from: IMPORT_START });
  return all(file.records);
}

async function recordsOf(name: string, text: string, options?: Options) {
  const path = join(folder, name);
  await writeFile(path, text);
  return recordsIn(path, options);
}

const sent = ({ content }: ImportRecord): unknown =>
  content.kind === 'invoice' ? JSON.parse(content.json) : content;

describe('a CSV file', () => {
  test('is a record a row: an empty cell is a field left out, properties.<name> goes into properties, deleted is a truth value', async () => {
    const records = await recordsOf(
      'p.csv',
      'externalId,name,sku,properties.hs_url,deleted\r\nA/1, Desk ,,https://x,\r\nA/2,,,,TRUE\r\n"A,3","two\r\nlines",7,,maybe\r\n',
    );
    expect(records.map(sent)).toEqual([
      { externalId: 'A/1', name: 'Desk', properties: { hs_url: 'https://x' } },
      { externalId: 'A/2', deleted: true },
      { externalId: 'A,3', name: 'two\r\nlines', sku: '7', deleted: 'maybe' },
    ]);
    expect(records.map(({ line }) => line)).toEqual([2, 3, 4]);
  });

  test('names a row with too few or many cells by its line, and goes on', async () => {
    const records = await recordsOf('p.csv', 'externalId,name\nA,1\nB\nC,2\n');
    expect(records.map(({ line, content }) => [line, content.kind])).toEqual([
      [2, 'invoice'],
      [3, 'unreadable'],
      [4, 'invoice'],
    ]);
    expect(records[1]?.content).toMatchObject({ problem: 'The row has 1 cells, and the header 2.' });
  });

  test.each([
    ['externalId;name', 'It is not separated by', /is not separated by ","/],
    ['externalId,colour', 'an unknown column', /has a column "colour". Known columns: externalId/],
    ['externalId,properties.', 'a property without a name', /has a column "properties\."/],
    ['externalId,name,name', 'a column twice', /the column name twice/],
    ['name,sku', 'no id', /lacks externalId/],
  ])('is refused at its header: %s (%s)', (header, _, fault) => {
    expect(headerFault('products', header.split(','), ',')).toMatch(fault);
  });

  test('of contacts has the columns of contacts', () => {
    expect(headerFault('contacts', ['externalId', 'email', 'firstName'], ',')).toBeUndefined();
    expect(headerFault('contacts', ['externalId', 'sku'], ',')).toMatch(/has a column "sku"/);
  });
});

describe('any file', () => {
  test('may leave the time to --updated-at; a time of its own counts more', async () => {
    const text = '{"externalId":"A"}\n{"externalId":"B","updatedAt":"2026-01-01T00:00:00Z"}\n';
    const records = await recordsOf('p.jsonl', text, { updatedAt: '2026-11-22T09:30:00Z' });
    expect(records.map(sent)).toEqual([
      { externalId: 'A', updatedAt: '2026-11-22T09:30:00Z' },
      { externalId: 'B', updatedAt: '2026-01-01T00:00:00Z' },
    ]);
  });

  test('is cut into calls of at most 1,000 records and less than 1 MB, in its order', async () => {
    const text = Array.from({ length: 2_100 }, (_, index) => `{"externalId":"${index}"}`).join('\n');
    const many = await recordsOf('p.jsonl', text);
    const large = Array.from({ length: 30 }, (_, index) => ({
      line: index + 1,
      end: index + 1,
      content: { kind: 'invoice' as const, invoiceId: `${index}`, json: 'x'.repeat(100_000) },
    }));
    async function* each(records: readonly ImportRecord[]) {
      yield* records;
    }
    const calls = await all(recordBatches(each(many)));
    expect(calls.map(({ records }) => records.length)).toEqual([1_000, 1_000, 100]);
    expect(calls.flatMap(({ records }) => records)).toEqual(many);
    const heavy = await all(recordBatches(each(large)));
    expect(heavy.map(({ records }) => records.length)).toEqual([9, 9, 9, 3]);
  });
});

describe('the samples', () => {
  test.each(['products.csv', 'products.jsonl', 'contacts.csv', 'contacts.jsonl'])(
    '%s is taken as it is',
    async (name) => {
      const type = name.startsWith('products') ? 'products' : 'contacts';
      const path = join('docs', 'samples', name);
      const records = await recordsIn(path, { type });
      expect(records.length).toBeGreaterThan(1);
      expect(await readFile(path, 'utf8')).toContain('externalId');
      for (const record of records) {
        expect(readRecord(type, sent(record), Date.parse('2026-11-22T09:30:00Z'))).toMatchObject({
          kind: 'read',
        });
      }
    },
  );
});
