import { type TotalsRow, totalsRows, uncountedWords } from '../render-totals.ts';
import type { TotalsView } from '../totals-view.ts';

/** How long typing must pause before the total is told: a screen reader should not hear every digit. */
const PAUSE_MS = 1_200;

/** The form's totals, and the total in the bar that stays in sight, drawn anew as somebody types. */
export class ShownTotals {
  readonly #form: HTMLFormElement;
  readonly #compute: () => TotalsView | undefined;
  #telling: ReturnType<typeof setTimeout> | undefined;

  constructor(form: HTMLFormElement, compute: () => TotalsView | undefined) {
    this.#form = form;
    this.#compute = compute;
  }

  /** Draws the totals of what stands in the form now. */
  follow(): void {
    const view = this.#compute();
    for (const [index, line] of [...this.#form.querySelectorAll('[data-line]')].entries()) {
      const place = line.querySelector('[data-amount]');
      if (place) place.textContent = view?.lineAmounts[index] || '–';
    }
    this.#form.querySelector('#totals')?.replaceChildren(...totalsRows(view).map(row));
    const inBar = this.#form.querySelector('#bar-total');
    if (inBar) inBar.textContent = view?.total ?? '–';
    const uncounted = this.#form.querySelector<HTMLElement>('#uncounted');
    if (uncounted) {
      uncounted.hidden = !view?.uncounted;
      uncounted.textContent = uncountedWords(view?.uncounted ?? 0);
    }
    this.#tellLater(view?.total);
  }

  #tellLater(total: string | undefined): void {
    clearTimeout(this.#telling);
    const status = this.#form.querySelector('#totals-status');
    if (!status || total === undefined) return;
    this.#telling = setTimeout(() => {
      const words = `Total ${total}`;
      if (status.textContent !== words) status.textContent = words;
    }, PAUSE_MS);
  }
}

function row({ label, amount, kind }: TotalsRow): HTMLElement {
  const term = document.createElement('dt');
  term.className = kind;
  term.textContent = label;
  const definition = document.createElement('dd');
  definition.className = `amount ${kind}`;
  definition.textContent = amount;
  const group = document.createElement('div');
  group.append(term, definition);
  return group;
}
