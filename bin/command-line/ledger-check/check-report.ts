import {
  describeProblem,
  type LedgerProblem,
  type ProblemOutcome,
} from '../../../functions/invoices/ledger-check/problem.ts';

/** Counts what a check found, and says it line by line: nothing is kept. */
export class CheckReport {
  readonly #print: (line: string) => void;
  #found = 0;
  #repaired = 0;

  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  readonly add = (problem: LedgerProblem, outcome: ProblemOutcome): void => {
    this.#found += 1;
    if (outcome.kind === 'repaired') this.#repaired += 1;
    this.#print(describeProblem(problem, outcome));
  };

  /** How many problems are still there. */
  get left(): number {
    return this.#found - this.#repaired;
  }

  /** The closing sentence. `passed` is how many items were looked at. */
  summary(passed: number, repair: boolean): string {
    const checked = `${count(passed, 'item')} checked`;
    if (this.#found === 0)
      return `${checked}: rows, summaries, histories and the feed agree with the invoices.`;
    const found = `${checked}, ${count(this.#found, 'problem')} found`;
    if (!repair) return `${found}. Nothing was changed; --repair puts right what can be.`;
    return `${found}, ${this.#repaired} repaired, ${this.left} left.`;
  }
}

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
