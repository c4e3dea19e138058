import type { ApiRequest } from './api-request.ts';
import { invalidParameter } from './problem.ts';

/** An invoice's version as an entity tag (RFC 9110). */
export const entityTag = (version: number): string => `"${version}"`;

/** Refuses `If-Match` where no one version is meant: ignored, the caller would take itself for guarded. */
export function withoutExpectedVersion(request: ApiRequest): void {
  const header = request.headers['if-match'];
  if (header === undefined) return;
  throw invalidParameter(
    'If-Match',
    `is ${JSON.stringify(header.slice(0, 40))}`,
    'no version with several invoices',
  );
}

/** The version named by `If-Match`, `any` for `*`, undefined without the header. Throws a Problem on anything else. */
export function expectedVersion(request: ApiRequest): number | 'any' | undefined {
  const header = request.headers['if-match']?.trim();
  if (header === undefined) return undefined;
  if (header === '*') return 'any';
  const version = /^(?:W\/)?"(\d{1,12})"$/.exec(header)?.[1];
  if (version === undefined) {
    throw invalidParameter(
      'If-Match',
      `is ${JSON.stringify(header.slice(0, 40))}`,
      'one ETag as we sent it, or *',
    );
  }
  return Number(version);
}
