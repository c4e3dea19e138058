import type { FieldProblem } from '../input/field-problem.ts';
import { currencyDecimals, isCurrencyCode } from '../invoices/currency.ts';
import { AT_MOST_LINES, MAX_LINES } from '../invoices/invoice-input.ts';
import { controlOf } from './invoice-fields.ts';

/** What to tell a person about one control: `field` is the control's name. */
export interface FieldMessage {
  field: string;
  message: string;
}

interface Words {
  missing?: string;
  wrong: string;
}

const PERCENT: Words = { wrong: 'Enter a percentage from 0 to 100, such as 19.' };
const DATE: Words = { missing: 'Enter a date.', wrong: 'Enter a date that exists, such as 2026-11-22.' };

/** What the schema finds wrong, in a rep's words. Whether something is wrong is the schema's to say. */
const WORDS: Readonly<Record<string, Words>> = {
  'customer.name': {
    missing: 'Enter the customer’s name.',
    wrong: 'Use at most 255 characters for the name.',
  },
  'customer.email': { wrong: 'Enter an e-mail address such as anna@example.com.' },
  'customer.address': { wrong: 'Use at most 10 lines of at most 200 characters.' },
  'customer.taxId': { wrong: 'Use at most 64 characters for the tax ID.' },
  currency: { missing: 'Choose a currency.', wrong: 'Choose a currency.' },
  issueDate: DATE,
  dueDate: DATE,
  paidAt: DATE,
  'lines.description': {
    missing: 'Describe what is sold.',
    wrong: 'Use at most 1,000 characters for the description.',
  },
  'lines.quantity': {
    missing: 'Enter a quantity.',
    wrong: 'Enter a quantity such as 2 or 2.5, with at most 6 decimals.',
  },
  'lines.unitPrice': {
    missing: 'Enter a price.',
    wrong: 'Enter a price such as 12.50, with at most 8 decimals.',
  },
  'lines.discountRate': PERCENT,
  'lines.taxRate': PERCENT,
};

const NUMBERS = ['lines.quantity', 'lines.unitPrice', 'lines.discount', 'amount'];
const TOO_MANY_LINES = `Use at most ${MAX_LINES} lines.`;
const WITH_COMMA = 'Write the number with a point and without separators, such as 1190.50.';

/** The problems by control, one for each, in the order found. */
export function fieldMessages(
  problems: readonly FieldProblem[],
  lineIndexes: readonly number[],
  currency: string,
): FieldMessage[] {
  const messages = new Map<string, string>();
  for (const problem of problems) {
    const control = controlOf(problem.field, lineIndexes);
    if (!messages.has(control)) messages.set(control, messageFor(problem, currency));
  }
  return [...messages].map(([field, message]) => ({ field, message }));
}

function messageFor({ field, problem, expected }: FieldProblem, currency: string): string {
  const kind = field.replace(/\[\d+\]/g, '');
  const missing = problem === 'is missing' || problem === 'is ""';
  if (kind === 'lines') return expected === AT_MOST_LINES ? TOO_MANY_LINES : 'Enter at least one line.';
  if (kind === 'dueDate' && expected.startsWith('the issue date')) {
    return 'The due date can’t be before the issue date.';
  }
  if (NUMBERS.includes(kind) && problem.includes(',')) return WITH_COMMA;
  if (kind === 'amount' && expected.startsWith('an amount above')) return 'Enter an amount above zero.';
  if (kind === 'amount' && expected.startsWith('an amount below'))
    return 'Enter an amount below zero, as the total is.';
  if (kind === 'lines.discount' && expected.startsWith('an amount that is not negative')) {
    return 'A discount can’t be negative.';
  }
  if (kind === 'lines.discount' || kind === 'amount') return amountWords(currency);
  if (kind === 'lines.unitPrice' && problem.startsWith('is "-')) {
    return 'A price can’t be negative. For a credit, make the quantity negative.';
  }
  const words = WORDS[kind];
  if (!words) return `This must be ${expected}.`;
  return missing ? (words.missing ?? words.wrong) : words.wrong;
}

/** How an amount is written in the currency. */
function amountWords(currency: string): string {
  const decimals = isCurrencyCode(currency) ? currencyDecimals(currency) : 2;
  const example = decimals === 0 ? '150' : `150.${'0'.repeat(decimals)}`;
  return decimals === 0
    ? `Enter an amount such as ${example}, without decimals.`
    : `Enter an amount such as ${example}, with at most ${decimals} decimals.`;
}

/** A message as it stands before the form, where it must say which line it is about. */
export function summaryText({ field, message }: FieldMessage): string {
  const [, index] = /^lines\[(\d+)\]/.exec(field) ?? [];
  return index === undefined ? message : `Line ${Number(index) + 1}: ${message}`;
}
