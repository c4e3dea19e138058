import * as z from 'zod/mini';
import { allProblems, type FieldProblem, fieldProblems } from '../input/field-problem.ts';
import { contentProblems, readableContent } from '../invoices/content-problems.ts';
import type { Invoice } from '../invoices/invoice.ts';
import { invoiceFieldsInput, type LineInput } from '../invoices/invoice-input.ts';
import type { RepContent } from '../invoices/ledger-command.ts';
import { formatMoney } from '../invoices/money.ts';
import { invoiceLine, type Reading } from '../invoices/read-invoice-input.ts';

const LINES_EXPECTED = 'at least one line';
const INVOICE_EXPECTED = 'an object with the invoice';

/** An invoice as a rep states it: no id, since it is ours or in the path; no number, which is taken at issue; no total, which follows. */
export const repInvoiceInput = z.strictObject(
  {
    ...invoiceFieldsInput,
    lines: invoiceFieldsInput.lines.check(z.minLength(1, LINES_EXPECTED)),
  },
  INVOICE_EXPECTED,
);

/** The same where an invoice has a stated total and no lines, and need not get any. */
const linelessInvoiceInput = z.strictObject(invoiceFieldsInput, INVOICE_EXPECTED);

export type RepInvoiceInput = z.infer<typeof repInvoiceInput>;

/** The names of the fields that a rep states. */
export const REP_FIELDS = Object.keys(repInvoiceInput.def.shape) as readonly (keyof RepInvoiceInput)[];

/** What belongs to an invoice but is not a rep's to say, with the reason. A null number is what our own answers have. */
const NOT_A_REPS: Record<string, string> = {
  number: 'this field left out: the number is taken when the invoice is issued',
  total: 'this field left out: the total follows from the lines',
  status: 'this field left out: issue, pay or void the invoice instead',
  payments: 'this field left out: record each payment by itself',
};

/** The names under which a rep may send anything about an invoice: what is not theirs to say is refused, not overlooked. */
export const SENT_FIELDS: readonly string[] = [...REP_FIELDS, ...Object.keys(NOT_A_REPS)];

/**
 * Reads an invoice as a rep sends it, from a hook or a form; every problem is named at once. Fields of no meaning to an invoice must
 * have been left out, see {@link sentRepFields}. Where a `draft` is edited for which just a total was stated, it may go on without lines in that
 * total's currency.
 */
export const readRepInvoice = (
  input: Readonly<Record<string, unknown>>,
  draft?: Pick<Invoice, 'lines' | 'currency'>,
): Reading<RepContent> =>
  read(
    input,
    draft?.lines.length === 0 && draft.currency === input.currency ? linelessInvoiceInput : repInvoiceInput,
  );

/** Reads a draft with what a rep sends of it, which leaves the rest as it was; null takes away what a draft need not have. */
export function readRepEdit(draft: Invoice, sent: Readonly<Record<string, unknown>>): Reading<RepContent> {
  const fields = Object.entries({ ...repFieldsOf(draft), ...sent });
  const left = fields.filter(([name, value]) => value !== null || !REMOVABLE.has(name));
  return readRepInvoice(Object.fromEntries(left), draft);
}

const REMOVABLE: ReadonlySet<string> = new Set(['link', 'pdfUrl'] satisfies (keyof RepInvoiceInput)[]);

function read(
  input: unknown,
  schema: typeof repInvoiceInput | typeof linelessInvoiceInput,
): Reading<RepContent> {
  const parsed = schema.safeParse(input);
  if (!parsed.success) {
    const problems = fieldProblems(parsed.error.issues, input);
    return { ok: false, problems: allProblems(problems, contentProblems(readableContent(input))) };
  }
  const { data } = parsed;
  const problems = contentProblems(data);
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, value: { ...data, lines: data.lines.map((line) => invoiceLine(line, data.currency)) } };
}

/**
 * The fields of an invoice among all that was sent: a hook brings HubSpot's own parameters along, which are ignored. Names the fields
 * that are not a rep's to say.
 */
export function sentRepFields(sent: Readonly<Record<string, unknown>>): Reading<Record<string, unknown>> {
  const problems = Object.entries(NOT_A_REPS).flatMap(([field, expected]): FieldProblem[] =>
    sent[field] === undefined || sent[field] === null
      ? []
      : [{ field, problem: 'is not accepted from HubSpot', expected }],
  );
  if (problems.length > 0) return { ok: false, problems };
  const fields = REP_FIELDS.filter((field) => sent[field] !== undefined);
  return { ok: true, value: Object.fromEntries(fields.map((field) => [field, sent[field]])) };
}

/** The invoice's fields as a rep would have sent them: what a form starts from, and what a change leaves as it was. */
export const repFieldsOf = (invoice: Invoice): RepInvoiceInput => ({
  customer: invoice.customer,
  currency: invoice.currency,
  issueDate: invoice.issueDate,
  dueDate: invoice.dueDate,
  lines: linesAsSent(invoice),
  ...(invoice.link === undefined ? {} : { link: invoice.link }),
  ...(invoice.pdfUrl === undefined ? {} : { pdfUrl: invoice.pdfUrl }),
});

/** An invoice's lines as they would have been sent. */
export const linesAsSent = ({ lines, currency }: Pick<Invoice, 'lines' | 'currency'>): LineInput[] =>
  lines.map((line) => ({
    ...line,
    discount: line.discount === undefined ? undefined : formatMoney(line.discount, currency),
  }));
