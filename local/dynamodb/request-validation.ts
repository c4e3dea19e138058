import type { JsonObject } from 'dynalite/db/index.js';
import validations, {
  type CustomValidation,
  type FieldType,
  type FieldTypes,
} from 'dynalite/validations/index.js';
import { MAX_ITEM_BYTES } from './staged-store.ts';

/** A request's fields and the rules that go beyond them, in dynalite's schema language. */
export interface RequestSchema {
  types: FieldTypes;
  custom?: CustomValidation;
}

const LIMITS = { options: { maxItemSize: MAX_ITEM_BYTES } };

/**
 * Checks a request by dynalite's rules and answers it with unknown fields dropped and expressions parsed.
 * Throws a ValidationException or SerializationException in the service's words.
 */
export function validateRequest(request: JsonObject, schema: RequestSchema): JsonObject {
  const known = validations.checkTypes({ ...request }, schema.types);
  validations.checkValidations(known, schema.types, schema.custom, LIMITS);
  return known;
}

/** What the schema's own rules say about one operation inside a transaction, or undefined. */
export function explainInvalid(
  operation: JsonObject,
  custom: CustomValidation | undefined,
): string | undefined {
  return custom?.(operation, LIMITS);
}

/** The parameter that asks for the item which failed a condition; dynalite doesn't know it. */
export const RETURN_VALUES_ON_FAILURE: FieldType = { type: 'String', enum: ['ALL_OLD', 'NONE'] };

/** Some of a request's fields; those named in `required` must be there. */
export function pickTypes({ types }: RequestSchema, fields: string[], required: string[] = []): FieldTypes {
  return Object.fromEntries(
    fields.flatMap((field): [string, string | FieldType][] => {
      const type = types[field];
      if (type === undefined) return [];
      return [
        [field, required.includes(field) && typeof type === 'object' ? { ...type, notNull: true } : type],
      ];
    }),
  );
}
