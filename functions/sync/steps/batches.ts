import type { SyncRecord } from '../records/sync-record.ts';
import type { LookUp } from './look-up.ts';
import type { Write } from './next-step.ts';

/** A record and the write it needs. */
export interface PlannedWrite {
  /** As it was read. */
  before: SyncRecord;
  /** With what a lost attempt taught us. */
  record: SyncRecord;
  write: Write;
}

/** A record that has to be found in HubSpot before anything is written for it. */
export interface PlannedLookUp {
  /** As it was read. */
  before: SyncRecord;
  /** With what a lost attempt taught us. */
  record: SyncRecord;
  lookUp: LookUp;
}

/** The HubSpot call that a write goes through. */
export type BatchCall = 'update' | 'upsert' | 'create' | 'archive';

/** HubSpot's most records in a batch. */
export const MAX_BATCH = 100;
/** Texts may be long: a batch is also bounded by its characters. */
const MAX_CHARACTERS = 2_000_000;

/** The most records that may share a batch with this one: fewer each time a batch with it was refused, or ended its worker. */
export function batchLimit({ batchLimit: limit = MAX_BATCH, unfinished }: SyncRecord): number {
  return Math.min(limit, LIMIT_AFTER_ENDS[unfinished] ?? 1);
}

/** By how often its worker ended: whoever is to blame stands alone at the third time, so that nobody else is failed with it. */
const LIMIT_AFTER_ENDS = [MAX_BATCH, 10, 1];

const callOf = ({ kind }: Write): BatchCall => {
  switch (kind) {
    case 'update':
    case 'let-go':
    case 'unlink':
      return 'update';
    case 'upsert':
    case 'create':
    case 'archive':
      return kind;
  }
};

/** Known records come first: their key is filled in before an upsert goes by it. */
const ORDER: readonly BatchCall[] = ['update', 'archive', 'upsert', 'create'];

/** The writes in batches of one call each, none larger than any of its records allows. */
export function batchesOf(writes: readonly PlannedWrite[]): { call: BatchCall; writes: PlannedWrite[] }[] {
  return ORDER.flatMap((call) => {
    const own = writes.filter(({ write }) => callOf(write) === call);
    return cut(own, ({ write }) => JSON.stringify(write).length).map((batch) => ({ call, writes: batch }));
  });
}

/** The look-ups in batches, none larger than any of its records allows: what HubSpot refuses, or ends a worker, stands alone in the end. */
export const lookUpBatchesOf = (lookUps: readonly PlannedLookUp[]): PlannedLookUp[][] =>
  cut(lookUps, ({ lookUp }) => JSON.stringify(lookUp).length);

/** Those with the smallest limits come first: a batch is no larger than its first record allows. */
function cut<Planned extends { record: SyncRecord }>(
  planned: readonly Planned[],
  sizeOf: (one: Planned) => number,
): Planned[][] {
  const batches: Planned[][] = [];
  let characters = 0;
  for (const one of planned.toSorted((a, b) => batchLimit(a.record) - batchLimit(b.record))) {
    const size = sizeOf(one);
    const open = batches.at(-1);
    const first = open?.[0];
    const fits =
      open && first && open.length < batchLimit(first.record) && characters + size <= MAX_CHARACTERS;
    if (fits) open.push(one);
    else batches.push([one]);
    characters = fits ? characters + size : size;
  }
  return batches;
}
