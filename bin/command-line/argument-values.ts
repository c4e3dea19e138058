import { isAbsolute, resolve } from 'node:path';
import { asPortalId, HUBSPOT_ID_RULE, type PortalId } from '../../functions/invoices/identifiers.ts';
import { UsageError } from './run-tool.ts';

/** The value of `--portal`. Throws a UsageError where it is no portal id. */
export function portalArgument(text: string): PortalId {
  const portalId = asPortalId(text);
  if (!portalId) throw new UsageError(`--portal is ${JSON.stringify(text)}; expected ${HUBSPOT_ID_RULE}.`);
  return portalId;
}

/** The value of a `--portal` that may not be left out. */
export function requiredPortal(text: string | undefined): PortalId {
  if (text === undefined) throw new UsageError('Which portal? Pass --portal with its id.');
  return portalArgument(text);
}

/** A whole number between two bounds. Throws a UsageError. */
export function countArgument(option: string, text: string, least: number, most: number): number {
  const count = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(count >= least && count <= most)) {
    throw new UsageError(
      `--${option} is ${JSON.stringify(text)}; expected a whole number from ${least} to ${most}.`,
    );
  }
  return count;
}

/** Throws a UsageError where words are left over that no option takes. */
export function noWords(words: readonly string[]): void {
  const [first] = words;
  if (first !== undefined) {
    throw new UsageError(`${JSON.stringify(first)} is not expected here; options begin with --.`);
  }
}

/** A path as the user meant it: npm runs scripts in the repository's folder, and says in INIT_CWD where the user was. */
export const userPath = (path: string): string =>
  isAbsolute(path)
    ? path
    : resolve(process.env.npm_lifecycle_event ? (process.env.INIT_CWD ?? '') : '', path);
