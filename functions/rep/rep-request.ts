import { createHash } from 'node:crypto';
import type { DealId, InvoiceId } from '../invoices/identifiers.ts';
import type { Rep } from './rep.ts';

interface OnInvoice {
  invoiceId: InvoiceId;
  /** The deal that the rep is looking at, where the request names it: the invoice must be on it. */
  dealId?: DealId | undefined;
  /** The version that the rep saw. Left out, the command goes to the invoice as it is. */
  version?: number | undefined;
  /** Chosen by who asks, so that a repeat can be told from a second wish. */
  idempotencyKey?: string | undefined;
}

/** What a rep asks for. `fields` and `payment` are as they were sent; they are read when the invoice is known. */
export type RepRequest =
  | {
      action: 'create';
      dealId: DealId;
      fields: Readonly<Record<string, unknown>>;
      /** Issue it in the same stroke. */
      issue: boolean;
      idempotencyKey: string;
    }
  /** Fields left out stay as they are. */
  | ({ action: 'edit'; fields: Readonly<Record<string, unknown>>; issue: boolean } & OnInvoice)
  | ({
      action: 'payment';
      /** Without a `paymentId` it gets one of ours, and the request needs a key. */
      payment: { paymentId?: unknown; amount: unknown; paidAt: unknown };
    } & OnInvoice)
  | ({ action: 'issue' | 'void' | 'delete' } & OnInvoice);

/** How a repeat of a request is recognized. */
export interface RequestKey {
  /** Unique in the portal. */
  key: string;
  /** SHA-256 of what was asked for. */
  requestHash: string;
}

/**
 * The key of a request: the given one, as this user's own; else one derived from user, invoice, action, version and what was sent, so that
 * a second click is a repeat. A request that names neither a key, a version nor a payment has none: to do the same again later
 * may be meant.
 */
export function requestKey({ userId }: Rep, request: RepRequest): RequestKey | undefined {
  const { idempotencyKey, ...asked } = request;
  const requestHash = createHash('sha256').update(JSON.stringify(asked, sortedByKey)).digest('hex');
  if (idempotencyKey !== undefined) return { key: `user#${userId}#given#${idempotencyKey}`, requestHash };
  const isItsOwnKey =
    request.action !== 'create' &&
    (request.version !== undefined ||
      (request.action === 'payment' && request.payment.paymentId !== undefined));
  return isItsOwnKey ? { key: `user#${userId}#derived#${requestHash}`, requestHash } : undefined;
}

function sortedByKey(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
