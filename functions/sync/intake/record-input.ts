import * as z from 'zod/mini';
import type { ObjectType } from '../../hubspot/hubspot-api.ts';
import { emailAddress, LONGEST_EXTERNAL_ID, line, paragraph } from '../../input/text.ts';
import { isIsoDateTime } from '../../invoices/calendar.ts';
import { isCurrencyCode } from '../../invoices/currency.ts';
import { decimalProblem } from '../../invoices/decimal.ts';
import { reservedBecause } from '../mapping/map-properties.ts';

/** HubSpot takes texts up to this length. */
const MAX_TEXT = 65_536;
const MAX_PROPERTIES = 250;
const MAX_PRICE_DECIMALS = 8;

const PRICE_EXPECTED = 'a decimal string such as "12.50", not negative, at most 8 decimals and 15 digits';
const CURRENCY_EXPECTED = 'an ISO 4217 code in upper case, such as "EUR"';
const TIME_EXPECTED = 'a date-time with offset, such as 2026-11-22T09:30:00Z';
const NAME_EXPECTED = 'the internal name of a HubSpot property: lower-case letters, digits and _';
const VALUE_EXPECTED = `a text of at most ${MAX_TEXT} characters`;

const price = () =>
  z
    .string(PRICE_EXPECTED)
    .check(
      z.refine(
        (text) => !text.startsWith('-') && decimalProblem(text, MAX_PRICE_DECIMALS) === undefined,
        PRICE_EXPECTED,
      ),
    );

/** A name that may not be given has its own reason inside the record's issue, which would cover it. */
const propertiesExpected = (issue: z.core.$ZodRawIssue): string => {
  const [name] = issue.code === 'invalid_key' ? issue.issues : [];
  return name?.message ?? 'an object of property names and text values';
};

const verbatimProperties = (type: ObjectType) =>
  z.pipe(
    z
      .record(
        z.string().check(
          z.regex(/^[a-z0-9_]{1,100}$/, NAME_EXPECTED),
          z.refine((name) => reservedBecause(type, name) === undefined, {
            error: ({ input }) => `this property left out: ${reservedBecause(type, String(input))}`,
          }),
        ),
        z
          .string(VALUE_EXPECTED)
          .check(z.refine((text) => text.length <= MAX_TEXT && text.isWellFormed(), VALUE_EXPECTED)),
        { error: propertiesExpected },
      )
      .check(
        z.refine(
          (properties) => Object.keys(properties).length <= MAX_PROPERTIES,
          `at most ${MAX_PROPERTIES} properties`,
        ),
      ),
    // An empty object says no more than none at all: the two are the same content.
    z.transform((properties) => (Object.keys(properties).length === 0 ? undefined : properties)),
  );

/** What every record has, a deletion too. */
const head = {
  externalId: line(LONGEST_EXTERNAL_ID),
  updatedAt: z.string(TIME_EXPECTED).check(z.refine((text) => isIsoDateTime(text), TIME_EXPECTED)),
};

const contactFields = {
  email: z.optional(emailAddress()),
  firstName: z.optional(line(255)),
  lastName: z.optional(line(255)),
  company: z.optional(line(255)),
  phone: z.optional(line(128)),
  properties: z.optional(verbatimProperties('contacts')),
};

const productFields = {
  name: line(500),
  sku: z.optional(line(255)),
  price: z.optional(price()),
  currency: z.optional(
    z.string(CURRENCY_EXPECTED).check(z.refine((text) => isCurrencyCode(text), CURRENCY_EXPECTED)),
  ),
  description: z.optional(paragraph(MAX_TEXT)),
  properties: z.optional(verbatimProperties('products')),
};

const notDeleted = z.optional(z.literal(false, 'true, or this field left out'));

/** A contact as it is sent. */
export const contactInput = z.strictObject(
  { ...head, ...contactFields, deleted: notDeleted },
  'an object with the contact',
);

/** A product as it is sent. */
export const productInput = z
  .strictObject({ ...head, ...productFields, deleted: notDeleted }, 'an object with the product')
  .check(
    z.refine((sent) => sent.price === undefined || sent.currency !== undefined, {
      path: ['currency'],
      error: `${CURRENCY_EXPECTED}, wherever there is a price`,
    }),
  );

/** A deletion needs no more than id and time; what else is sent with it says nothing. */
export const deletionInput = z.object({ ...head, deleted: z.literal(true) }, 'an object with the record');
