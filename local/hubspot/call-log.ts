/** One call that reached a portal. `at` is epoch milliseconds of its arrival. */
export interface CallEntry {
  readonly at: number;
  readonly method: string;
  /** The path with its query. */
  readonly path: string;
  /** The number of inputs of a batch call, else 1. */
  inputs: number;
  /** Records created, changed or archived by it. */
  recordWrites: number;
  /** Undefined until it is answered, and for good where the connection was broken. */
  status?: number;
  /** The kind of fault that was laid on it. */
  fault?: string;
}

/** Totals since the imitation was made; a restart begins at nought. */
export interface CallCounters {
  readonly calls: number;
  readonly searches: number;
  /** Calls that created, changed or archived at least one record. */
  readonly writeCalls: number;
  /** Records created, changed or archived through the API, whether or not a value changed. */
  readonly recordWrites: number;
  readonly rateLimited: number;
}

const KEPT_CALLS = 10_000;

/** What was asked of a portal: totals, and the newest calls one by one. */
export class CallLog {
  #entries: CallEntry[] = [];
  #counters = { calls: 0, searches: 0, writeCalls: 0, recordWrites: 0, rateLimited: 0 };

  add(entry: CallEntry): void {
    this.#counters.calls += 1;
    if (entry.path.split('?')[0]?.endsWith('/search')) this.#counters.searches += 1;
    this.#entries.push(entry);
    if (this.#entries.length > 2 * KEPT_CALLS) this.#entries = this.#entries.slice(-KEPT_CALLS);
  }

  noteWrites(entry: CallEntry, records: number): void {
    if (records === 0) return;
    entry.recordWrites += records;
    this.#counters.writeCalls += 1;
    this.#counters.recordWrites += records;
  }

  noteRateLimited(): void {
    this.#counters.rateLimited += 1;
  }

  get counters(): CallCounters {
    return { ...this.#counters };
  }

  /** The newest calls (at least the last 10,000), oldest first. */
  get entries(): readonly CallEntry[] {
    return this.#entries;
  }
}
