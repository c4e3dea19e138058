import type { StatusFault } from './fault.ts';
import { type HubSpotResponse, jsonResponse } from './http-message.ts';
import { rateLimitBody } from './rate-limits.ts';

const CATEGORIES: Readonly<Record<number, string>> = {
  400: 'VALIDATION_ERROR',
  401: 'EXPIRED_AUTHENTICATION',
  403: 'MISSING_SCOPES',
  404: 'OBJECT_NOT_FOUND',
  409: 'CONFLICT',
  423: 'LOCKED',
  477: 'MIGRATION_IN_PROGRESS',
  500: 'INTERNAL_ERROR',
};

/** The answer of a status fault: without a body of its own, what HubSpot sends with that status (its edge sends HTML). */
export function statusFaultAnswer(
  fault: StatusFault,
  isSearch: boolean,
  correlationId: string,
): HubSpotResponse {
  const headers: Record<string, string> =
    fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) };
  if (typeof fault.body === 'string') return html(fault.status, fault.body, headers);
  if (fault.body !== undefined) return jsonResponse(fault.status, fault.body, headers);
  if (fault.status === 429) {
    const policy = fault.policyName ?? (isSearch ? 'SECONDLY' : 'TEN_SECONDLY_ROLLING');
    return jsonResponse(429, rateLimitBody(policy, correlationId), headers);
  }
  const category = CATEGORIES[fault.status];
  if (category === undefined && fault.status > 500) {
    const page = `<html><head><title>${fault.status}</title></head><body><h1>Error ${fault.status}</h1></body></html>`;
    return html(fault.status, page, headers);
  }
  const message = `The imitation was asked to answer ${fault.status}`;
  return jsonResponse(fault.status, { status: 'error', message, correlationId, category }, headers);
}

function html(status: number, body: string, headers: Record<string, string>): HubSpotResponse {
  return { status, headers: { 'content-type': 'text/html; charset=utf-8', ...headers }, body };
}
