/** A JSON value that isn't what the contract asks for; the message names the place and what was expected there. */
export class UnexpectedJson extends Error {}

/** A JSON object whose fields are still unknown. */
export type JsonObject = Readonly<Record<string, unknown>>;

const unexpected = (place: string, expected: string): never => {
  throw new UnexpectedJson(`${place} is not ${expected}`);
};

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** @throws UnexpectedJson if the value isn't an object */
export const readObject = (value: unknown, place: string): JsonObject =>
  isObject(value) ? value : unexpected(place, 'an object');

/** An absent list is an empty one. @throws UnexpectedJson if the value is something else than a list */
export const readList = (value: unknown, place: string): readonly unknown[] => {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : unexpected(place, 'a list');
};

/** @throws UnexpectedJson if the value isn't text */
export const readText = (value: unknown, place: string): string =>
  typeof value === 'string' ? value : unexpected(place, 'text');

/** `null` counts as absent. @throws UnexpectedJson if the value is something else than text */
export const readOptionalText = (value: unknown, place: string): string | undefined =>
  value === undefined || value === null ? undefined : readText(value, place);

/** @throws UnexpectedJson if the value isn't a whole number */
export const readInteger = (value: unknown, place: string): number =>
  typeof value === 'number' && Number.isSafeInteger(value) ? value : unexpected(place, 'a whole number');
