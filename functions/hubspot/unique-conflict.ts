import type { ErrorBody } from './error-body.ts';

const CONFLICT_CATEGORIES = new Set(['CONFLICT', 'OBJECT_ALREADY_EXISTS']);

/** Contacts: `Contact already exists. Existing ID: 51`. The holder is named in the text only. */
const EXISTING_ID = /Existing ID:\s*(\d+)/i;
/** Unique properties: `Cannot set PropertyValueCoordinates{…} on 101. 51 already has that value.` */
const ALREADY_HAS = /(\d+) already has that value/i;

/**
 * Whether an error says that another record holds a value that must be unique, and which record where HubSpot names it. HubSpot says so
 * with status 409, with a category, or with status 400 and a text.
 */
export function uniqueConflict(error: ErrorBody): { existingId?: string } | undefined {
  const texts = [error.message, ...error.refusedValues.map(({ message }) => message)];
  for (const text of texts) {
    const existingId = EXISTING_ID.exec(text)?.[1] ?? ALREADY_HAS.exec(text)?.[1];
    if (existingId !== undefined) return { existingId };
  }
  const isConflict =
    CONFLICT_CATEGORIES.has(error.category ?? '') ||
    error.refusedValues.some(({ code }) => code === 'CONFLICTING_UNIQUE_VALUE');
  return isConflict ? {} : undefined;
}
