import { pipeline } from 'node:stream/promises';
import { CsvError, parse } from 'csv-parse';
import { LineCounter } from './line-counter.ts';
import { ToolFailure } from './run-tool.ts';
import { utf8Only } from './utf8-only.ts';

/** A row of a CSV file, below its header. */
export interface CsvRow {
  /** The line it begins on, from 1. */
  line: number;
  /** Where it ends, as bytes from the file's beginning, its line break included. */
  end: number;
  /** As it is written. */
  text: string;
  /** Its cells by column, trimmed and without empty ones; or what is wrong with it. */
  cells: ReadonlyMap<string, string> | { problem: string };
}

export interface CsvReading {
  separator: string;
  /** What is wrong with a header, as a sentence; undefined where it can be read. */
  headerFault: (header: readonly string[]) => string | undefined;
}

/** No row is larger: a record has at most 1 MB as sent. More is a quote that isn't closed, and would take in the rest of the file. */
const MOST_ROW_BYTES = 1_000_000;

/**
 * Reads a CSV file from its beginning. Throws a ToolFailure where the text, the header or the quotes can't be read: what follows would be
 * guesswork.
 */
export async function* readCsvRows(
  chunks: AsyncIterable<Buffer>,
  { separator, headerFault }: CsvReading,
): AsyncGenerator<CsvRow> {
  const lines = new LineCounter();
  /** Where the newest row ends that was parsed, perhaps some rows ahead of what is read below. */
  let parsedEnd = 0;
  const parser = parse({
    delimiter: separator,
    record_delimiter: ['\r\n', '\n'],
    bom: true,
    info: true,
    raw: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MOST_ROW_BYTES,
    on_record: (record: string[], { bytes }) => {
      parsedEnd = bytes;
      return record;
    },
  });
  // What breaks it breaks the parser too, and is told there.
  const feeding = pipeline(counted(utf8Only(chunks), lines), parser).catch(() => undefined);
  let header: string[] | undefined;
  try {
    for await (const each of parser) {
      const { record, info, raw } = each as { record: string[]; info: { bytes: number }; raw: string };
      const line = lines.lineOf(info.bytes, record);
      if (!header) {
        header = record.map((name) => name.trim());
        const fault = headerFault(header);
        if (fault) throw new ToolFailure(fault);
      } else if (record.some((cell) => cell.trim() !== '')) {
        yield { line, end: info.bytes, text: raw, cells: cellsOf(header, record) };
      }
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new ToolFailure(unreadable(error, lines.lineAt(parsedEnd)));
  } finally {
    parser.destroy();
    await feeding;
  }
  if (!header) throw new ToolFailure('The file is empty; expected a header row.');
}

async function* counted(chunks: AsyncIterable<Buffer>, lines: LineCounter): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    lines.add(chunk);
    yield chunk;
  }
}

function unreadable(error: CsvError, line: number): string {
  if (error.code === 'CSV_MAX_RECORD_SIZE' || error.code === 'CSV_QUOTE_NOT_CLOSED') {
    return `The file can't be read as CSV any further: the row that begins on line ${line} does not end. It has a quote (") that is not closed.`;
  }
  return `The file can't be read as CSV any further, in the row that begins on line ${line}: ${error.message}`;
}

function cellsOf(header: readonly string[], record: readonly string[]): CsvRow['cells'] {
  if (record.length !== header.length) {
    return { problem: `The row has ${record.length} cells, and the header ${header.length}.` };
  }
  return new Map(
    header.flatMap((name, place): [string, string][] => {
      const cell = record[place]?.trim() ?? '';
      return cell === '' ? [] : [[name, cell]];
    }),
  );
}
