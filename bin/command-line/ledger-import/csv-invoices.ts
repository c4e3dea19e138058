import { type CsvRow as PlacedRow, readCsvRows } from '../csv-rows.ts';
import { type CsvRow, contradiction, csvInvoice, headerFault } from './csv-columns.ts';
import { type FileChunks, type ImportRecord, SHOWN_CHARACTERS } from './import-record.ts';

export interface CsvOptions {
  separator: string;
  /** Invoices that end at or before this byte were imported already: they are only remembered. */
  fromByte: number;
}

/** One more than an invoice may have: enough for the API to refuse it, and no more is kept of it. */
const MOST_ROWS = 501;
/** An id that comes again within so many invoices shows that the file isn't sorted by invoice. */
const REMEMBERED_IDS = 10_000;

/**
 * Reads a CSV file of one row a line item, from its beginning, also where an import goes on: an invoice whose rows don't stand together would
 * replace its own first lines. Throws a ToolFailure where the header or the quotes can't be read: what follows would be guesswork.
 */
export async function* readCsvInvoices(
  chunks: FileChunks,
  { separator, fromByte }: CsvOptions,
): AsyncGenerator<ImportRecord> {
  const reading = {
    separator,
    headerFault: (header: readonly string[]) => headerFault(header, separator),
  };
  const seen = new Set<string>();
  for await (const rows of invoicesOf(readCsvRows(chunks, reading))) {
    const record = recordOf(rows, seen);
    if (record.content.kind === 'invoice') remember(seen, record.content.invoiceId ?? '');
    if (record.end > fromByte) yield record;
  }
}

/** Rows that follow each other with the same id. A row that can't be read belongs to none, and stands by itself. */
async function* invoicesOf(rows: AsyncIterable<PlacedRow>): AsyncGenerator<PlacedRow[]> {
  let open: PlacedRow[] = [];
  let openId: string | undefined;
  for await (const placed of rows) {
    const id = 'problem' in placed.cells ? undefined : placed.cells.get('invoiceId');
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
  const read = rows.flatMap(({ cells }) => ('problem' in cells ? [] : [cells]));
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
  placed && 'problem' in placed.cells ? placed.cells.problem : 'The row can’t be read.';

function remember(seen: Set<string>, id: string): void {
  seen.add(id);
  const [oldest] = seen;
  if (seen.size > REMEMBERED_IDS && oldest !== undefined) seen.delete(oldest);
}
