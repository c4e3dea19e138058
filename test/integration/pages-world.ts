import { Logger } from '@aws-lambda-powertools/logger';
import { FeedStore } from '../../functions/feed/feed-store.ts';
import { htmlHandler } from '../../functions/http/html-handler.ts';
import type { LedgerStore } from '../../functions/invoices/ledger-store.ts';
import { problemPage } from '../../functions/pages/message-pages.ts';
import { pageOperations } from '../../functions/pages/page-operations.ts';
import { type PagePorts, WITHOUT_HUBSPOT } from '../../functions/pages/ports.ts';
import { newId } from '../../functions/rep/new-id.ts';
import { mintTicket, type Ticket, type TicketSubject } from '../../functions/rep/ticket.ts';
import type { RouteKey } from '../../functions/routes.ts';
import type { SyncHealth } from '../../functions/sync/operations/health.ts';
import { gatewayEvent, lambdaContext } from '../../local/gateway/gateway-event.ts';
import { matchRoute } from '../../local/gateway/match-route.ts';
import { ActionWorld, DEAL, PUBLIC_BASE_URL, TICKET_KEY } from './action-world.ts';

export interface PageAnswer {
  status: number;
  headers: Record<string, string>;
  text: string;
}

/** What was typed into a form, with the button that was pressed. */
export type Typed = Record<string, string>;

/** The pages function in front of a ledger, and a browser that opens frames and submits what stands in them. */
export class PagesWorld {
  readonly ledger: ActionWorld;
  ports: PagePorts = WITHOUT_HUBSPOT;
  syncHealth: SyncHealth | undefined;
  /** The ledger's, or one that is to fail. */
  store: LedgerStore;

  private constructor(ledger: ActionWorld) {
    this.ledger = ledger;
    this.store = ledger.store;
  }

  static start = async (): Promise<PagesWorld> => new PagesWorld(await ActionWorld.start());

  stop = (): Promise<void> => this.ledger.stop();

  /** The query of a page as the card would have made it, for a rep of the test's portal. */
  ticketFor(
    subject: TicketSubject,
    changes: Partial<Ticket['rep'] & { key: string; hours: number }> = {},
  ): string {
    const { key = TICKET_KEY, hours = 8, ...rep } = changes;
    const ticket = mintTicket(key, {
      rep: { portalId: this.ledger.portalId, userId: '77', email: 'rep@example.com', ...rep },
      subject,
      expiresAt: this.ledger.now + hours * 3_600_000,
    });
    return `ticket=${ticket}`;
  }

  /** The address of the form for a new invoice on the test's deal. */
  newForm = (): string => `/pages/invoices/new?${this.ticketFor({ page: 'new', dealId: DEAL })}`;

  get = (target: string, headers: Record<string, string> = {}): Promise<PageAnswer> =>
    this.#call('GET', target, headers, '');

  post = (target: string, typed: Typed): Promise<PageAnswer> =>
    this.#call(
      'POST',
      target,
      { 'content-type': 'application/x-www-form-urlencoded' },
      new URLSearchParams(typed).toString(),
    );

  async #call(
    method: string,
    target: string,
    headers: Record<string, string>,
    body: string,
  ): Promise<PageAnswer> {
    const path = target.replace(/\?.*$/, '');
    const match = matchRoute(method, path);
    if (!match) throw new Error(`No route for ${target}`);
    const now = () => this.ledger.now;
    const event = gatewayEvent({ method, target, headers, body: Buffer.from(body) }, path, match, now());
    const answer = await this.#handler()(event, lambdaContext('pages', 30_000, now));
    const text = Buffer.from(answer.body ?? '', answer.isBase64Encoded ? 'base64' : 'utf8').toString();
    const answered = Object.entries(answer.headers ?? {}).map(([name, value]) => [name, String(value)]);
    return { status: answer.statusCode ?? 0, headers: Object.fromEntries(answered), text };
  }

  #handler() {
    const { ledger } = this;
    return htmlHandler<RouteKey<'pages'>>({
      logger: new Logger({ logLevel: 'SILENT' }),
      frameAncestors: ['https://app.hubspot.com', 'https://app-eu1.hubspot.com'],
      problemPage: (problem, correlationId) => problemPage(problem, correlationId, PUBLIC_BASE_URL),
      operations: pageOperations({
        ledger: ledger.ledgerOn(this.store),
        store: this.store,
        feed: new FeedStore({ documents: ledger.documents, tableName: 'actions' }),
        settings: async () => ledger.settings,
        now: () => ledger.now,
        newId,
        report: (message, error) => ledger.reported.push([message, error]),
        ticketKeys: { value: async () => [TICKET_KEY], fresh: async () => undefined },
        publicBaseUrl: PUBLIC_BASE_URL,
        ports: this.ports,
        syncStanding: async () => this.syncHealth,
      }),
    });
  }
}

/** What a browser would submit of a page's form that nobody touched: its hidden fields and ticked boxes. */
export function hiddenFields({ text }: PageAnswer): Typed {
  const controls =
    /<input type="(?:hidden|checkbox)"(?: id="[^"]*")? name="([^"]+)"[^>]* value="([^"]*)"( checked)?>/g;
  const pairs = [...text.matchAll(controls)].filter(
    ([control, , , checked]) => control.includes('type="hidden"') || checked !== undefined,
  );
  return Object.fromEntries(pairs.map(([, name = '', value = '']) => [name, value]));
}

/** A draft of one line, 119.00 EUR, as it would be typed. */
export const typedInvoice = (changes: Typed = {}): Typed => ({
  'customer.name': 'Acme GmbH',
  currency: 'EUR',
  issueDate: '2026-11-22',
  dueDate: '2026-12-22',
  'lines[0].description': 'Work',
  'lines[0].quantity': '1',
  'lines[0].unitPrice': '100',
  'lines[0].discount': '',
  'lines[0].discountKind': 'amount',
  'lines[0].taxRate': '19',
  do: 'save',
  ...changes,
});

export { DEAL } from './action-world.ts';
