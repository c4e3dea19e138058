import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type BudgetRule, grant, type ReturnedCalls } from '../../functions/hubspot/budget-window.ts';

const RULE: BudgetRule = { limit: 10, windowMs: 1_000, sliceMs: 100 };

/** The most starts in any window of the rule. */
function mostInAnyWindow(starts: readonly number[], windowMs: number): number {
  const sorted = [...starts].sort((left, right) => left - right);
  let first = 0;
  let most = 0;
  for (const [last, start] of sorted.entries()) {
    while ((sorted[first] ?? 0) <= start - windowMs) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

/** One lease: how long after the one before, how many, and for each call how far into its grant it starts (1 is never). */
const leases = fc.array(
  fc.record({
    pauseMs: fc.integer({ min: 0, max: 400 }),
    wanted: fc.integer({ min: 1, max: 6 }),
    starts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 6, maxLength: 6 }),
  }),
  { minLength: 20, maxLength: 150 },
);

describe('a budget for a window', () => {
  test('is never exceeded in any window, wherever it begins and whenever within its grant a call starts', () => {
    fc.assert(
      fc.property(leases, fc.integer({ min: 0, max: 99 }), (schedule, offset) => {
        let now = 1_700_000_000_000 + offset;
        let slices: ReadonlyMap<number, number> = new Map();
        let unused: ReturnedCalls & { at: number } = { slice: 0, calls: 0, at: 0 };
        const started: number[] = [];
        for (const { pauseMs, wanted, starts } of schedule) {
          now += pauseMs;
          const returned = unused.at <= now ? unused : undefined;
          const granted = grant(slices, RULE, now, wanted, returned);
          if (granted.kind === 'none') continue;
          if (returned) unused = { slice: 0, calls: 0, at: 0 };
          slices = granted.slices;
          const used = starts.slice(0, granted.calls).filter((start) => start < 0.9);
          for (const start of used) started.push(now + (granted.usableUntil - now - 1) * (start / 0.9));
          const left = granted.calls - used.length;
          if (unused.calls === 0) unused = { slice: granted.slice, calls: left, at: granted.usableUntil };
        }
        expect(mostInAnyWindow(started, RULE.windowMs)).toBeLessThanOrEqual(RULE.limit);
      }),
      { numRuns: 300 },
    );
  });

  test('that is always used up gives more than four fifths of the limit with a tenth of the window as a slice', () => {
    let now = 1_700_000_000_000;
    let slices: ReadonlyMap<number, number> = new Map();
    let calls = 0;
    const end = now + 60_000;
    while (now < end) {
      const granted = grant(slices, RULE, now, 5);
      if (granted.kind === 'none') {
        expect(granted.untilMs).toBeGreaterThan(now);
        now = granted.untilMs;
      } else {
        slices = granted.slices;
        calls += granted.calls;
      }
    }
    expect(calls).toBeGreaterThanOrEqual(60 * 10 * 0.8);
    expect(slices.size).toBeLessThanOrEqual(12);
  });

  test('that is used up says to the millisecond when there will be a call again', () => {
    const start = 1_700_000_000_050;
    const full = grant(new Map(), RULE, start, 10);
    if (full.kind !== 'granted') throw new Error('an empty budget grants');
    const none = grant(full.slices, RULE, start + 500, 1);
    if (none.kind !== 'none') throw new Error('a full budget grants nothing');
    expect(grant(full.slices, RULE, none.untilMs - 1, 1).kind).toBe('none');
    expect(grant(full.slices, RULE, none.untilMs, 1).kind).toBe('granted');
    expect(none.untilMs - start).toBeLessThanOrEqual(1_200);
  });

  test('counts what a process with a faster clock granted', () => {
    const ahead = grant(new Map(), RULE, 1_700_000_000_300, 10);
    if (ahead.kind !== 'granted') throw new Error('an empty budget grants');
    expect(grant(ahead.slices, RULE, 1_700_000_000_000, 1).kind).toBe('none');
  });

  test('whose limit was lowered grants nothing until enough has passed', () => {
    const full = grant(new Map(), RULE, 1_700_000_000_000, 10);
    if (full.kind !== 'granted') throw new Error('an empty budget grants');
    expect(grant(full.slices, { ...RULE, limit: 3 }, 1_700_000_000_900, 1)).toMatchObject({ kind: 'none' });
  });
});
