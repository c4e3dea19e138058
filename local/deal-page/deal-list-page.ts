import { type Html, html } from '../../functions/pages/html.ts';
import { pageShell } from '../pages/page-shell.ts';
import type { SampleDeal } from './backend.ts';
import { sendInvoiceCommand, sendPaymentCommand } from './commands-to-try.ts';

/** What the list says besides the deals. */
type ListDetails = { readonly publicBaseUrl: string; readonly ledgerToken: string; readonly now: number };

const dealRow = (deal: SampleDeal): Html => html`<tr>
<th scope="row"><a href="/deals/${deal.dealId}"><bdi>${deal.name}</bdi></a></th>
<td data-label="Card shows">${deal.note}</td>
<td data-label="Amount" class="amount">${deal.amount ?? '--'}</td>
<td data-label="Stage">${deal.stage}</td>
<td data-label="Record ID">${deal.dealId}</td>
</tr>
`;

const dealTable = (deals: readonly SampleDeal[]): Html =>
  deals.length === 0
    ? html`<p class="hint">The simulator started without sample data. Any record number has a page all the same, for
instance <a href="/deals/1">deal 1</a>.</p>`
    : html`<table>
<thead><tr><th scope="col">Deal name</th><th scope="col">Card shows</th><th scope="col" class="amount">Amount</th>
<th scope="col">Stage</th><th scope="col">Record ID</th></tr></thead>
<tbody>
${deals.map(dealRow)}</tbody>
</table>`;

const command = (text: string, label: string): Html =>
  html`<pre class="command" tabindex="0" role="region" aria-label="${label}"><code>${text}</code></pre>`;

/** The simulator's first page: the sample deals with what each shows, and commands that change what they show. */
export const dealListPage = (deals: readonly SampleDeal[], details: ListDetails): Html => {
  const first = deals[0];
  const dealId = first?.dealId ?? '1';
  const target = { ...details, dealId };
  return pageShell({
    title: 'Deals',
    styles: ['pages/table', 'deal-page/deal-list'],
    main: html`<main id="content" class="deal-list">
<h1>Deals</h1>
<p class="hint">Open a deal to see its invoices as a rep sees them in HubSpot. The card is filled by the real handler,
through a signed request.</p>
<section class="panel" aria-label="Sample deals">
${dealTable(deals)}
</section>
<section class="panel padded" aria-labelledby="try">
<h2 id="try">Try it</h2>
<p>Open <a href="/deals/${dealId}"><bdi>${first?.name ?? `deal ${dealId}`}</bdi></a>, then play the accounting system
in a terminal. The invoice appears on the open page within two seconds:</p>
${command(sendInvoiceCommand(target), 'Command that sends an invoice')}
<p>Pay part of it:</p>
${command(sendPaymentCommand(target), 'Command that records a payment')}
</section>
</main>`,
  });
};
