import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import {
  asDealId,
  asInvoiceId,
  asPortalId,
  type DealId,
  type InvoiceId,
  type PortalId,
} from '../../functions/invoices/identifiers.ts';
import type { Invoice, InvoiceContent, InvoiceLine, Payment } from '../../functions/invoices/invoice.ts';
import type { ReplaceInvoice } from '../../functions/invoices/ledger-command.ts';
import { computeTotals } from '../../functions/invoices/totals.ts';

/** The text as an id of that kind. Throws where it is none: a test's mistake, not its subject. */
function idOf<Id>(read: (text: string) => Id | undefined, text: string): Id {
  const id = read(text);
  if (id === undefined) throw new Error(`No such id: ${text}`);
  return id;
}
export const portalId = (text: string): PortalId => idOf(asPortalId, text);
export const dealId = (text: string): DealId => idOf(asDealId, text);
export const invoiceId = (text: string): InvoiceId => idOf(asInvoiceId, text);

/** A portal that no other test has, so that tests can share a table. */
export const freshPortal = (): PortalId => portalId(String(randomInt(1, 2 ** 47)));

/** A line without discount and tax: 2 × 50.00. */
export const invoiceLine = (fields: Partial<InvoiceLine> = {}): InvoiceLine => ({
  description: 'Consulting',
  quantity: '2',
  unitPrice: '50.00',
  ...fields,
});

export const invoiceContent = (fields: Partial<InvoiceContent> = {}): InvoiceContent => ({
  number: 'INV-1',
  customer: { name: 'Anna Müller AG' },
  currency: 'EUR',
  issueDate: '2026-11-01',
  dueDate: '2026-11-30',
  lines: [invoiceLine()],
  ...fields,
});

/** An open invoice over 100.00 EUR at version 1; totals follow the content. */
export function invoice(fields: Partial<Invoice> = {}): Invoice {
  const content = { ...invoiceContent(), ...fields };
  return {
    ...content,
    invoiceId: invoiceId('A-1'),
    state: 'open',
    markedPaid: false,
    payments: [],
    version: 1,
    updatedAt: '2026-11-01T09:00:00.000Z',
    origin: 'accounting',
    ...computeTotals(content),
    ...fields,
  };
}

/** A payment of `amount` minor units. */
export const payment = (paymentId: string, amount: bigint, paidAt = '2026-11-10'): Payment => ({
  paymentId,
  amount,
  paidAt,
});

/** The command that an accounting system's PUT becomes: an open invoice over 100.00 EUR. */
export const replacement = (
  fields: Partial<Omit<ReplaceInvoice, 'type' | 'content'>> & { content?: Partial<InvoiceContent> } = {},
): ReplaceInvoice => ({
  type: 'replace',
  state: 'open',
  markedPaid: false,
  ...fields,
  content: invoiceContent(fields.content),
});

/** A PUT's body as the accounting system sends it. Fields given as undefined are left out, as JSON does. */
export const invoiceBody = (fields: Record<string, unknown> = {}): Record<string, unknown> =>
  JSON.parse(
    JSON.stringify({
      number: 'INV-1',
      customer: { name: 'Anna Müller AG' },
      currency: 'EUR',
      issueDate: '2026-11-01',
      dueDate: '2026-11-30',
      status: 'open',
      lines: [bodyLine()],
      ...fields,
    }),
  );

export const bodyLine = (fields: Record<string, unknown> = {}): Record<string, unknown> => ({
  description: 'Consulting',
  quantity: '2',
  unitPrice: '50.00',
  taxRate: '0.19',
  ...fields,
});

const anyDate = fc
  .integer({ min: 0, max: 400 })
  .map((day) => new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10));

/** Numbers that are alike but for their digits, and some that are anything; null as on a draft without one. */
export const anyNumber: fc.Arbitrary<string | null> = fc.oneof(
  fc.constant(null),
  fc
    .tuple(fc.constantFrom('INV-', 'INV', 'R ', '', 'É', '😀', '\uFFFD'), fc.nat(120), fc.nat(3))
    .map(([prefix, value, zeros]) => `${prefix}${'0'.repeat(zeros)}${value}`),
  fc.stringMatching(/^[0-9]{1,64}$/),
  fc.stringMatching(/^[0-9a-c.-]{1,12}$/),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }).filter((text) => !/\p{Cc}/u.test(text)),
);

export const anyPayments = fc
  .array(fc.tuple(fc.integer({ min: -12_000, max: 12_000 }), anyDate), { maxLength: 3 })
  .map((sent) =>
    sent.flatMap(([amount, day], i) => (amount === 0 ? [] : [payment(`p${i}`, BigInt(amount), day)])),
  );

/** Invoices in every state, with dates, numbers and ids close enough to each other to meet. */
export const anyInvoice: fc.Arbitrary<Invoice> = fc
  .record({
    invoiceId: fc.stringMatching(/^[A-Ca-c0-2][A-Ca-c0-2._~-]{0,2}$/).map(invoiceId),
    number: anyNumber,
    state: fc.constantFrom('draft' as const, 'open' as const, 'void' as const),
    markedPaid: fc.boolean(),
    currency: fc.constantFrom('EUR', 'JPY', 'KWD'),
    total: fc.oneof(fc.constant(0n), fc.bigInt(-10_000n, 10_000n), fc.bigInt(-(10n ** 17n), 10n ** 17n)),
    payments: anyPayments,
    issueDate: fc.constantFrom('2026-01-31', '2026-02-01', '2026-11-09'),
    dueDate: fc.constantFrom('2026-11-09', '2026-11-30', '2027-01-01'),
  })
  .map((fields) =>
    invoice({
      ...fields,
      markedPaid: fields.state === 'open' && fields.markedPaid,
      payments: fields.state === 'draft' ? [] : fields.payments,
    }),
  );
