import { MalformedJsonError, parseJson } from '../../../functions/input/parse-json.ts';
import {
  type FileChunks,
  type ImportRecord,
  MAX_RECORD_BYTES,
  SHOWN_CHARACTERS,
  type StartingPoint,
} from './import-record.ts';

const LINE_FEED = 0x0a;
const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** Reads a file of one JSON object a line (JSON Lines), from a starting point on. Blank lines are passed over. */
export async function* readJsonLines(chunks: FileChunks, from: StartingPoint): AsyncGenerator<ImportRecord> {
  let { bytes: end, line } = from;
  for await (const { bytes, length } of linesOf(chunks)) {
    end += length;
    const content = bytes ? contentOf(bytes) : TOO_LONG;
    if (content) yield { line, end, content };
    line += 1;
  }
}

const TOO_LONG: ImportRecord['content'] = {
  kind: 'unreadable',
  problem: `The line has more than ${MAX_RECORD_BYTES} bytes, which is more than a record has.`,
  text: '',
};

/** Lines with their lengths, line break included. The bytes of one that is too long are left out, so that memory stays small. */
async function* linesOf(chunks: FileChunks): AsyncGenerator<{ bytes: Buffer | undefined; length: number }> {
  let open: Buffer[] = [];
  let length = 0;
  const closed = () => ({ bytes: length > MAX_RECORD_BYTES ? undefined : Buffer.concat(open), length });
  for await (const chunk of chunks) {
    let start = 0;
    while (start < chunk.length) {
      const lineFeed = chunk.indexOf(LINE_FEED, start);
      const end = lineFeed === -1 ? chunk.length : lineFeed + 1;
      length += end - start;
      if (length <= MAX_RECORD_BYTES) open.push(chunk.subarray(start, end));
      else open = [];
      start = end;
      if (lineFeed === -1) continue;
      yield closed();
      open = [];
      length = 0;
    }
  }
  if (length > 0) yield closed();
}

function contentOf(bytes: Buffer): ImportRecord['content'] | undefined {
  let text: string;
  try {
    text = UTF8.decode(bytes).trim();
  } catch {
    return { kind: 'unreadable', problem: 'The line is not UTF-8 text.', text: '' };
  }
  if (text === '') return undefined;
  try {
    const invoice = parseJson(text);
    return { kind: 'invoice', invoiceId: invoiceIdOf(invoice), json: text };
  } catch (error) {
    if (!(error instanceof MalformedJsonError)) throw error;
    const problem = error.field === undefined ? `The line ${error.problem}.` : error.message;
    return { kind: 'unreadable', problem, text: text.slice(0, SHOWN_CHARACTERS) };
  }
}

function invoiceIdOf(invoice: unknown): string | undefined {
  if (typeof invoice !== 'object' || invoice === null || !('invoiceId' in invoice)) return undefined;
  return typeof invoice.invoiceId === 'string' ? invoice.invoiceId : undefined;
}
