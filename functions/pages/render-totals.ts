import { flag, type Html, html } from './html.ts';
import type { TotalsView } from './totals-view.ts';

/** The form's totals. The script draws them anew while somebody types, and tells them once typing pauses. */
export const renderTotals = (view: TotalsView | undefined): Html =>
  html`<section aria-labelledby="totals-title">
<h2 class="visually-hidden" id="totals-title">Totals</h2>
<dl class="totals" id="totals">
${totalsRow('Subtotal', view?.subtotal ?? '–', 'subtotal')}${(view?.taxes ?? []).map(({ label, amount }) =>
  totalsRow(label, amount, 'tax'),
)}${totalsRow('Total', view?.total ?? '–', 'total')}</dl>
<p class="small quiet uncounted" id="uncounted"${flag('hidden', !view?.uncounted)}>${uncountedWords(view?.uncounted ?? 0)}</p>
<p class="visually-hidden" role="status" id="totals-status"></p>
</section>
`;

const totalsRow = (label: string, amount: string, kind: string): Html =>
  html`<div data-${{ markup: kind }}><dt class="${kind}">${label}</dt><dd class="amount ${kind}">${amount}</dd></div>
`;

/** How many lines the totals leave out. */
export const uncountedWords = (uncounted: number): string =>
  uncounted === 1
    ? 'One line is not counted yet: a number is missing or wrong.'
    : `${uncounted} lines are not counted yet: numbers are missing or wrong.`;
