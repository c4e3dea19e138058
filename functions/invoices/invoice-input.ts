import * as z from 'zod/mini';
import { emailAddress, httpsUrl, LONGEST_EXTERNAL_ID, line, paragraph } from '../input/text.ts';
import { isIsoDate, isIsoDateTime } from './calendar.ts';
import { isCurrencyCode } from './currency.ts';
import { decimalProblem, MAX_DIGITS, parseDecimal } from './decimal.ts';
import { asDealId, HUBSPOT_ID_RULE } from './identifiers.ts';
import { MAX_PAYMENTS } from './invoice.ts';

/** The limits of one invoice as it may be sent. */
export const MAX_LINES = 500;
/** What an invoice's lines have to be. */
export const AT_MOST_LINES = `a list of at most ${MAX_LINES} lines`;
export const MAX_UNIT_PRICE_DECIMALS = 8;
export const MAX_QUANTITY_DECIMALS = 6;
/** A rate is bounded by its digits alone. */
const MAX_RATE_DECIMALS = MAX_DIGITS;
/** No currency has more; how many a given one has is checked once the currency is known. */
const MAX_CURRENCY_DECIMALS = 4;

const decimal = (maxDecimals: number, expected: string) =>
  z.string(expected).check(z.refine((text) => decimalProblem(text, maxDecimals) === undefined, expected));

const amount = () =>
  decimal(MAX_CURRENCY_DECIMALS, 'an amount as a decimal string such as "1190.00", at most 15 digits');

const rate = () => {
  const expected = 'a fraction as a decimal string from "0" to "1", such as "0.19" for 19 %';
  return decimal(MAX_RATE_DECIMALS, expected).check(z.refine((text) => isFraction(text), expected));
};

function isFraction(text: string): boolean {
  if (decimalProblem(text, MAX_RATE_DECIMALS) !== undefined) return true; // said already
  const { units, scale } = parseDecimal(text);
  return units >= 0n && units <= 10n ** BigInt(scale);
}

const isoDate = () => z.string(DATE_EXPECTED).check(z.refine((text) => isIsoDate(text), DATE_EXPECTED));
const DATE_EXPECTED = 'a date that exists, as yyyy-mm-dd';

const isoDateTime = () =>
  z.string(DATE_TIME_EXPECTED).check(z.refine((text) => isIsoDateTime(text), DATE_TIME_EXPECTED));
const DATE_TIME_EXPECTED = 'a date-time with offset, such as 2026-11-22T09:30:00Z';

const isoDateOrTime = () => {
  const expected = `${DATE_EXPECTED}, or ${DATE_TIME_EXPECTED}`;
  return z.string(expected).check(z.refine((text) => isIsoDate(text) || isIsoDateTime(text), expected));
};

export const dealIdInput = z
  .string(HUBSPOT_ID_RULE)
  .check(z.refine((text) => asDealId(text) !== undefined, HUBSPOT_ID_RULE));

export const customerInput = z.strictObject(
  {
    name: line(255),
    email: z.optional(emailAddress()),
    externalId: z.optional(line(LONGEST_EXTERNAL_ID)),
    address: z.optional(
      z
        .array(line(200), 'a list of at most 10 address lines')
        .check(z.maxLength(10, 'at most 10 address lines')),
    ),
    taxId: z.optional(line(64)),
  },
  'an object with the customer’s name',
);

const UNIT_PRICE_EXPECTED =
  'a decimal string such as "12.50", not negative, at most 8 decimals and 15 digits';

export const lineInput = z
  .strictObject(
    {
      description: paragraph(1000),
      quantity: decimal(
        MAX_QUANTITY_DECIMALS,
        'a decimal string such as "2.5", at most 6 decimals and 15 digits',
      ),
      unitPrice: decimal(MAX_UNIT_PRICE_DECIMALS, UNIT_PRICE_EXPECTED).check(
        // EN 16931, BR-27: a credit note has negative quantities, never negative prices.
        z.refine((text) => !text.startsWith('-'), UNIT_PRICE_EXPECTED),
      ),
      discount: z.optional(amount()),
      discountRate: z.optional(rate()),
      taxRate: z.optional(rate()),
      productExternalId: z.optional(line(LONGEST_EXTERNAL_ID)),
    },
    'an object with description, quantity and unitPrice',
  )
  .check(
    z.refine((sent) => sent.discount === undefined || sent.discountRate === undefined, {
      path: ['discountRate'],
      error: 'either discount or discountRate, not both',
    }),
  );

export const paymentInput = z.strictObject(
  {
    paymentId: line(128),
    amount: amount().check(
      z.refine(
        (text) => !/^-?0(\.0*)?$/.test(text),
        'an amount that is not zero, as a decimal string such as "595.00"',
      ),
    ),
    paidAt: isoDateOrTime(),
  },
  'an object with paymentId, amount and paidAt',
);

/** What may be said about an invoice apart from its number, state and payments. */
export const invoiceFieldsInput = {
  customer: customerInput,
  currency: z
    .string('an ISO 4217 code in upper case, such as "EUR"')
    .check(z.refine((text) => isCurrencyCode(text), 'an ISO 4217 code in upper case, such as "EUR"')),
  issueDate: isoDate(),
  dueDate: isoDate(),
  lines: z.array(lineInput, AT_MOST_LINES).check(z.maxLength(MAX_LINES, AT_MOST_LINES)),
  link: z.optional(httpsUrl()),
  pdfUrl: z.optional(httpsUrl()),
};

const STATUS_EXPECTED = 'one of draft, open, paid, void';

/**
 * An invoice as the accounting system sends it. Lines may be left out where a total is stated, the number (or null sent for it) on a draft
 * of ours that has none yet.
 */
export const accountingInvoiceInput = z.strictObject(
  {
    ...invoiceFieldsInput,
    number: z.optional(z.nullable(line(64))),
    dealId: z.optional(z.nullable(dealIdInput)),
    status: z.enum(['draft', 'open', 'paid', 'void'], STATUS_EXPECTED),
    lines: z._default(invoiceFieldsInput.lines, []),
    total: z.optional(amount()),
    payments: z.optional(
      z
        .array(paymentInput, `a list of at most ${MAX_PAYMENTS} payments`)
        .check(z.maxLength(MAX_PAYMENTS, `a list of at most ${MAX_PAYMENTS} payments`)),
    ),
    sourceUpdatedAt: z.optional(isoDateTime()),
  },
  'a JSON object with the invoice',
);

export type AccountingInvoiceInput = z.infer<typeof accountingInvoiceInput>;
export type LineInput = z.infer<typeof lineInput>;
export type PaymentInput = z.infer<typeof paymentInput>;
