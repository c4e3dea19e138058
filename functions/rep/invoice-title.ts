import type { Invoice } from '../invoices/invoice.ts';

const SHORT_ID_LENGTH = 6;

/** What a person calls the invoice: its number, or "Draft" with the end of its id while it has none. */
export const invoiceTitle = ({ number, invoiceId }: Pick<Invoice, 'number' | 'invoiceId'>): string =>
  number ?? `Draft ${invoiceId.slice(-SHORT_ID_LENGTH)}`;
