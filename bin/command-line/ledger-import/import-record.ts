/** One invoice of the file, or what is there in its place. */
export interface ImportRecord {
  /** The line it begins on, from 1. */
  line: number;
  /** Where it ends, as bytes from the file's beginning, its line break included. */
  end: number;
  content:
    | { kind: 'invoice'; invoiceId: string | undefined; json: string }
    /** Can't be sent at all. */
    | { kind: 'unreadable'; problem: string; text: string };
}

/** No invoice is larger (100 kB as stored, 1 MB as sent), so more of a line is not kept. */
export const MAX_RECORD_BYTES = 1_000_000;

/** What a refusal repeats of a line that can't be read. */
export const SHOWN_CHARACTERS = 200;

/** Reads a part of a file as chunks. */
export type FileChunks = AsyncIterable<Buffer>;

/** Where reading begins. */
export interface StartingPoint {
  bytes: number;
  /** The line that begins there, from 1. */
  line: number;
}
