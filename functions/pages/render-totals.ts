import { flag, type Html, html } from './html.ts';
import type { TotalsView } from './totals-view.ts';

/** One row of the totals. `kind` names its classes. */
export interface TotalsRow {
  label: string;
  amount: string;
  kind: 'subtotal' | 'tax' | 'rounding' | 'total';
}

/** The rows of the totals, for the server and the script; dashes where there are none yet. */
export function totalsRows(view: TotalsView | undefined): TotalsRow[] {
  const { subtotal, taxes, rounding, total }: Omit<TotalsView, 'lineAmounts' | 'uncounted'> = view ?? {
    subtotal: '–',
    taxes: [],
    total: '–',
  };
  return [
    ...(subtotal === undefined ? [] : [{ label: 'Subtotal', amount: subtotal, kind: 'subtotal' as const }]),
    ...taxes.map((tax) => ({ ...tax, kind: 'tax' as const })),
    ...(rounding === undefined ? [] : [{ label: 'Rounding', amount: rounding, kind: 'rounding' as const }]),
    { label: 'Total', amount: total, kind: 'total' },
  ];
}

/** The form's totals. The script draws them anew while somebody types, and tells them once typing pauses. */
export const renderTotals = (view: TotalsView | undefined): Html =>
  html`<section aria-labelledby="totals-title">
<h2 class="visually-hidden" id="totals-title">Totals</h2>
<dl class="totals" id="totals">
${totalsRows(view).map(
  ({ label, amount, kind }) =>
    html`<div><dt class="${kind}">${label}</dt><dd class="amount ${kind}">${amount}</dd></div>
`,
)}</dl>
<p class="small quiet uncounted" id="uncounted"${flag('hidden', !view?.uncounted)}>${uncountedWords(view?.uncounted ?? 0)}</p>
<p class="visually-hidden" role="status" id="totals-status"></p>
</section>
`;

/** How many lines the totals leave out. */
export const uncountedWords = (uncounted: number): string =>
  uncounted === 1
    ? 'One line is not counted yet: a number is missing or wrong.'
    : `${uncounted} lines are not counted yet: numbers are missing or wrong.`;
