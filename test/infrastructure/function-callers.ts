import { signV3 } from '../../functions/hubspot/request-signature.ts';
import { asDealId, asInvoiceId, asPortalId } from '../../functions/invoices/identifiers.ts';
import { mintTicket, type TicketSubject } from '../../functions/rep/ticket.ts';
import { gatewayEvent } from '../../local/gateway/gateway-event.ts';
import { matchRoute } from '../../local/gateway/match-route.ts';
import type { Invocation } from './invoke-bundle.ts';

/** Calls a function by its logical id; answers what it answered. */
export type CallFunction = (id: string, invocation: Invocation) => Promise<unknown>;

/** What callers prove themselves with. */
export interface Proofs {
  portal: string;
  publicBaseUrl: string;
  clientSecret: string;
  ticketKey: string;
  ledgerToken: string;
}

interface Request {
  method: string;
  /** Path and query. */
  target: string;
  headers?: Record<string, string>;
  json?: unknown;
  form?: Record<string, string> | undefined;
}

/** A page for a rep: what its ticket admits to, and what stands in its form. */
interface PageRequest {
  method?: string;
  target: string;
  page: TicketSubject['page'];
  deal: string;
  invoice?: string;
  form?: Record<string, string>;
}

const REP = { userId: '77', email: 'rep@example.com' };

/** Everyone who calls functions through API Gateway, each with a proof. Whatever is not answered with success is an error. */
export class FunctionCallers {
  readonly #call: CallFunction;
  readonly #proofs: Proofs;

  constructor(call: CallFunction, proofs: Proofs) {
    this.#call = call;
    this.#proofs = proofs;
  }

  /** The accounting system, with its token. */
  accounting(method: string, target: string, json?: unknown): Promise<string> {
    const headers = { authorization: `Bearer ${this.#proofs.ledgerToken}` };
    return this.#request({ method, target, headers, json });
  }

  /** HubSpot, signed, for a rep who looks at a deal. */
  hubspot(
    method: string,
    path: string,
    deal: string,
    parameters: Record<string, string> = {},
  ): Promise<string> {
    const { publicBaseUrl, clientSecret, portal } = this.#proofs;
    const query = new URLSearchParams({
      userId: REP.userId,
      userEmail: REP.email,
      associatedObjectId: deal,
      portalId: portal,
      ...parameters,
    });
    const target = `${path}?${query}`;
    const timestamp = String(Date.now());
    const signed = { method, uri: `${publicBaseUrl}${target}`, body: Buffer.alloc(0) };
    const headers = {
      'x-hubspot-signature-v3': signV3(signed, timestamp, clientSecret),
      'x-hubspot-request-timestamp': timestamp,
    };
    return this.#request({ method, target, headers });
  }

  /** A rep's browser, with the ticket that the card would have given it. */
  page({ method = 'GET', target, page, deal, invoice, form }: PageRequest): Promise<string> {
    const { portal, ticketKey } = this.#proofs;
    const ticket = mintTicket(ticketKey, {
      rep: { portalId: known(asPortalId(portal)), ...REP },
      subject: {
        page,
        dealId: known(asDealId(deal)),
        invoiceId: invoice === undefined ? undefined : asInvoiceId(invoice),
      } as TicketSubject,
      expiresAt: Date.now() + 3_600_000,
    });
    const separator = target.includes('?') ? '&' : '?';
    return this.#request({ method, target: `${target}${separator}ticket=${ticket}`, form });
  }

  async #request({ method, target, headers = {}, json, form }: Request): Promise<string> {
    const path = target.replace(/\?.*$/, '');
    const match = known(matchRoute(method, path));
    const [type, body] =
      form === undefined
        ? ['application/json', json === undefined ? '' : JSON.stringify(json)]
        : ['application/x-www-form-urlencoded', new URLSearchParams(form).toString()];
    const event = gatewayEvent(
      {
        method,
        target,
        headers: { ...headers, ...(body === '' ? {} : { 'content-type': type }) },
        body: Buffer.from(body),
      },
      path,
      match,
      Date.now(),
    );
    const told = await this.#call(functionId(match.route.function), { event });
    const { statusCode, body: text } = told as { statusCode: number; body: string };
    if (statusCode >= 300) throw new Error(`${method} ${path} was answered with ${statusCode}: ${text}`);
    return text;
  }
}

/** `ledger-api` → `LedgerApiFunction`. */
const functionId = (name: string): string =>
  `${name.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase())}Function`;

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('An id or an address of the test is malformed.');
  return value;
}
