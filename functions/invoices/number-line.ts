import type { PortalId } from './identifiers.ts';
import type { LedgerTiming } from './ledger.ts';
import type { LedgerStore } from './ledger-store.ts';

/** The counter of a year's numbers. */
export interface NumberCounter {
  /** The last number that was taken; 0 before the first. */
  last: number;
  /** The place in the line of whoever took it; 0 before the first who stood in one. */
  served: number;
}

/** About as long as one takes at the counter: to read it, and to write an invoice with its number. */
const TURN_MS = 30;
/** Whoever is ahead may have left: after so long, one looks. */
const LONGEST_LOOK_MS = 400;

/**
 * Where those wait who want a number while others take theirs. Numbers leave no gap, so they can only be taken one after the other, each in
 * its invoice's own transaction: many who try at once mostly undo each other's work, and who is unlucky long enough gives up. So whoever has
 * lost once takes a place in a line, waits about as long as those ahead need, and looks again. The line only says when to try; that no
 * number is given twice is the transaction's condition. One who leaves the line holds up nobody for long: where the counter stands still,
 * whoever looks goes on.
 */
export class NumberLine {
  readonly #store: Pick<LedgerStore, 'placeInLine' | 'numberCounter'>;
  readonly #timing: LedgerTiming;
  readonly #portalId: PortalId;
  /** Whose counter was read last. */
  #year: string | undefined;
  #place: number | undefined;

  constructor(
    store: Pick<LedgerStore, 'placeInLine' | 'numberCounter'>,
    timing: LedgerTiming,
    portalId: PortalId,
  ) {
    this.#store = store;
    this.#timing = timing;
    this.#portalId = portalId;
  }

  /** The counter as it is now, and as whoever takes the next number leaves it. */
  async counter(year: string): Promise<NumberCounter> {
    const { last, served } = await this.#store.numberCounter(this.#portalId, year);
    if (this.#year !== year) this.#place = undefined;
    this.#year = year;
    return { last, served: Math.max(served, this.#place ?? 0) };
  }

  /** Waits until it may be this one's turn, or `giveUpAt` (epoch milliseconds) has come. Of use where the number that was read was taken. */
  async wait(giveUpAt: number): Promise<void> {
    const year = this.#year;
    if (year === undefined) throw new Error('Nobody stands in line who has not been at the counter.');
    this.#place ??= await this.#store.placeInLine(this.#portalId, year);
    let seen = await this.#store.numberCounter(this.#portalId, year);
    while (this.#timing.now() < giveUpAt) {
      const ahead = Math.max(1, this.#place - 1 - seen.served);
      const jitter = 0.75 + this.#timing.random() / 2;
      await this.#timing.wait(Math.min(LONGEST_LOOK_MS, ahead * TURN_MS) * jitter);
      const now = await this.#store.numberCounter(this.#portalId, year);
      if (now.last === seen.last || now.served >= this.#place - 1) return;
      seen = now;
    }
  }
}
