import { readPayment } from '../invoices/read-invoice-input.ts';
import { readRepInvoice } from '../rep/rep-input.ts';
import { decimalText } from './decimal-text.ts';
import { type FieldMessage, fieldMessages } from './field-messages.ts';
import { type InvoiceFields, invoiceInput } from './invoice-fields.ts';
import type { StatedDraft } from './stated-draft.ts';

/** What is wrong with the form of an invoice, or of this draft, by the ledger's own schema: the same here, in the browser and at the hooks. */
export function invoiceMessages(fields: InvoiceFields, draft?: StatedDraft): FieldMessage[] {
  const { input, lineIndexes } = invoiceInput(fields);
  const reading = readRepInvoice(input, draft);
  return reading.ok ? [] : fieldMessages(reading.problems, lineIndexes, fields.currency);
}

/** The form of a payment, as typed. */
export interface PaymentFields {
  amount: string;
  paidAt: string;
}

/** The payment that the fields stand for. */
export const paymentInputOf = ({ amount, paidAt }: PaymentFields): PaymentFields => ({
  amount: decimalText(amount),
  paidAt: paidAt.trim(),
});

/** What is wrong with the form of a payment in this currency, by the ledger's own schema. */
export function paymentMessages(fields: PaymentFields, currency: string): FieldMessage[] {
  const reading = readPayment({ ...paymentInputOf(fields), paymentId: '-' }, currency);
  if (reading.ok) return [];
  return fieldMessages(reading.problems, [], currency);
}
