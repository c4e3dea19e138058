import { cardDefinition } from '../card/card-definition.ts';
import type { PageOperation } from '../http/html-handler.ts';
import { dateInTimeZone } from '../invoices/calendar.ts';
import type { PortalId } from '../invoices/identifiers.ts';
import { invoiceNumber } from '../invoices/invoice-number.ts';
import type { LedgerEvent } from '../invoices/ledger-event.ts';
import type { PortalSettings } from '../invoices/portal-settings.ts';
import { type Html, html } from './html.ts';
import { forVisitor, type PagesAccess } from './page-access.ts';
import { pageShell } from './page-shell.ts';

/** `GET /pages/health`: what the connection has, in plain words, for whoever opens the card's settings. */
export const healthPage = (access: PagesAccess): PageOperation =>
  forVisitor(access, ['health'], async (_request, { ticket }) => {
    const { portalId } = ticket.rep;
    const [settings, last, hasToken] = await Promise.all([
      access.settings(portalId),
      lastEvent(access, portalId),
      access.ports.hasHubSpotToken(portalId),
    ]);
    const title = 'Connection';
    const main = html`<h1>${title}</h1>
<p>The card reaches the ledger: this page was read from it just now.</p>
<dl class="facts">
${facts(access, settings, last, hasToken, portalId).map(
  ([label, text]) => html`<div><dt>${label}</dt><dd>${text}</dd></div>
`,
)}</dl>
<p><button class="button" type="button" data-close="DONE" hidden>Close</button></p>
`;
    return { status: 200, body: pageShell({ title, publicBaseUrl: access.publicBaseUrl, main }) };
  });

function facts(
  { publicBaseUrl, now }: PagesAccess,
  settings: PortalSettings,
  last: LedgerEvent | undefined,
  hasToken: boolean,
  portalId: PortalId,
): [string, string | Html][] {
  const { timeZone, numberPattern, feedRetentionDays, ticketHours, policy } = settings;
  const today = dateInTimeZone(now(), timeZone);
  return [
    ['HubSpot account', portalId],
    ['Last change', last ? changeWords(last, timeZone) : 'No invoice has changed yet.'],
    [
      'HubSpot access token',
      hasToken
        ? 'Configured: line items of the deal can be filled in.'
        : 'Not configured: invoices work, but the deal’s line items can’t be filled in.',
    ],
    ['Time zone', `${timeZone}; there it is ${today}. It decides what is overdue.`],
    [
      'Invoice numbers',
      `Issued here, the first of a year is ${invoiceNumber(numberPattern, today.slice(0, 4), 1)}.`,
    ],
    [
      'Who may change invoices',
      policy === undefined ? 'Everyone who sees the deal.' : 'Whoever the configured policy allows.',
    ],
    ['Changes are kept for', `${feedRetentionDays} days in the feed that the accounting system reads.`],
    ['A card’s pages open for', `${ticketHours} hours after the card was shown.`],
    ['Address of the card', html`<bdi>${cardDefinition(publicBaseUrl).fetch.targetUrl}</bdi>`],
  ];
}

async function lastEvent({ feed }: PagesAccess, portalId: PortalId): Promise<LedgerEvent | undefined> {
  const entries = await feed.entriesFrom(portalId, await feed.lastSequence(portalId), 1);
  const [event] = await feed.events(portalId, entries);
  return event;
}

const DONE_WORDS: Record<LedgerEvent['type'], string> = {
  'invoice.created': 'was created',
  'invoice.updated': 'was changed',
  'invoice.issued': 'was issued',
  'invoice.payment_recorded': 'got a payment',
  'invoice.paid': 'was paid',
  'invoice.voided': 'was voided',
  'invoice.deleted': 'was deleted',
  'invoice.linked': 'was linked to a deal',
  'invoice.unlinked': 'was taken off its deal',
};

const ACTOR_WORDS: Record<LedgerEvent['actor']['kind'], string> = {
  accounting: 'by the accounting system',
  user: 'from HubSpot',
  operator: 'by an operator',
};

function changeWords({ type, actor, at, invoiceId, before, after }: LedgerEvent, timeZone: string): string {
  const moment = new Intl.DateTimeFormat('en-US', {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone,
  }).format(Date.parse(at));
  const name = (after ?? before)?.number ?? invoiceId;
  return `${name} ${DONE_WORDS[type]} ${ACTOR_WORDS[actor.kind]} on ${moment}.`;
}
