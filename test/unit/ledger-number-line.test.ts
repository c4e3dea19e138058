import { beforeEach, describe, expect, test } from '@jest/globals';
import { type NumberCounter, NumberLine } from '../../functions/invoices/number-line.ts';
import { portalId } from '../support/invoice-factory.ts';

const YEAR = '2026';

/** A counter at which somebody else is served every so many milliseconds; it stands still where that is undefined. */
class Counter {
  clock = 0;
  looks = 0;
  places = 0;
  readonly #msEach: number | undefined;
  readonly #start: NumberCounter;

  constructor(start: NumberCounter, msEach?: number) {
    this.#start = start;
    this.#msEach = msEach;
    this.places = start.served;
  }

  async numberCounter(): Promise<NumberCounter> {
    this.looks += 1;
    const gone = this.#msEach === undefined ? 0 : Math.floor(this.clock / this.#msEach);
    return { last: this.#start.last + gone, served: this.#start.served + gone };
  }

  async placeInLine(): Promise<number> {
    this.places += 1;
    return this.places;
  }

  line(): NumberLine {
    const timing = {
      now: () => this.clock,
      wait: async (milliseconds: number) => {
        this.clock += milliseconds;
      },
      random: () => 0.5,
    };
    return new NumberLine(this, timing, portalId('1'));
  }
}

describe('Who has lost a number to others', () => {
  let counter: Counter;
  let line: NumberLine;
  beforeEach(async () => {
    counter = new Counter({ last: 100, served: 0 }, 30);
    line = counter.line();
    await line.counter(YEAR);
  });

  test('waits until those ahead have had their turn, and looks seldom meanwhile', async () => {
    counter.places = 60;
    await line.wait(10_000);
    expect((await counter.numberCounter()).served).toBe(60);
    expect(counter.clock).toBeLessThan(60 * 30 + 60);
    expect(counter.looks).toBeLessThan(15);
  });

  test('waits a turn where nobody is ahead', async () => {
    await line.wait(10_000);
    expect(counter.clock).toBe(30);
  });

  test('keeps the place it took, and takes its number with it', async () => {
    await line.wait(10_000);
    await line.wait(10_000);
    expect(counter.places).toBe(1);
    expect(await line.counter(YEAR)).toEqual({ last: 102, served: 2 });
    counter.places = 9;
    const late = counter.line();
    await late.counter(YEAR);
    await late.wait(0);
    expect(await late.counter(YEAR)).toEqual({ last: 102, served: 10 });
  });

  test('takes another place where a new year has begun meanwhile', async () => {
    await line.wait(10_000);
    await line.counter('2027');
    await line.wait(10_000);
    expect(counter.places).toBe(2);
  });

  test('stops waiting when its caller gives up', async () => {
    counter.places = 600;
    await line.wait(1_000);
    expect(counter.clock).toBeGreaterThanOrEqual(1_000);
    expect(counter.clock).toBeLessThan(1_500);
  });
});

test('where those ahead have left the line, nobody waits for them longer than a moment', async () => {
  const counter = new Counter({ last: 100, served: 0 });
  counter.places = 1_000;
  const line = counter.line();
  await line.counter(YEAR);
  await line.wait(10_000);
  expect(counter.clock).toBe(400);
});
