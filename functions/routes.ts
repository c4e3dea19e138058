/** Who calls a route, and so by which proof it is let in; see docs/security.md. */
export type Caller = 'accounting' | 'hubspot' | 'frame';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'ANY';

/** The Lambda functions that answer HTTP, each named for its file in functions/handlers. */
export type HttpFunction = 'card' | 'actions' | 'pages' | 'pdf' | 'ledger-api' | 'event-feed' | 'sync-intake';

export interface Route {
  method: Method;
  /** In API Gateway's notation: `{name}` is one segment, `{name+}` all that follow. */
  path: string;
  function: HttpFunction;
  caller: Caller;
  /** One sentence for the API reference. */
  summary: string;
}

/**
 * The one table of what can be called. The CDK stack builds API Gateway from it, the simulator its gateway, and
 * docs/api.md is generated from it.
 */
export const routes = [
  {
    method: 'GET',
    path: '/hubspot/card',
    function: 'card',
    caller: 'hubspot',
    summary: "The card's data: the five most urgent invoices of the deal being viewed.",
  },
  {
    method: 'POST',
    path: '/hubspot/invoices',
    function: 'actions',
    caller: 'hubspot',
    summary: 'Create an invoice on a deal, as a draft or issued.',
  },
  {
    method: 'PATCH',
    path: '/hubspot/invoices/{invoiceId}',
    function: 'actions',
    caller: 'hubspot',
    summary: 'Change a draft; fields left out stay as they are.',
  },
  {
    method: 'DELETE',
    path: '/hubspot/invoices/{invoiceId}',
    function: 'actions',
    caller: 'hubspot',
    summary: 'Delete a draft.',
  },
  {
    method: 'POST',
    path: '/hubspot/invoices/{invoiceId}/issue',
    function: 'actions',
    caller: 'hubspot',
    summary: 'Issue a draft: it takes its number and is owed from then on.',
  },
  {
    method: 'POST',
    path: '/hubspot/invoices/{invoiceId}/void',
    function: 'actions',
    caller: 'hubspot',
    summary: 'Void an invoice that is still owed.',
  },
  {
    method: 'POST',
    path: '/hubspot/invoices/{invoiceId}/payments',
    function: 'actions',
    caller: 'hubspot',
    summary: 'Record a payment; a payment id counts once.',
  },
  {
    method: 'GET',
    path: '/hubspot/deals/{dealId}/invoices',
    function: 'actions',
    caller: 'hubspot',
    summary: "The full card view: a deal's summary and its invoices, each with the actions it offers.",
  },
  {
    method: 'GET',
    path: '/pages/invoices/new',
    function: 'pages',
    caller: 'frame',
    summary: 'The form for a new invoice.',
  },
  {
    method: 'POST',
    path: '/pages/invoices/new',
    function: 'pages',
    caller: 'frame',
    summary: 'Save that form, as a draft or issued.',
  },
  {
    method: 'GET',
    path: '/pages/invoices/{invoiceId}/edit',
    function: 'pages',
    caller: 'frame',
    summary: 'The form that changes a draft.',
  },
  {
    method: 'POST',
    path: '/pages/invoices/{invoiceId}/edit',
    function: 'pages',
    caller: 'frame',
    summary: 'Save that form, as a draft or issued.',
  },
  {
    method: 'GET',
    path: '/pages/invoices/{invoiceId}/payment',
    function: 'pages',
    caller: 'frame',
    summary: 'The form that records a payment.',
  },
  {
    method: 'POST',
    path: '/pages/invoices/{invoiceId}/payment',
    function: 'pages',
    caller: 'frame',
    summary: 'Save that form.',
  },
  {
    method: 'GET',
    path: '/pages/invoices/{invoiceId}/pdf',
    function: 'pdf',
    caller: 'frame',
    summary: 'The invoice as PDF: the accounting system’s own, or one that we render.',
  },
  {
    method: 'GET',
    path: '/pages/deals/{dealId}/invoices',
    function: 'pages',
    caller: 'frame',
    summary: 'All invoices of a deal.',
  },
  {
    method: 'POST',
    path: '/pages/deals/{dealId}/invoices',
    function: 'pages',
    caller: 'frame',
    summary: 'Issue, void or delete an invoice of that list, once it is confirmed.',
  },
  {
    method: 'GET',
    path: '/pages/health',
    function: 'pages',
    caller: 'frame',
    summary: 'How the connection is doing.',
  },
  {
    method: 'POST',
    path: '/pages/form-token',
    function: 'pages',
    caller: 'frame',
    summary: 'Renew the time that a form may be submitted.',
  },
  {
    method: 'GET',
    path: '/pages/products',
    function: 'pages',
    caller: 'frame',
    summary: 'Find synced products for a line of a form.',
  },
  {
    method: 'GET',
    path: '/pages/assets/{asset}',
    function: 'pages',
    caller: 'frame',
    summary: 'Script and style of the pages, by their hash; needs no ticket.',
  },
  {
    method: 'PUT',
    path: '/v1/invoices/{invoiceId}',
    function: 'ledger-api',
    caller: 'accounting',
    summary: 'Create an invoice or replace it as a whole.',
  },
  {
    method: 'GET',
    path: '/v1/invoices/{invoiceId}',
    function: 'ledger-api',
    caller: 'accounting',
    summary: 'Read an invoice.',
  },
  {
    method: 'DELETE',
    path: '/v1/invoices/{invoiceId}',
    function: 'ledger-api',
    caller: 'accounting',
    summary: 'Delete a draft or a void invoice.',
  },
  {
    method: 'POST',
    path: '/v1/invoices/{invoiceId}/payments',
    function: 'ledger-api',
    caller: 'accounting',
    summary: 'Record a payment; a payment id counts once.',
  },
  {
    method: 'PUT',
    path: '/v1/invoices/{invoiceId}/deal',
    function: 'ledger-api',
    caller: 'accounting',
    summary: 'Link an invoice to a deal, or move it to another.',
  },
  {
    method: 'DELETE',
    path: '/v1/invoices/{invoiceId}/deal',
    function: 'ledger-api',
    caller: 'accounting',
    summary: 'Unlink an invoice from its deal.',
  },
  {
    method: 'PUT',
    path: '/v1/invoices/{invoiceId}/external-id',
    function: 'ledger-api',
    caller: 'accounting',
    summary: 'Give an invoice that began in HubSpot the accounting system’s own id.',
  },
  {
    method: 'GET',
    path: '/v1/invoices',
    function: 'ledger-api',
    caller: 'accounting',
    summary: 'Find invoices by number, or those on no deal.',
  },
  {
    method: 'POST',
    path: '/v1/invoices/batch',
    function: 'ledger-api',
    caller: 'accounting',
    summary: 'Create or replace up to 100 invoices.',
  },
  {
    method: 'GET',
    path: '/v1/deals/{dealId}/invoices',
    function: 'ledger-api',
    caller: 'accounting',
    summary: "A deal's summary and its invoices, in the card's order.",
  },
  {
    method: 'GET',
    path: '/v1/events',
    function: 'event-feed',
    caller: 'accounting',
    summary: 'The change feed: every change to the ledger, in order and without gaps.',
  },
  {
    method: 'POST',
    path: '/v1/contacts',
    function: 'sync-intake',
    caller: 'accounting',
    summary: 'Tell what customers should be in HubSpot: up to 1,000 a call.',
  },
  {
    method: 'POST',
    path: '/v1/products',
    function: 'sync-intake',
    caller: 'accounting',
    summary: 'Tell what products should be in HubSpot: up to 1,000 a call.',
  },
  {
    method: 'GET',
    path: '/v1/contacts',
    function: 'sync-intake',
    caller: 'accounting',
    summary: 'One customer by ?externalId=: what it should be, and how far it is.',
  },
  {
    method: 'GET',
    path: '/v1/products',
    function: 'sync-intake',
    caller: 'accounting',
    summary: 'One product by ?externalId=: what it should be, and how far it is.',
  },
  {
    method: 'GET',
    path: '/v1/contacts/{externalId}',
    function: 'sync-intake',
    caller: 'accounting',
    summary: 'The same, for an id that a path can hold.',
  },
  {
    method: 'GET',
    path: '/v1/products/{externalId}',
    function: 'sync-intake',
    caller: 'accounting',
    summary: 'The same, for an id that a path can hold.',
  },
  {
    method: 'GET',
    path: '/v1/sync/failures',
    function: 'sync-intake',
    caller: 'accounting',
    summary: 'What HubSpot refused, with the reason.',
  },
  {
    method: 'POST',
    path: '/v1/sync/replay',
    function: 'sync-intake',
    caller: 'accounting',
    summary: 'Try failed records again, or write chosen ones again.',
  },
  {
    method: 'GET',
    path: '/v1/sync/health',
    function: 'sync-intake',
    caller: 'accounting',
    summary: 'Counts by state, the oldest that waits, and whether the portal rests.',
  },
  {
    method: 'ANY',
    path: '/v1/{proxy+}',
    function: 'ledger-api',
    caller: 'accounting',
    summary: 'Anything else under /v1 is answered with what was wrong about the path.',
  },
] as const satisfies readonly Route[];

type KeyOf<R> = R extends Route ? `${R['method']} ${R['path']}` : never;

/** A function's routes as API Gateway names them in an event: `PUT /v1/invoices/{invoiceId}`. */
export type RouteKey<F extends HttpFunction> = KeyOf<Extract<(typeof routes)[number], { function: F }>>;
