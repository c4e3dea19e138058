import { Readable } from 'node:stream';
import type { LevelIterator } from 'dynalite/db/index.js';

const PAGE = 128;

/**
 * A range of the database as the stream that dynalite's actions read. It fetches in pages and closes its iterator when
 * the reader has enough: dynalite's own stream leaves it open, and each open iterator pins a snapshot of the database.
 */
export class ValueStream extends Readable {
  readonly #iterator: LevelIterator<unknown>;
  readonly #page: number;
  readonly #present: (value: unknown) => unknown;

  /** `limit` is how many entries the reader wants at most, if it said so; `present` is what it gets to see of each. */
  constructor(
    iterator: LevelIterator<unknown>,
    limit: number | undefined,
    present: (value: unknown) => unknown = (value) => value,
  ) {
    super({ objectMode: true });
    this.#iterator = iterator;
    this.#page = limit !== undefined && limit > 0 ? Math.min(limit, PAGE) : PAGE;
    this.#present = present;
  }

  override _read(): void {
    this.#readPage().catch((error: unknown) => {
      this.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  }

  async #readPage(): Promise<void> {
    const page = await this.#iterator.nextv(this.#page);
    if (page.length === 0) this.push(null);
    for (const value of page) {
      if (this.destroyed) return;
      this.push(this.#present(value));
    }
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#iterator.close().then(() => done(error), done);
  }
}
