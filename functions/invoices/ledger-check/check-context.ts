import type { LedgerTiming } from '../ledger.ts';
import type { CheckStore } from './check-store.ts';
import type { StoredItem } from './ledger-item.ts';
import type { LedgerProblem, ProblemOutcome } from './problem.ts';

/** What every part of the check works with. */
export interface CheckContext {
  store: CheckStore;
  /** Whether problems are put right, or only told. */
  repair: boolean;
  report: (problem: LedgerProblem, outcome: ProblemOutcome) => void;
  timing: LedgerTiming;
}

/** A part of the check: it sees the table's items as the scan passes over them, and ends when all have passed. */
export interface ScanWatcher {
  page(items: readonly StoredItem[]): Promise<void>;
  end(): Promise<void>;
}

/** So often something that others are changing is looked at again before it is left. */
const MOST_ATTEMPTS = 12;
const LONGEST_WAIT_MS = 1_000;

/** What one look came to: a result, or that others were faster. */
export type Attempt<T> = { kind: 'done'; result: T } | { kind: 'again' };

export const AGAIN = { kind: 'again' } as const;
export const DONE = { kind: 'done', result: undefined } as const;

/** Looks again, with growing pauses, as long as others are faster; undefined where they always were. */
export async function untilQuiet<T>(
  { timing }: CheckContext,
  look: () => Promise<Attempt<T>>,
): Promise<Attempt<T>> {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    if (attempt > 0) await timing.wait(timing.random() * Math.min(LONGEST_WAIT_MS, 20 * 2 ** attempt));
    const outcome = await look();
    if (outcome.kind === 'done') return outcome;
  }
  return AGAIN;
}

/** Why something was left that could have been repaired. */
export const STILL_CHANGING = 'others kept changing it; run the check again';
