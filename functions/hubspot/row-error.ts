import type { ErrorBody } from './error-body.ts';
import type { RowResult } from './hubspot-api.ts';
import { plainReason, refusalReason } from './plain-reason.ts';
import { uniqueConflict } from './unique-conflict.ts';

const NOT_FOUND = new Set(['OBJECT_NOT_FOUND', 'NOT_FOUND', 'RESOURCE_NOT_FOUND']);
const THROTTLED = new Set(['RATE_LIMITS', 'RATE_LIMIT']);

/**
 * What an error beside a batch row means: a conflict as 409, not found as 404, validation as a refusal, anything else passes. An error
 * that is none of these leaves open whether the row was written.
 */
export function classifyRowError(error: ErrorBody): RowResult {
  const conflict = uniqueConflict(error);
  if (conflict !== undefined) {
    return { kind: 'conflict', ...conflict, ...plainReason('hubspot-value-taken', error) };
  }
  const category = error.category ?? '';
  if (saysNotFound(error)) {
    return { kind: 'not-found', ...plainReason('hubspot-record-gone', error) };
  }
  if (category.startsWith('VALIDATION') || category.startsWith('INVALID_') || hasRefusedValue(error)) {
    return { kind: 'refused', ...refusalReason(error) };
  }
  const outcome = THROTTLED.has(category) ? 'not-executed' : 'unknown';
  const code = outcome === 'not-executed' ? 'hubspot-throttled' : 'hubspot-row-failed';
  return { kind: 'transient', outcome, ...plainReason(code, error) };
}

/** Whether HubSpot says that it has looked for something and has no such thing. */
export const saysNotFound = ({ category = '' }: ErrorBody): boolean => NOT_FOUND.has(category);

/** The code tells a refusal from an internal error that happens to name a property. */
const hasRefusedValue = (error: ErrorBody): boolean =>
  error.refusedValues.some(({ code }) => /^(INVALID|MISSING|PROPERTY|READ_ONLY|REQUIRED)/.test(code ?? ''));
