import { CsvError, parse } from 'csv-parse';
import { LineCounter } from './line-counter.ts';
import { ToolFailure } from './run-tool.ts';

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
  /** Rows that end at or before this byte are passed over; the header is read in any case. */
  fromByte: number;
  /** What is wrong with a header, as a sentence; undefined where it can be read. */
  headerFault: (header: readonly string[]) => string | undefined;
}

/**
 * Reads a CSV file from its beginning. Throws a ToolFailure where the header or the quotes can't be read: what follows would be guesswork.
 */
export async function* readCsvRows(
  chunks: AsyncIterable<Buffer>,
  { separator, fromByte, headerFault }: CsvReading,
): AsyncGenerator<CsvRow> {
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
      const { record, info, raw } = each as { record: string[]; info: { bytes: number }; raw: string };
      const line = lines.lineOf(info.bytes, record);
      if (!header) {
        header = record.map((name) => name.trim());
        const fault = headerFault(header);
        if (fault) throw new ToolFailure(fault);
      } else if (info.bytes > fromByte && record.some((cell) => cell.trim() !== '')) {
        yield { line, end: info.bytes, text: raw, cells: cellsOf(header, record) };
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
async function feed(
  chunks: AsyncIterable<Buffer>,
  parser: ReturnType<typeof parse>,
  lines: LineCounter,
): Promise<void> {
  try {
    for await (const chunk of chunks) {
      lines.add(chunk);
      if (parser.destroyed) return;
      if (!parser.write(chunk)) {
        await new Promise<void>((resolve) => {
          parser.once('drain', resolve);
          parser.once('close', resolve);
        });
      }
    }
    parser.end();
  } catch (error) {
    parser.destroy(error instanceof Error ? error : new Error(String(error)));
  }
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
