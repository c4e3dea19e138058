import { cardDefinition } from '../card/card-definition.ts';
import type { PageOperation } from '../http/html-handler.ts';
import { dateInTimeZone } from '../invoices/calendar.ts';
import type { PortalId } from '../invoices/identifiers.ts';
import { invoiceNumber } from '../invoices/invoice-number.ts';
import type { LedgerEvent } from '../invoices/ledger-event.ts';
import type { PortalSettings } from '../invoices/portal-settings.ts';
import { type HealthLine, syncLines, type Verdict } from './health-lines.ts';
import { type Html, html, NOTHING } from './html.ts';
import { forVisitor, type PagesAccess } from './page-access.ts';
import { pageShell } from './page-shell.ts';
import { pageTitle } from './page-title.ts';

/** `GET /pages/health`: how the connection is doing, in plain words, for whoever opens the card's settings. */
export const healthPage = (access: PagesAccess): PageOperation =>
  forVisitor(access, ['health'], async (_request, { ticket }) => {
    const { portalId } = ticket.rep;
    const [settings, last, hasToken, health] = await Promise.all([
      access.settings(portalId),
      lastEvent(access, portalId),
      access.ports.hasHubSpotToken(portalId),
      access.syncStanding(portalId),
    ]);
    const moment = momentIn(settings.timeZone);
    const ledger: HealthLine = {
      label: 'Ledger',
      text: `The card reaches it: this page was read from it just now. ${last ? changeWords(last, moment) : 'No invoice has changed yet.'}`,
      verdict: 'good',
    };
    const title = 'Connection';
    const main = html`${pageTitle(title)}
${section('Health', [ledger, ...syncLines({ health, hasToken, now: access.now(), moment })])}${section('Settings', settingLines(access, settings, portalId))}<p><button class="button" type="button" data-close="DONE" hidden>Close</button></p>
`;
    return { status: 200, body: pageShell({ title, publicBaseUrl: access.publicBaseUrl, main }) };
  });

const section = (title: string, lines: readonly HealthLine[]): Html => html`<section>
<h2>${title}</h2>
<dl class="facts">
${lines.map(
  ({ label, text, verdict }) =>
    html`<div><dt>${label}</dt><dd>${verdict ? html`<span class="tag tag-${verdict}">${VERDICT_WORDS[verdict]}</span> ` : NOTHING}${text}</dd></div>
`,
)}</dl>
</section>
`;

const VERDICT_WORDS: Record<Verdict, string> = {
  good: 'Good',
  waiting: 'Waiting',
  bad: 'Needs attention',
};

function settingLines(
  { publicBaseUrl, now }: PagesAccess,
  settings: PortalSettings,
  portalId: PortalId,
): HealthLine[] {
  const { timeZone, numberPattern, feedRetentionDays, ticketHours, policy } = settings;
  const today = dateInTimeZone(now(), timeZone);
  return [
    { label: 'HubSpot account', text: portalId },
    { label: 'Time zone', text: `${timeZone}; there it is ${today}. It decides what is overdue.` },
    {
      label: 'Invoice numbers',
      text: `Issued here, the first of a year is ${invoiceNumber(numberPattern, today.slice(0, 4), 1)}.`,
    },
    {
      label: 'Who may change invoices',
      text: policy === undefined ? 'Everyone who sees the deal.' : 'Whoever the configured policy allows.',
    },
    {
      label: 'Changes are kept for',
      text: `${feedRetentionDays} days in the feed that the accounting system reads.`,
    },
    { label: 'A card’s pages open for', text: `${ticketHours} hours after the card was shown.` },
    {
      label: 'Address of the card',
      text: html`<bdi>${cardDefinition(publicBaseUrl).fetch.targetUrl}</bdi>`,
    },
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

function changeWords(
  { type, actor, at, invoiceId, before, after }: LedgerEvent,
  moment: (at: number) => string,
): string {
  const name = (after ?? before)?.number ?? invoiceId;
  return `${name} ${DONE_WORDS[type]} ${ACTOR_WORDS[actor.kind]} on ${moment(Date.parse(at))}.`;
}

/** Moments (epoch ms) as people read them in a time zone. */
function momentIn(timeZone: string): (at: number) => string {
  const format = new Intl.DateTimeFormat('en-US', { dateStyle: 'medium', timeStyle: 'short', timeZone });
  return (at) => format.format(at);
}
