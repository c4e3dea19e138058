import { createReadStream } from 'node:fs';
import type { ObjectType } from '../../../functions/hubspot/hubspot-api.ts';
import { readCsvRows } from '../csv-rows.ts';
import { Fingerprint } from '../ledger-import/fingerprint.ts';
import type { ImportFile, ImportFormat } from '../ledger-import/import-file.ts';
import type { ImportPoint } from '../ledger-import/import-point.ts';
import { type FileChunks, type ImportRecord, SHOWN_CHARACTERS } from '../ledger-import/import-record.ts';
import { readJsonLines } from '../ledger-import/json-lines.ts';
import { ToolFailure } from '../run-tool.ts';
import { headerFault, recordOfCells } from './record-columns.ts';

export interface RecordsFile {
  path: string;
  type: ObjectType;
  format: ImportFormat;
  /** For records that have no `updatedAt` of their own. */
  updatedAt: string | undefined;
  from: ImportPoint;
}

/**
 * Opens a file of contacts or products from a point on. Throws a ToolFailure where what was sent before is not what stands there now; lines
 * added at the end are simply what comes next.
 */
export async function openRecords(file: RecordsFile): Promise<ImportFile> {
  const { path, format, from } = file;
  const fingerprint = await fingerprintUpTo(path, from);
  async function* watched(chunks: FileChunks, passBy: number): AsyncGenerator<Buffer> {
    let left = passBy;
    for await (const chunk of chunks) {
      if (chunk.length > left) fingerprint.add(chunk.subarray(left));
      left = Math.max(0, left - chunk.length);
      yield chunk;
    }
  }
  const { bytes } = from;
  const records =
    format.kind === 'csv'
      ? // The header is at the beginning, and quotes are only known from there.
        csvRecords(watched(chunksOf(path, 0), bytes), file, format.separator)
      : jsonRecords(watched(chunksOf(path, bytes), 0), file);
  return { records, fingerprint: (end) => fingerprint.upTo(end) };
}

async function fingerprintUpTo(path: string, from: ImportPoint): Promise<Fingerprint> {
  const fingerprint = new Fingerprint();
  if (from.bytes === 0) return fingerprint;
  let passed = 0;
  for await (const chunk of chunksOf(path, 0, from.bytes)) {
    fingerprint.add(chunk);
    passed += chunk.length;
    fingerprint.upTo(passed);
  }
  if (fingerprint.upTo(from.bytes) === from.fingerprint) return fingerprint;
  throw new ToolFailure(
    `${path} has changed since its import was interrupted: what was sent until line ${from.line - 1} is no longer what stands there. Pass --from-start to send all of it.`,
  );
}

async function* csvRecords(
  chunks: FileChunks,
  { type, updatedAt, from }: RecordsFile,
  separator: string,
): AsyncGenerator<ImportRecord> {
  const rows = readCsvRows(chunks, {
    separator,
    headerFault: (header) => headerFault(type, header, separator),
  });
  for await (const { line, end, text, cells } of rows) {
    if (end <= from.bytes) continue;
    const content: ImportRecord['content'] =
      'problem' in cells
        ? { kind: 'unreadable', problem: cells.problem, text: text.trimEnd().slice(0, SHOWN_CHARACTERS) }
        : contentOf(recordOfCells(cells), updatedAt);
    yield { line, end, content };
  }
}

async function* jsonRecords(
  chunks: FileChunks,
  { updatedAt, from }: RecordsFile,
): AsyncGenerator<ImportRecord> {
  for await (const record of readJsonLines(chunks, { bytes: from.bytes, line: from.line })) {
    const { content } = record;
    yield content.kind === 'invoice'
      ? { ...record, content: contentOf(JSON.parse(content.json), updatedAt) }
      : record;
  }
}

/** Whatever stands on the line goes to the API, which says what is wrong with it. */
function contentOf(parsed: unknown, updatedAt: string | undefined): ImportRecord['content'] {
  if (parsed === null || typeof parsed !== 'object' || Array.isArray(parsed)) {
    return { kind: 'invoice', invoiceId: undefined, json: JSON.stringify(parsed) };
  }
  const record = updatedAt === undefined ? parsed : { updatedAt, ...parsed };
  const externalId = 'externalId' in record ? record.externalId : undefined;
  return {
    kind: 'invoice',
    invoiceId: typeof externalId === 'string' ? externalId : undefined,
    json: JSON.stringify(record),
  };
}

/** The file's bytes from `start` to before `end`. */
const chunksOf = (path: string, start: number, end?: number): FileChunks =>
  createReadStream(path, { start, ...(end === undefined ? {} : { end: end - 1 }) });
