import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { LogEntry } from './change.ts';

const FILE = 'hubspot.jsonl';

/** Where answered writes are kept, so that a restart (also after `kill -9`) still has every one of them. */
export interface OperationLog {
  append(entry: LogEntry): void;
  close(): void;
}

/** Keeps nothing: an imitation that lives in memory only. */
export const NO_LOG: OperationLog = { append: () => undefined, close: () => undefined };

/**
 * Every entry of the log, oldest first. A torn last line (the process ended while writing it, so nobody was answered) is left out.
 * @throws Error for a line in the middle that can't be read
 */
export function readLog(directory: string): LogEntry[] {
  const file = join(directory, FILE);
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  const torn = lines.pop();
  const entries = lines.map((line, index) => entryOf(line, index + 1));
  if (torn !== undefined && torn !== '' && isWhole(torn)) entries.push(JSON.parse(torn));
  return entries;
}

/** Replaces the log by these entries and opens it for appending. The old log stays until the new one is wholly on disk. */
export function startLog(directory: string, entries: Iterable<LogEntry>): OperationLog {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, FILE);
  const draft = openSync(`${file}.new`, 'w');
  for (const entry of entries) writeWhole(draft, `${JSON.stringify(entry)}\n`);
  fsyncSync(draft);
  closeSync(draft);
  renameSync(`${file}.new`, file);
  const appending = openSync(file, 'a');
  return {
    append: (entry) => writeWhole(appending, `${JSON.stringify(entry)}\n`),
    close: () => closeSync(appending),
  };
}

function writeWhole(descriptor: number, line: string): void {
  const bytes = Buffer.from(line);
  let written = 0;
  while (written < bytes.length) written += writeSync(descriptor, bytes, written);
}

function isWhole(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

function entryOf(line: string, number: number): LogEntry {
  try {
    return JSON.parse(line);
  } catch {
    throw new Error(`line ${number} of ${FILE} is damaged`);
  }
}
