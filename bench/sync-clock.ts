import { setImmediate as turn } from 'node:timers/promises';

/** So many turns of the event loop without a storage request, and whoever is not done waits for the clock. */
const QUIET_TURNS = 20;

/**
 * A clock that stands still while anybody computes or waits for storage. When all wait for a time to come, it jumps to the first of these
 * times: what it shows is what HubSpot's limit and latency alone would take.
 */
export class SimulatedClock {
  #time = Date.parse('2026-11-02T09:00:00Z');
  #sleepers: { until: number; wake: () => void }[] = [];
  #requests = 0;
  #stored: PromiseWithResolvers<void> = Promise.withResolvers();

  /** Epoch milliseconds. */
  readonly now = (): number => this.#time;

  readonly wait = (milliseconds: number): Promise<void> =>
    new Promise((wake) => {
      this.#sleepers.push({ until: this.#time + milliseconds, wake });
    });

  /** Runs a storage request, for which the clock stands still. */
  readonly storage = async <T>(request: () => Promise<T>): Promise<T> => {
    this.#requests += 1;
    try {
      return await request();
    } finally {
      this.#requests -= 1;
      if (this.#requests === 0) {
        this.#stored.resolve();
        this.#stored = Promise.withResolvers();
      }
    }
  };

  /** Lets the clock go on until the work is done. */
  async run<T>(work: Promise<T>): Promise<T> {
    let isDone = false;
    const done = work.finally(() => {
      isDone = true;
    });
    done.catch(() => undefined);
    while (!isDone) {
      await this.#quiet();
      if (!isDone) this.#jump();
    }
    return done;
  }

  async #quiet(): Promise<void> {
    for (let turns = 0; turns < QUIET_TURNS; turns++) {
      while (this.#requests > 0) {
        await this.#stored.promise;
        turns = 0;
      }
      await turn();
    }
  }

  #jump(): void {
    this.#sleepers.sort((a, b) => a.until - b.until);
    const first = this.#sleepers.shift();
    if (!first) throw new Error('Nobody is left who waits for the clock, and the work is not done.');
    this.#time = Math.max(this.#time, first.until);
    first.wake();
  }
}
