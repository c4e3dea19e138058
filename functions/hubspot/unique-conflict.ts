import type { ErrorBody } from './error-body.ts';

const CONFLICT_CATEGORIES = new Set(['CONFLICT', 'OBJECT_ALREADY_EXISTS']);

/** Contacts: `Contact already exists. Existing ID: 51`. The holder is named in the text only. */
const EXISTING_ID = /Existing ID:\s*(\d+)/i;
const CONTACT_EXISTS = /\bcontact already exists\b/i;
/** Unique properties: `Cannot set PropertyValueCoordinates{…, propertyName=tax_id, value=7} on 101. 51 already has that value.` */
const ALREADY_HAS = /(\d+) already has that value/i;
const PROPERTY_NAME = /\bpropertyName=([a-z0-9_]+)/i;

export interface UniqueConflict {
  /** The record that holds the value, where HubSpot names it. */
  existingId?: string;
  /** The property whose value it is, where HubSpot names it. */
  property?: string;
}

/**
 * Whether an error says that another record holds a value that must be unique, and what it says of the two. HubSpot says so with status
 * 409, with a category, or with status 400 and a text.
 */
export function uniqueConflict(error: ErrorBody): UniqueConflict | undefined {
  const taken = error.refusedValues.filter(({ code }) => code === 'CONFLICTING_UNIQUE_VALUE');
  const texts = [error.message, ...error.refusedValues.map(({ message }) => message)];
  const existingId = firstMatch(texts, EXISTING_ID) ?? firstMatch(texts, ALREADY_HAS);
  const isConflict =
    existingId !== undefined || taken.length > 0 || CONFLICT_CATEGORIES.has(error.category ?? '');
  if (!isConflict) return undefined;
  const named = firstMatch(texts, PROPERTY_NAME) ?? taken.find(({ property }) => property)?.property;
  const property = named ?? (texts.some((text) => CONTACT_EXISTS.test(text)) ? 'email' : undefined);
  return {
    ...(existingId === undefined ? {} : { existingId }),
    ...(property === undefined ? {} : { property }),
  };
}

const firstMatch = (texts: readonly string[], pattern: RegExp): string | undefined =>
  texts.map((text) => pattern.exec(text)?.[1]).find((match) => match !== undefined);
