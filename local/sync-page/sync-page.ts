import { type Html, html } from '../../functions/pages/html.ts';
import { pageShell } from '../pages/page-shell.ts';
import { SAMPLE_FAULTS } from './sample-faults.ts';
import { SAMPLE_CONTACTS, SAMPLE_PRODUCTS } from './sample-records.ts';

const faultButton = ([name, { label }]: [string, { readonly label: string }]): Html =>
  html`<button type="button" class="button" data-fault="${name}">${label}</button>\n`;

const columnHeads = (...names: readonly string[]): Html =>
  html`<thead><tr>${names.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>`;

/** A heading that can take the focus when a button below it is gone. */
const heading = (id: string, text: string): Html => html`<h2 id="${id}" tabindex="-1">${text}</h2>`;

interface RecordsPanel {
  type: 'products' | 'contacts';
  title: string;
  detail: string;
  /** Gives HubSpot the property that holds external ids. */
  setUpCommand: string;
}

const recordsPanel = ({ type, title, detail, setUpCommand }: RecordsPanel): Html =>
  html`<section class="panel records" aria-labelledby="${type}-title">
<div class="panel-head">${heading(`${type}-title`, title)}<p class="hint" data-count="${type}"></p></div>
<p class="hint beneath" data-keyless="${type}" hidden>None of these carries an external id. This gives HubSpot the property for it:
<code>${setUpCommand}</code></p>
<div class="scroll" tabindex="0" role="region" aria-label="${title}, newest first">
<table aria-labelledby="${type}-title">${columnHeads('Name', detail, 'External id', 'HubSpot id')}
<tbody data-records="${type}"></tbody></table>
</div>
</section>
`;

/** The page that shows the sync of this portal; its script fills it and keeps it fresh. */
export const syncPage = ({ portalId, setUpCommand }: { portalId: string; setUpCommand: string }): Html =>
  pageShell({
    title: 'Sync',
    styles: ['pages/buttons', 'pages/table', 'pages/toasts', 'sync-page/sync'],
    script: 'sync-page/sync',
    main: html`<main id="content" class="sync">
<div class="wide">
<h1>Sync</h1>
<p class="hint">Products and contacts on their way from the accounting system to HubSpot, portal ${portalId}. The page asks the
real API; its counts are a few seconds old at most.</p>
<noscript><p>The page needs JavaScript.</p></noscript>
</div>

<section class="panel standing" aria-labelledby="standing-title">
<div class="panel-head">${heading('standing-title', 'How it stands')}</div>
<div class="padded"><p role="status" id="standing">Asking the API.</p><div id="waits"></div></div>
<table aria-labelledby="standing-title">${columnHeads('Records', 'Pending', 'Retry', 'Synced', 'Failed', 'Archived')}
<tbody id="counts"></tbody></table>
</section>

<section class="panel padded try" aria-labelledby="try-title">
<h2 id="try-title">Try it</h2>
<p>Play the accounting system. HubSpot refuses one record of each kind:</p>
<div class="buttons">
<button type="button" class="button button-primary" data-samples="products">Send ${SAMPLE_PRODUCTS} products</button>
<button type="button" class="button button-primary" data-samples="contacts">Send ${SAMPLE_CONTACTS} contacts</button>
</div>
<div data-imitation>
<p>Let HubSpot go wrong, before or while they are on their way:</p>
<div class="buttons">
${Object.entries(SAMPLE_FAULTS).map(faultButton)}<button type="button" class="text-button" data-clear-faults>Clear faults</button>
</div>
<ul class="hint" id="faults" aria-label="Faults to come"></ul>
</div>
</section>

<section class="panel wide" aria-labelledby="failures-title">
<div class="panel-head">${heading('failures-title', 'Failures')}<button type="button" class="button" data-replay-all>Try all again</button></div>
<p class="hint beneath" id="failures-note"></p>
<table aria-labelledby="failures-title">${columnHeads('External id', 'Type', 'Reason', 'Since', 'Attempts', 'Action')}
<tbody id="failures"></tbody></table>
</section>

<p class="panel padded wide" id="elsewhere" hidden></p>

<section class="panel wide" aria-labelledby="calls-title" data-imitation>
<div class="panel-head">${heading('calls-title', "HubSpot's side: its newest calls")}</div>
<dl class="counters" id="counters"></dl>
<div class="scroll low" tabindex="0" role="region" aria-label="HubSpot's newest calls, newest first">
<table aria-labelledby="calls-title">${columnHeads('Time', 'Call', 'Records', 'Answer', 'Injected fault')}
<tbody id="calls"></tbody></table>
</div>
</section>

<div class="wide pair" data-imitation>
${recordsPanel({ type: 'products', title: 'Products in HubSpot', detail: 'Price', setUpCommand })}
${recordsPanel({ type: 'contacts', title: 'Contacts in HubSpot', detail: 'E-mail', setUpCommand })}
</div>
</main>`,
  });
