import * as z from 'zod/mini';

const count = z.number().check(z.int(), z.nonnegative());

/** How many invoices came to what. */
const countsSchema = z.object({
  created: count,
  updated: count,
  unchanged: count,
  stale: count,
  rejected: count,
});

/** How far an import is: all before this place has its result. */
export const importPointSchema = z.object({
  version: z.literal(1),
  /** Where the file goes on. */
  bytes: count,
  line: count,
  /** The SHA-256 of the file up to there. */
  fingerprint: z.string(),
  counts: countsSchema,
  /** How long the list of refused lines is. */
  rejectedBytes: count,
});

export type ImportCounts = z.infer<typeof countsSchema>;
export type ImportPoint = z.infer<typeof importPointSchema>;

export const NOTHING_COUNTED: ImportCounts = { created: 0, updated: 0, unchanged: 0, stale: 0, rejected: 0 };

/** An import that begins with the file. */
export const IMPORT_START: ImportPoint = {
  version: 1,
  bytes: 0,
  line: 1,
  fingerprint: '',
  counts: NOTHING_COUNTED,
  rejectedBytes: 0,
};
