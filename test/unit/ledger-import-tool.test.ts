import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { batchesOf } from '../../bin/command-line/ledger-import/batches.ts';
import { readCsvInvoices } from '../../bin/command-line/ledger-import/csv-invoices.ts';
import { Fingerprint } from '../../bin/command-line/ledger-import/fingerprint.ts';
import { type ImportRecord, MAX_RECORD_BYTES } from '../../bin/command-line/ledger-import/import-record.ts';
import { readJsonLines } from '../../bin/command-line/ledger-import/json-lines.ts';

/** A file's bytes in pieces of this size. */
async function* chunks(bytes: string | Buffer, size = 65_536): AsyncGenerator<Buffer> {
  const buffer = Buffer.from(bytes);
  for (let start = 0; start < buffer.length; start += size) yield buffer.subarray(start, start + size);
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

const START = { bytes: 0, line: 1 };
const jsonLines = (text: string | Buffer, size?: number) => all(readJsonLines(chunks(text, size), START));
const csv = (text: string | Buffer, size?: number, fromByte = 0, separator = ',') =>
  all(readCsvInvoices(chunks(text, size), { separator, fromByte }));

const sent = (record: ImportRecord | undefined): unknown =>
  record?.content.kind === 'invoice' ? JSON.parse(record.content.json) : record?.content;

describe('JSON Lines', () => {
  test('each line is an invoice, with its line and where it ends, however the bytes are cut', async () => {
    const text = '\ufeff{"invoiceId":"Ä-1"}\r\n\r\n  {"invoiceId":"B€"}\n{"number":"3"}';
    for (const size of [1, 2, 7, 1000]) {
      const records = await jsonLines(text, size);
      expect(
        records.map(({ line, content }) => [line, content.kind === 'invoice' && content.invoiceId]),
      ).toEqual([
        [1, 'Ä-1'],
        [3, 'B€'],
        [4, undefined],
      ]);
      expect(records.at(-1)?.end).toBe(Buffer.byteLength(text));
    }
  });

  test('reading on from where a record ended yields the rest', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('{"invoiceId":"ü"}', '', 'no', ' {} '), { maxLength: 12 }),
        fc.nat(),
        async (lines, pick) => {
          const bytes = Buffer.from(lines.join('\n'));
          const records = await jsonLines(bytes);
          if (records.length === 0) return;
          const place = pick % records.length;
          const { end = 0, line = 0 } = records[place] ?? {};
          const rest = await all(readJsonLines(chunks(bytes.subarray(end)), { bytes: end, line: line + 1 }));
          expect(rest).toEqual(records.slice(place + 1));
        },
      ),
    );
  });

  test('what is no JSON, no UTF-8, too long or holds __proto__ is told by itself and spoils nothing', async () => {
    const long = `{"a":"${'x'.repeat(MAX_RECORD_BYTES)}"}`;
    const bytes = Buffer.concat([
      Buffer.from(`{oops\n{"__proto__":{}}\n${long}\n`),
      Buffer.from([0x22, 0xff, 0x22, 0x0a]),
      Buffer.from(`{}\n${'['.repeat(101)}${']'.repeat(101)}`),
    ]);
    expect(
      (await jsonLines(bytes)).map(({ line, content }) => [line, 'problem' in content && content.problem]),
    ).toEqual([
      [1, 'The line is not JSON.'],
      [2, 'The field __proto__ is not allowed.'],
      [3, 'The line has more than 1000000 bytes, which is more than a record has.'],
      [4, 'The line is not UTF-8 text.'],
      [5, false],
      [6, 'The line is nested deeper than 100 levels.'],
    ]);
  });
});

describe('CSV', () => {
  const HEADER =
    'invoiceId,number,dealId,customerName,customerAddress,currency,issueDate,dueDate,status,total,description,quantity,unitPrice,taxRate';
  const row = (cells: Partial<Record<string, string>>) =>
    HEADER.split(',')
      .map((name) => cells[name] ?? '')
      .map((cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
      .join(',');
  const first = {
    invoiceId: 'A-1',
    number: '1',
    dealId: '5',
    customerName: 'Berg, "Anna"',
    customerAddress: 'Weg 1\n10115 Berlin',
    currency: 'EUR',
    issueDate: '2026-01-01',
    dueDate: '2026-02-01',
    status: 'open',
  };
  const file = (...rows: string[]) => `${[HEADER, ...rows].join('\r\n')}\r\n`;

  test('rows of one invoice become its lines; empty cells say nothing', async () => {
    const text = file(
      row({ ...first, description: 'Oven', quantity: '1', unitPrice: '10.00', taxRate: '0.19' }),
      row({ invoiceId: 'A-1', description: 'Ladle', quantity: '2', unitPrice: '3' }),
      row({ ...first, invoiceId: 'A-2', dealId: 'none', total: '7.00' }),
    );
    for (const size of [1, 5, 1000]) {
      const records = await csv(text, size);
      expect(records.map(({ line }) => line)).toEqual([2, 5]);
      expect(sent(records[0])).toEqual({
        invoiceId: 'A-1',
        number: '1',
        dealId: '5',
        customer: { name: 'Berg, "Anna"', address: ['Weg 1', '10115 Berlin'] },
        currency: 'EUR',
        issueDate: '2026-01-01',
        dueDate: '2026-02-01',
        status: 'open',
        lines: [
          { description: 'Oven', quantity: '1', unitPrice: '10.00', taxRate: '0.19' },
          { description: 'Ladle', quantity: '2', unitPrice: '3' },
        ],
      });
      expect(sent(records[1])).toMatchObject({ invoiceId: 'A-2', dealId: null, total: '7.00', lines: [] });
    }
  });

  test('going on at a record’s end yields the rest, with the same lines', async () => {
    const text = file(row(first), row({ ...first, invoiceId: 'A-2' }), row({ ...first, invoiceId: 'A-3' }));
    const records = await csv(text);
    expect(await csv(text, 3, records[0]?.end)).toEqual(records.slice(1));
    expect(await csv(text, 3, records[2]?.end)).toEqual([]);
  });

  test('going on, it still knows the invoices that were sent: rows that come later don’t replace them', async () => {
    const text = file(row(first), row({ ...first, invoiceId: 'A-2' }), row({ ...first, description: 'x' }));
    const records = await csv(text);
    const goneOn = await csv(text, 3, records[1]?.end);
    expect(goneOn).toEqual(records.slice(2));
    expect(goneOn[0]?.content).toMatchObject({
      problem: "The rows of invoice A-1 don't stand together: sort the file by invoice.",
    });
  });

  test('rows that disagree, lack cells or an id, or don’t stand together are refused by themselves', async () => {
    const records = await csv(
      file(
        row(first),
        row({ invoiceId: 'A-1', currency: 'JPY' }),
        'A-2,short',
        row({ ...first, invoiceId: '' }),
        row({ ...first, invoiceId: 'A-3' }),
        row({ ...first, invoiceId: 'A-4' }),
        row({ ...first, invoiceId: 'A-3' }),
      ),
    );
    expect(records.map(({ content }) => 'problem' in content && content.problem)).toEqual([
      'The rows of invoice A-1 disagree in currency.',
      'The row has 2 cells, and the header 14.',
      'The row has no invoiceId.',
      false,
      false,
      "The rows of invoice A-3 don't stand together: sort the file by invoice.",
    ]);
  });

  test('of an invoice with too many rows one more than allowed is sent, so that the ledger refuses it', async () => {
    const more = Array.from({ length: 600 }, () =>
      row({ invoiceId: 'A-1', description: 'x', quantity: '1', unitPrice: '1' }),
    );
    const [record, next] = await csv(
      file(
        row({ ...first, description: 'x', quantity: '1', unitPrice: '1' }),
        ...more,
        row({ ...first, invoiceId: 'A-2' }),
      ),
    );
    expect((sent(record) as { lines: unknown[] }).lines).toHaveLength(501);
    expect(sent(next)).toMatchObject({ invoiceId: 'A-2' });
  });

  test.each([
    ['invoiceId;number;status', /not separated by ",".*--separator/],
    ['invoiceId,numbre', /a column "numbre"\. Known columns: invoiceId, number/],
    ['invoiceId,number,invoiceId', /the column invoiceId twice/],
    ['invoiceId,number', /lacks customerName, currency, issueDate, dueDate, status/],
    ['', /empty/],
  ])('a header %j that can’t be read ends the import with the reason', async (header, told) => {
    await expect(csv(header)).rejects.toThrow(told);
  });

  test('broken quotes end the import: what follows would be guesswork', async () => {
    await expect(csv(file(row(first), 'A-2,"x"y'))).rejects.toThrow(
      /can't be read as CSV any further, in the row that begins on line 4: .* line 4/,
    );
  });

  test('a quote that is not closed ends the import where its row begins, without reading on to the end', async () => {
    let read = 0;
    async function* endless(): AsyncGenerator<Buffer> {
      yield Buffer.from(file(row(first), 'A-2,"x').trimEnd());
      for (; read < 50e6; read += 65_536) yield Buffer.alloc(65_536, 'x,y\n');
    }
    await expect(all(readCsvInvoices(endless(), { separator: ',', fromByte: 0 }))).rejects.toThrow(
      /the row that begins on line 4 does not end. It has a quote/,
    );
    expect(read).toBeLessThan(2e6);
    await expect(csv(file('A-2,"x\n\ny'))).rejects.toThrow(/row that begins on line 2 does not end/);
  });

  test.each([1, 2, 3, 1000])(
    'text in another encoding ends the import at its line, and is never stored garbled (pieces of %i)',
    async (size) => {
      const accents = file(row({ ...first, customerName: 'Zoë €😀' }), row({ ...first, customerName: 'Ž' }));
      expect(await csv(accents, size)).toHaveLength(1);
      const latin1 = Buffer.concat([
        Buffer.from(file(row({ ...first, customerName: 'Zoë' }))),
        Buffer.from(row({ ...first, invoiceId: 'A-2', customerName: 'Müller' }), 'latin1'),
      ]);
      await expect(csv(latin1, size)).rejects.toThrow('Line 4 is not UTF-8 text');
      await expect(csv(latin1, size)).rejects.toThrow('Save it as "CSV UTF-8"');
      await expect(csv(Buffer.from(file(row(first)), 'utf16le'), size)).rejects.toThrow(
        'Line 1 is not UTF-8',
      );
      await expect(csv(Buffer.from(`\ufeff${HEADER}`, 'utf16le'), size)).rejects.toThrow(
        'Line 1 is not UTF-8',
      );
      await expect(csv(latin1.subarray(0, -4), size)).rejects.toThrow('Line 4 is not UTF-8');
    },
  );

  test('another separator is taken', async () => {
    const text = file(row({ ...first, customerName: 'Berg', customerAddress: '' })).replaceAll(',', ';');
    expect(sent((await csv(text, 9, 0, ';'))[0])).toMatchObject({ invoiceId: 'A-1' });
  });
});

describe('batches', () => {
  async function* records(ids: (string | undefined)[], bytes = 2): AsyncGenerator<ImportRecord> {
    for (const [index, invoiceId] of ids.entries()) {
      yield {
        line: index + 1,
        end: index + 1,
        content: { kind: 'invoice', invoiceId, json: 'x'.repeat(bytes) },
      };
    }
  }
  const sizes = async (source: AsyncIterable<ImportRecord>) =>
    (await all(batchesOf(source))).map((batch) => [batch.records.length, batch.end]);

  test('a batch has at most 100 invoices', async () => {
    const ids = Array.from({ length: 250 }, (_, index) => `I-${index}`);
    expect(await sizes(records(ids))).toEqual([
      [100, 100],
      [100, 200],
      [50, 250],
    ]);
  });

  test('a batch stays well below 4 MB', async () => {
    expect(await sizes(records(['a', 'b', 'c', 'd'], 900_000))).toEqual([
      [3, 3],
      [1, 4],
    ]);
  });

  test('no batch has one invoice twice', async () => {
    expect(await sizes(records(['a', 'b', 'a', undefined, undefined, 'b']))).toEqual([
      [2, 2],
      [4, 6],
    ]);
  });
});

test('a fingerprint depends on the bytes up to a place, not on how they came', () => {
  const bytes = Buffer.from('one\ntwo\nthree');
  const marks = [1, 4, 5, 100].map((size) => {
    const fingerprint = new Fingerprint();
    for (let start = 0; start < bytes.length; start += size)
      fingerprint.add(bytes.subarray(start, start + size));
    return [fingerprint.upTo(4), fingerprint.upTo(8)];
  });
  expect(new Set(marks.map(String)).size).toBe(1);
  expect(marks[0]?.[0]).not.toBe(marks[0]?.[1]);
});
