import { allProblems, describe, type FieldProblem, fieldProblems } from '../input/field-problem.ts';
import { readableFields, readableList } from '../input/readable-fields.ts';
import { contentProblems, decimalsProblem, readableContent, type SentContent } from './content-problems.ts';
import type { CurrencyCode } from './currency.ts';
import { asDealId } from './identifiers.ts';
import type { InvoiceLine, Payment } from './invoice.ts';
import {
  type AccountingInvoiceInput,
  accountingInvoiceInput,
  type LineInput,
  type PaymentInput,
  paymentInput,
} from './invoice-input.ts';
import type { ReplaceInvoice } from './ledger-command.ts';
import { parseMoney } from './money.ts';

/** What an invoice without a number is told. */
export const NUMBER_NEEDED =
  'an invoice number of 1 to 64 characters (only a draft that began in HubSpot and has none yet goes without)';

export type Reading<T> = { ok: true; value: T } | { ok: false; problems: FieldProblem[] };

/** Reads an invoice as the accounting system sends it into the command that replaces ours; every problem is named at once. */
export function readAccountingInvoice(input: unknown): Reading<ReplaceInvoice> {
  const parsed = accountingInvoiceInput.safeParse(input);
  if (!parsed.success) {
    const problems = fieldProblems(parsed.error.issues, input);
    return { ok: false, problems: allProblems(problems, togetherProblems(readableInvoice(input))) };
  }
  const { number, total } = parsed.data;
  const problems = togetherProblems({ ...parsed.data, number, hasTotal: total !== undefined });
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: replaceCommand(parsed.data) };
}

/** Reads one payment in the currency of its invoice. */
export function readPayment(input: unknown, currency: CurrencyCode): Reading<Payment> {
  const parsed = paymentInput.safeParse(input);
  if (!parsed.success) return { ok: false, problems: fieldProblems(parsed.error.issues, input) };
  const problems = decimalsProblem('amount', parsed.data.amount, currency);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: payment(parsed.data, currency) };
}

/** An invoice of the accounting system, as far as it could be read. */
interface SentInvoice extends SentContent {
  /** Left out where it could not be read; undefined or null where there is none. */
  number?: string | null | undefined;
  total?: string | undefined;
  /** Whether a total was sent at all. */
  hasTotal: boolean;
  status?: AccountingInvoiceInput['status'];
  payments?: readonly Partial<PaymentInput>[] | undefined;
}

function readableInvoice(input: unknown): SentInvoice {
  const { number, total, status, lines } = accountingInvoiceInput.def.shape;
  const read = readableFields({ number, total, status, lines }, input);
  return {
    ...read,
    ...readableContent(input),
    hasTotal: !('total' in read) || read.total !== undefined,
    payments: readableList(paymentInput.def.shape, input, 'payments'),
  };
}

/** What no single field shows. */
const togetherProblems = (sent: SentInvoice): FieldProblem[] => [
  ...numberProblems(sent),
  ...contentProblems(sent),
  ...decimalsProblem('total', sent.total, sent.currency),
  ...emptyProblems(sent),
  ...paymentProblems(sent),
];

/** The one draft that may be without a number is known to the ledger; whatever was issued has one. */
function numberProblems(sent: SentInvoice): FieldProblem[] {
  const isUnread = !('number' in sent) || sent.status === undefined;
  if (isUnread || typeof sent.number === 'string' || sent.status === 'draft') return [];
  return [{ field: 'number', problem: describe(sent.number), expected: NUMBER_NEEDED }];
}

const emptyProblems = ({ lines, hasTotal }: SentInvoice): FieldProblem[] =>
  lines?.length === 0 && !hasTotal
    ? [{ field: 'lines', problem: 'is empty', expected: 'at least one line, or a total' }]
    : [];

function paymentProblems({ payments = [], status, currency }: SentInvoice): FieldProblem[] {
  if (status === 'draft' && payments.length > 0) {
    return [{ field: 'payments', problem: `is a list of ${payments.length}`, expected: 'none on a draft' }];
  }
  const decimals = payments.flatMap(({ amount }, index) =>
    decimalsProblem(`payments[${index}].amount`, amount, currency),
  );
  return [...decimals, ...repeatedPayments(payments)];
}

function repeatedPayments(payments: readonly Partial<PaymentInput>[]): FieldProblem[] {
  const seen = new Set<string>();
  return payments.flatMap(({ paymentId }, index) => {
    if (paymentId === undefined) return [];
    if (!seen.has(paymentId)) {
      seen.add(paymentId);
      return [];
    }
    const problem = 'stands in the list twice';
    return [{ field: `payments[${index}].paymentId`, problem, expected: 'each payment once' }];
  });
}

const replaceCommand = (sent: AccountingInvoiceInput): ReplaceInvoice => ({
  type: 'replace',
  content: {
    number: sent.number ?? null,
    customer: sent.customer,
    currency: sent.currency,
    issueDate: sent.issueDate,
    dueDate: sent.dueDate,
    lines: sent.lines.map((line) => invoiceLine(line, sent.currency)),
    statedTotal: sent.total === undefined ? undefined : parseMoney(sent.total, sent.currency),
    link: sent.link,
    pdfUrl: sent.pdfUrl,
  },
  state: sent.status === 'paid' ? 'open' : sent.status,
  markedPaid: sent.status === 'paid',
  payments: sent.payments?.map((sentPayment) => payment(sentPayment, sent.currency)),
  dealId: typeof sent.dealId === 'string' ? asDealId(sent.dealId) : sent.dealId,
  sourceUpdatedAt: sent.sourceUpdatedAt,
});

/** A line as it was sent, its discount read in the invoice's currency. */
export const invoiceLine = (line: LineInput, currency: CurrencyCode): InvoiceLine => ({
  ...line,
  discount: line.discount === undefined ? undefined : parseMoney(line.discount, currency),
});

const payment = (sent: PaymentInput, currency: CurrencyCode): Payment => ({
  ...sent,
  amount: parseMoney(sent.amount, currency),
});
