import { isUtf8 } from 'node:buffer';
import { ToolFailure } from './run-tool.ts';

const LINE_FEED = 0x0a;
const NOTHING = Buffer.alloc(0);

/**
 * Passes a text file on as long as it is UTF-8. Throws a ToolFailure that names the first line that isn't: read all the same, "Müller" would be
 * stored without its letters.
 */
export async function* utf8Only(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let line = 1;
  /** The beginning of a character whose end is in the next chunk. */
  let cut: Buffer = NOTHING;
  for await (const chunk of chunks) {
    const text = cut.length === 0 ? chunk : Buffer.concat([cut, chunk]);
    const end = text.length - cutAtEnd(text);
    const whole = text.subarray(0, end);
    if (!isText(whole)) throw new ToolFailure(notUtf8(line + breaksBeforeFault(whole)));
    line += breaksIn(whole);
    cut = Buffer.from(text.subarray(end));
    yield chunk;
  }
  if (cut.length > 0) throw new ToolFailure(notUtf8(line));
}

/** UTF-16 without a mark at its beginning is, byte by byte, ASCII with zeros between. */
const isText = (bytes: Buffer): boolean => isUtf8(bytes) && !bytes.includes(0);

/** How many bytes at the end begin a character that does not end there: at most three. */
function cutAtEnd(bytes: Buffer): number {
  for (let count = 1; count <= Math.min(3, bytes.length); count++) {
    const byte = bytes[bytes.length - count] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return count < characterLength(byte) ? count : 0;
  }
  return 0;
}

const characterLength = (first: number): number => (first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2);

function breaksIn(bytes: Buffer): number {
  let breaks = 0;
  for (let at = bytes.indexOf(LINE_FEED); at !== -1; at = bytes.indexOf(LINE_FEED, at + 1)) breaks += 1;
  return breaks;
}

/** How many line breaks come before the first line that is not text; no line break is part of another character. */
function breaksBeforeFault(bytes: Buffer): number {
  let breaks = 0;
  let start = 0;
  for (;;) {
    const at = bytes.indexOf(LINE_FEED, start);
    if (at === -1 || !isText(bytes.subarray(start, at))) return breaks;
    breaks += 1;
    start = at + 1;
  }
}

const notUtf8 = (line: number): string =>
  `Line ${line} is not UTF-8 text: the file was saved in another encoding. Save it as "CSV UTF-8" and import it again.`;
