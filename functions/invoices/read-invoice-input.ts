import { type FieldProblem, fieldProblems } from '../input/field-problem.ts';
import { type CurrencyCode, currencyDecimals } from './currency.ts';
import { decimalProblem, parseDecimal } from './decimal.ts';
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

export type Reading<T> = { ok: true; value: T } | { ok: false; problems: FieldProblem[] };

/** Reads an invoice as the accounting system sends it into the command that replaces ours; every problem is named at once. */
export function readAccountingInvoice(input: unknown): Reading<ReplaceInvoice> {
  const parsed = accountingInvoiceInput.safeParse(input);
  if (!parsed.success) return { ok: false, problems: fieldProblems(parsed.error.issues, input) };
  const problems = [
    ...contentProblems(parsed.data),
    ...totalProblems(parsed.data),
    ...paymentProblems(parsed.data),
  ];
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: replaceCommand(parsed.data) };
}

/** Reads one payment in the currency of its invoice. */
export function readPayment(input: unknown, currency: CurrencyCode): Reading<Payment> {
  const parsed = paymentInput.safeParse(input);
  if (!parsed.success) return { ok: false, problems: fieldProblems(parsed.error.issues, input) };
  const problems = decimalsProblem('amount', parsed.data.amount, currency);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: payment(parsed.data, currency) };
}

/** What is sent of dates, currency and lines, whoever sends it. */
type SentContent = Pick<AccountingInvoiceInput, 'issueDate' | 'dueDate' | 'currency' | 'lines'>;

/** What no single field shows: dates against each other, and lines against the currency and themselves. */
export const contentProblems = (sent: SentContent): FieldProblem[] => [
  ...termProblems(sent),
  ...sent.lines.flatMap((line, index) => [
    ...(line.discount === undefined
      ? []
      : decimalsProblem(`lines[${index}].discount`, line.discount, sent.currency)),
    ...(hasSurcharge(line) ? [surchargeProblem(line, index)] : []),
  ]),
];

function termProblems(sent: SentContent): FieldProblem[] {
  if (sent.dueDate >= sent.issueDate) return [];
  return [
    {
      field: 'dueDate',
      problem: `is ${sent.dueDate}`,
      expected: `the issue date ${sent.issueDate} or later`,
    },
  ];
}

function totalProblems(sent: AccountingInvoiceInput): FieldProblem[] {
  if (sent.total !== undefined) return decimalsProblem('total', sent.total, sent.currency);
  return sent.lines.length === 0
    ? [{ field: 'lines', problem: 'is empty', expected: 'at least one line, or a total' }]
    : [];
}

function decimalsProblem(field: string, amount: string, currency: CurrencyCode): FieldProblem[] {
  const decimals = currencyDecimals(currency);
  if (decimalProblem(amount, decimals) === undefined) return [];
  return [{ field, problem: `is "${amount}"`, expected: `at most ${decimals} decimals, as ${currency} has` }];
}

/** A negative discount mirrors the discount of the line that a credit note takes back; on any other line it would raise the amount. */
function hasSurcharge(line: LineInput): boolean {
  if (line.discount === undefined) return false;
  return parseDecimal(line.discount).units < 0n && parseDecimal(line.quantity).units >= 0n;
}

const surchargeProblem = (line: LineInput, index: number): FieldProblem => ({
  field: `lines[${index}].discount`,
  problem: `is "${line.discount}" on a quantity of "${line.quantity}"`,
  expected: 'an amount that is not negative, so that it takes off',
});

function paymentProblems(sent: AccountingInvoiceInput): FieldProblem[] {
  const payments = sent.payments ?? [];
  if (sent.status === 'draft' && payments.length > 0) {
    return [{ field: 'payments', problem: `is a list of ${payments.length}`, expected: 'none on a draft' }];
  }
  const decimals = payments.flatMap(({ amount }, index) =>
    decimalsProblem(`payments[${index}].amount`, amount, sent.currency),
  );
  return [...decimals, ...repeatedPayments(payments)];
}

function repeatedPayments(payments: readonly PaymentInput[]): FieldProblem[] {
  const seen = new Set<string>();
  return payments.flatMap(({ paymentId }, index) => {
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
    number: sent.number,
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
