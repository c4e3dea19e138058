/** The ids that tell rows apart. Branded, so that a deal's id can't be passed where a portal's is meant. */
declare const brand: unique symbol;

/** One HubSpot account: decimal digits. Every row we store belongs to exactly one portal. */
export type PortalId = string & { readonly [brand]: 'PortalId' };
/** A HubSpot deal's object id: decimal digits without a leading zero. */
export type DealId = string & { readonly [brand]: 'DealId' };
/** The accounting system's own id of an invoice (or ours, for an invoice that began in HubSpot). */
export type InvoiceId = string & { readonly [brand]: 'InvoiceId' };

const HUBSPOT_ID = /^[1-9]\d{0,19}$/;
/** API Gateway hands paths over decoded, so only characters that need no escape survive the way. */
const INVOICE_ID = /^[A-Za-z0-9][A-Za-z0-9._~-]{0,127}$/;

export const INVOICE_ID_RULE = '1 to 128 letters, digits and . _ ~ - that begin with a letter or a digit';
export const HUBSPOT_ID_RULE = 'a HubSpot object id: 1 to 20 digits, the first not 0';

/** The text as a portal id, or undefined where it is none. */
export const asPortalId = (text: string): PortalId | undefined =>
  HUBSPOT_ID.test(text) ? (text as PortalId) : undefined;

/** The text as a deal id, or undefined where it is none. */
export const asDealId = (text: string): DealId | undefined =>
  HUBSPOT_ID.test(text) ? (text as DealId) : undefined;

/** The text as an invoice id, or undefined where it breaks {@link INVOICE_ID_RULE}. */
export const asInvoiceId = (text: string): InvoiceId | undefined =>
  INVOICE_ID.test(text) ? (text as InvoiceId) : undefined;
