import type { CrmRecord } from './crm-record.ts';
import type { ObjectType } from './object-types.ts';

interface PendingWrite {
  readonly at: number;
  readonly type: ObjectType;
  readonly record: CrmRecord;
}

/** What search sees: each record as it was when its write was older than the lag. Times are epoch milliseconds. */
export class SearchIndex {
  readonly #seen = new Map<ObjectType, Map<string, CrmRecord>>();
  #pending: PendingWrite[] = [];
  /** How many of the pending writes are in the index already. */
  #released = 0;

  noteWrite(at: number, type: ObjectType, record: CrmRecord): void {
    this.#pending.push({ at, type, record });
  }

  /** The live records of a type, as search sees them at this time with this lag. */
  records(type: ObjectType, now: number, lagMs: number): Iterable<CrmRecord> {
    this.catchUp(now, lagMs);
    return this.#seen.get(type)?.values() ?? [];
  }

  /** Moves what the lag has released into the index, so that unsearched writes don't pile up. */
  catchUp(now: number, lagMs: number): void {
    for (; this.#released < this.#pending.length; this.#released += 1) {
      const write = this.#pending[this.#released];
      if (write === undefined || write.at + lagMs > now) break;
      this.#release(write);
    }
    if (this.#released > 1_000 || this.#released === this.#pending.length) {
      this.#pending = this.#pending.slice(this.#released);
      this.#released = 0;
    }
  }

  #release({ type, record }: PendingWrite): void {
    let records = this.#seen.get(type);
    if (records === undefined) {
      records = new Map();
      this.#seen.set(type, records);
    }
    if (record.archived) records.delete(record.id);
    else records.set(record.id, record);
  }
}
