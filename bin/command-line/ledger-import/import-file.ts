import { createReadStream } from 'node:fs';
import { ToolFailure } from '../run-tool.ts';
import { readCsvInvoices } from './csv-invoices.ts';
import { Fingerprint } from './fingerprint.ts';
import type { ImportPoint } from './import-point.ts';
import type { FileChunks, ImportRecord } from './import-record.ts';
import { readJsonLines } from './json-lines.ts';

/** How the file is written. */
export type ImportFormat = { kind: 'json-lines' } | { kind: 'csv'; separator: string };

/** A file under import: what it holds after a point, and its fingerprint up to each place. */
export interface ImportFile {
  records: AsyncIterable<ImportRecord>;
  fingerprint: (end: number) => string;
}

/**
 * Opens a file for import from a point on. Throws a ToolFailure where what was imported before is not what stands there now; lines
 * added at the end are simply what comes next.
 */
export async function openImportFile(
  path: string,
  format: ImportFormat,
  from: ImportPoint,
): Promise<ImportFile> {
  const fingerprint = new Fingerprint();
  if (from.bytes > 0) {
    let passed = 0;
    for await (const chunk of chunksOf(path, 0, from.bytes)) {
      fingerprint.add(chunk);
      passed += chunk.length;
      fingerprint.upTo(passed);
    }
    if (fingerprint.upTo(from.bytes) !== from.fingerprint) {
      throw new ToolFailure(
        `${path} has changed since its import was interrupted: what was sent until line ${from.line - 1} is no longer what stands there. Pass --from-start to send all of it.`,
      );
    }
  }
  async function* watched(chunks: FileChunks, passBy: number): AsyncGenerator<Buffer> {
    let left = passBy;
    for await (const chunk of chunks) {
      if (chunk.length > left) fingerprint.add(chunk.subarray(left));
      left = Math.max(0, left - chunk.length);
      yield chunk;
    }
  }
  const { bytes, line } = from;
  const records =
    format.kind === 'csv'
      ? // The header is at the beginning, and quotes are only known from there.
        readCsvInvoices(watched(chunksOf(path, 0), bytes), { separator: format.separator, fromByte: bytes })
      : readJsonLines(watched(chunksOf(path, bytes), 0), { bytes, line });
  return { records, fingerprint: (end) => fingerprint.upTo(end) };
}

/** The file's bytes from `start` to before `end`. */
const chunksOf = (path: string, start: number, end?: number): FileChunks =>
  createReadStream(path, { start, ...(end === undefined ? {} : { end: end - 1 }) });
