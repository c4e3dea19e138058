import { type Html, html } from '../../functions/pages/html.ts';
import { pageShell } from '../pages/page-shell.ts';
import type { SampleDeal } from './backend.ts';

const property = (label: string, value: string | undefined): Html =>
  html`<div><dt>${label}</dt><dd><bdi>${value ?? '--'}</bdi></dd></div>\n`;

const skeleton = html`<div class="skeleton" aria-hidden="true"><i></i><i></i><i></i></div>
<p class="visually-hidden">Loading the card</p>`;

/**
 * The record page of a deal: what HubSpot knows of it, the card's place (filled in the browser), and the events that
 * the accounting system received. A deal that isn't among the samples has a page as well, as every record id may be
 * sent an invoice. The card stands before the activities, so that it is read and stacked first.
 */
export const recordPage = (dealId: string, deal: SampleDeal | undefined, cardTitle: string): Html =>
  pageShell({
    title: `${deal?.name ?? `Deal ${dealId}`} · Deal`,
    styles: ['pages/buttons', 'pages/toasts', 'deal-page/record', 'deal-page/card', 'deal-page/overlay'],
    script: 'deal-page/record',
    main: html`<main id="content" class="record" data-deal-id="${dealId}">
<section class="panel about" aria-labelledby="deal-name">
<div class="padded">
<p class="record-kind"><a href="/">Deals</a></p>
<h1 id="deal-name" dir="auto">${deal?.name ?? `Deal ${dealId}`}</h1>
<p class="record-summary">Amount: <bdi>${deal?.amount ?? '--'}</bdi></p>
<p class="record-summary">Stage: <bdi>${deal?.stage ?? '--'}</bdi></p>
</div>
<div class="padded">
<h2>About this deal</h2>
<dl class="properties">
${property('Deal name', deal?.name)}${property('Amount', deal?.amount)}${property('Deal stage', deal?.stage)}${property('Close date', undefined)}${property('Record ID', dealId)}</dl>
<p class="hint">${deal === undefined ? 'Not one of the sample deals.' : `Sample deal: ${deal.note}.`}</p>
</div>
</section>
<section class="panel card" id="card" aria-labelledby="card-title" aria-busy="true">
<div class="card-header"><h2 id="card-title" tabindex="-1">${cardTitle}</h2></div>
<div class="card-body">${skeleton}</div>
<noscript><p class="padded">The card needs JavaScript, as in HubSpot.</p></noscript>
</section>
<div class="middle">
<section class="panel padded" aria-labelledby="activities">
<h2 id="activities">Activities</h2>
<p class="hint">In HubSpot, calls, emails and notes stand here. The simulator has none: it plays the record page
around the invoice card, and the accounting system behind it.</p>
</section>
<details class="panel events" id="events" open>
<summary><h2>Events the accounting system received</h2></summary>
<div class="padded"><p class="hint" data-events-note>Waiting for the first event.</p><ol></ol></div>
</details>
</div>
</main>`,
  });

/** Says that a path under `/deals/` is no record. */
export const noSuchRecordPage = (): Html =>
  pageShell({
    title: 'No such record',
    styles: ['deal-page/deal-list'],
    main: html`<main id="content" class="deal-list"><h1>There is no such record</h1>
<p>A deal's page is at /deals/ and the deal's record ID, which is made of digits. <a href="/">See the sample deals</a>.</p></main>`,
  });
