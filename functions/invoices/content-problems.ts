import type { FieldProblem } from '../input/field-problem.ts';
import { readableFields, readableList } from '../input/readable-fields.ts';
import { type CurrencyCode, currencyDecimals } from './currency.ts';
import { decimalProblem, parseDecimal } from './decimal.ts';
import { invoiceFieldsInput, type LineInput, lineInput } from './invoice-input.ts';

/** What is sent of dates, currency and lines, whoever sends it, as far as it could be read. */
export interface SentContent {
  issueDate?: string;
  dueDate?: string;
  currency?: CurrencyCode;
  lines?: readonly Partial<LineInput>[];
}

/** What can be read of an input that has a problem somewhere. */
export function readableContent(input: unknown): SentContent {
  const { lines: _whole, ...fields } = readableFields(invoiceFieldsInput, input);
  const lines = readableList(lineInput.def.shape, input, 'lines');
  return lines === undefined ? fields : { ...fields, lines };
}

/** What no single field shows: dates against each other, and lines against the currency and themselves. */
export const contentProblems = (sent: SentContent): FieldProblem[] => [
  ...termProblems(sent),
  ...(sent.lines ?? []).flatMap((line, index) => discountProblem(line, index, sent.currency)),
];

/** One at most: a discount whose decimals are wrong is written anew anyway. */
function discountProblem(
  line: Partial<LineInput>,
  index: number,
  currency: CurrencyCode | undefined,
): FieldProblem[] {
  const inDecimals = decimalsProblem(`lines[${index}].discount`, line.discount, currency);
  if (inDecimals.length > 0) return inDecimals;
  return hasSurcharge(line) ? [surchargeProblem(line, index)] : [];
}

function termProblems({ issueDate, dueDate }: SentContent): FieldProblem[] {
  if (issueDate === undefined || dueDate === undefined || dueDate >= issueDate) return [];
  return [{ field: 'dueDate', problem: `is ${dueDate}`, expected: `the issue date ${issueDate} or later` }];
}

/** An amount with more decimals than its currency has; none where one of the two is missing. */
export function decimalsProblem(
  field: string,
  amount: string | undefined,
  currency: CurrencyCode | undefined,
): FieldProblem[] {
  if (amount === undefined || currency === undefined) return [];
  const decimals = currencyDecimals(currency);
  if (decimalProblem(amount, decimals) === undefined) return [];
  return [{ field, problem: `is "${amount}"`, expected: `at most ${decimals} decimals, as ${currency} has` }];
}

/** A negative discount mirrors the discount of the line that a credit note takes back; on any other line it would raise the amount. */
function hasSurcharge({ discount, quantity }: Partial<LineInput>): boolean {
  if (discount === undefined || quantity === undefined) return false;
  return parseDecimal(discount).units < 0n && parseDecimal(quantity).units >= 0n;
}

const surchargeProblem = (line: Partial<LineInput>, index: number): FieldProblem => ({
  field: `lines[${index}].discount`,
  problem: `is "${line.discount}" on a quantity of "${line.quantity}"`,
  expected: 'an amount that is not negative, so that it takes off',
});
