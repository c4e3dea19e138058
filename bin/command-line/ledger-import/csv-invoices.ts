import { CsvError, parse } from 'csv-parse';
import { ToolFailure } from '../run-tool.ts';
import { type CsvRow, contradiction, csvInvoice, csvRow, headerFault } from './csv-columns.ts';
import { type FileChunks, type ImportRecord, SHOWN_CHARACTERS } from './import-record.ts';
import { LineCounter } from './line-counter.ts';

export interface CsvOptions {
  separator: string;
  /** Rows that end at or before this byte were imported already; the header is read in any case. */
  fromByte: number;
}

interface PlacedRow {
  line: number;
  end: number;
  text: string;
  row: CsvRow | { problem: string };
}

/** One more than an invoice may have: enough for the API to refuse it, and no more is kept of it. */
const MOST_ROWS = 501;
/** An id that comes again within so many invoices shows that the file isn't sorted by invoice. */
const REMEMBERED_IDS = 10_000;

/**
 * Reads a CSV file of one row a line item, from its beginning. Rows of one invoice stand together. Throws a ToolFailure where the header or the
 * quotes can't be read: what follows would be guesswork.
 */
export async function* readCsvInvoices(
  chunks: FileChunks,
  { separator, fromByte }: CsvOptions,
): AsyncGenerator<ImportRecord> {
  const seen = new Set<string>();
  for await (const rows of invoicesOf(readRows(chunks, separator, fromByte))) {
    const record = recordOf(rows, seen);
    if (record.content.kind === 'invoice') remember(seen, record.content.invoiceId ?? '');
    yield record;
  }
}

async function* readRows(chunks: FileChunks, separator: string, fromByte: number): AsyncGenerator<PlacedRow> {
  const lines = new LineCounter();
  const parser = parse({
    delimiter: separator,
    record_delimiter: ['\r\n', '\n'],
    bom: true,
    info: true,
    raw: true,
    relax_column_count: true,
    skip_empty_lines: true,
  });
  const feeding = feed(chunks, parser, lines);
  let header: string[] | undefined;
  try {
    for await (const each of parser) {
      const { record: cells, info, raw } = each as { record: string[]; info: { bytes: number }; raw: string };
      const line = lines.lineOf(info.bytes, cells);
      if (!header) {
        header = cells.map((name) => name.trim());
        const fault = headerFault(header, separator);
        if (fault) throw new ToolFailure(fault);
      } else if (info.bytes > fromByte && cells.some((cell) => cell.trim() !== '')) {
        yield { line, end: info.bytes, text: raw, row: csvRow(header, cells) };
      }
    }
    await feeding;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new ToolFailure(`The file can't be read as CSV any further: ${error.message}`);
  } finally {
    parser.destroy();
  }
  if (!header) throw new ToolFailure('The file is empty; expected a header row.');
}

/** Gives the parser the file, at the parser's pace. */
async function feed(chunks: FileChunks, parser: ReturnType<typeof parse>, lines: LineCounter): Promise<void> {
  try {
    for await (const chunk of chunks) {
      lines.add(chunk);
      if (parser.destroyed) return;
      if (!parser.write(chunk)) await new Promise<void>((resolve) => drained(parser, resolve));
    }
    parser.end();
  } catch (error) {
    parser.destroy(error instanceof Error ? error : new Error(String(error)));
  }
}

function drained(parser: ReturnType<typeof parse>, resolve: () => void): void {
  parser.once('drain', resolve);
  parser.once('close', resolve);
}

/** Rows that follow each other with the same id. A row that can't be read belongs to none, and stands by itself. */
async function* invoicesOf(rows: AsyncIterable<PlacedRow>): AsyncGenerator<PlacedRow[]> {
  let open: PlacedRow[] = [];
  let openId: string | undefined;
  for await (const placed of rows) {
    const id = 'problem' in placed.row ? undefined : placed.row.get('invoiceId');
    if (id === undefined || id !== openId) {
      if (open.length > 0) yield open;
      open = [placed];
      openId = id;
    } else if (open.length < MOST_ROWS) {
      open.push(placed);
    } else {
      open.splice(-1, 1, placed);
    }
  }
  if (open.length > 0) yield open;
}

function recordOf(rows: readonly PlacedRow[], seen: ReadonlySet<string>): ImportRecord {
  const { line = 0, text = '' } = rows[0] ?? {};
  const end = rows.at(-1)?.end ?? 0;
  const read = rows.flatMap(({ row }) => ('problem' in row ? [] : [row]));
  const [first] = read;
  const problem = first ? fault(first, read, seen) : rowProblem(rows[0]);
  if (problem) {
    return { line, end, content: { kind: 'unreadable', problem, text: text.slice(0, SHOWN_CHARACTERS) } };
  }
  return {
    line,
    end,
    content: { kind: 'invoice', invoiceId: first?.get('invoiceId'), json: JSON.stringify(csvInvoice(read)) },
  };
}

function fault(first: CsvRow, rows: readonly CsvRow[], seen: ReadonlySet<string>): string | undefined {
  const id = first.get('invoiceId');
  if (id === undefined) return 'The row has no invoiceId.';
  if (seen.has(id)) return `The rows of invoice ${id} don't stand together: sort the file by invoice.`;
  for (const row of rows.slice(1)) {
    const column = contradiction(first, row);
    if (column) return `The rows of invoice ${id} disagree in ${column}.`;
  }
  return undefined;
}

const rowProblem = (placed: PlacedRow | undefined): string =>
  placed && 'problem' in placed.row ? placed.row.problem : 'The row can’t be read.';

function remember(seen: Set<string>, id: string): void {
  seen.add(id);
  const [oldest] = seen;
  if (seen.size > REMEMBERED_IDS && oldest !== undefined) seen.delete(oldest);
}
