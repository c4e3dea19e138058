import { mkdir } from 'node:fs/promises';
import dynalite, { type BatchOperation, type Level, type RangeOptions } from 'dynalite/db/index.js';

/** The error that says a folder can't be opened as a database, in one sentence for whoever started it. */
export class DatabaseOpenError extends Error {
  constructor(message: string, cause: unknown) {
    super(message, { cause });
    this.name = 'DatabaseOpenError';
  }
}

/** The range of all keys that begin with a prefix. Keys are ASCII after their prefix, so `\xFF` is above them all. */
export function keysWithPrefix(prefix: string): RangeOptions {
  return { gte: prefix, lt: `${prefix}\xFF` };
}

/** Opens the level database in a folder, or one in memory when no folder is given. */
export async function openLevelDatabase(directory: string | undefined): Promise<Level> {
  if (directory !== undefined) await mkdir(directory, { recursive: true });
  const { db } = dynalite.create(directory === undefined ? {} : { path: directory });
  try {
    await db.open();
  } catch (error) {
    throw new DatabaseOpenError(explainOpenFailure(directory, error), error);
  }
  return db;
}

function explainOpenFailure(directory: string | undefined, error: unknown): string {
  const { code, message } = ((error as Error).cause ?? error) as { code?: string; message?: string };
  return code === 'LEVEL_LOCKED'
    ? `The data folder ${directory} is in use by another running process: stop that process or choose another folder.`
    : `The data folder ${directory} can't be opened: ${message}`;
}

/** Writes all operations or, whatever happens to the process, none. */
export async function writeAtomically(level: Level, operations: BatchOperation[]): Promise<void> {
  if (operations.length > 0) await level.batch(operations);
}
