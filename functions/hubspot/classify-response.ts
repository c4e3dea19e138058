import type { CallFailure, LimitPolicy } from './call-failure.ts';
import { type ErrorBody, parseErrorBody } from './error-body.ts';
import type { ReasonCode } from './failure-reasons.ts';
import { plainReason, refusalReason } from './plain-reason.ts';
import { retryAfterMs } from './retry-after.ts';
import { saysNotFound } from './row-error.ts';
import { uniqueConflict } from './unique-conflict.ts';

/** An answer that is no success. */
export interface FailedResponse {
  status: number;
  /** The `Retry-After` header. */
  retryAfter: string | null;
  /** Whatever the body was: JSON, HTML, nothing. */
  body: string;
  /** Whether the call was a search, whose limit has another window. */
  search: boolean;
}

/** Where HubSpot moves a portal and doesn't say for how long. */
const MIGRATION_MS = 15 * 60_000;

/**
 * What a failed answer means. Only an answer with 5xx, 408 or outside 4xx leaves open whether the write was done: a 524 from HubSpot's
 * edge, for one, may stand before a write that was committed. `now` is epoch ms.
 */
export function classifyResponse(response: FailedResponse, now: number): CallFailure {
  const error = parseErrorBody(response.body);
  const wait = retryAfterMs(response.retryAfter, now);
  const retry = wait === undefined ? {} : { retryAfterMs: wait };
  const about = {
    status: response.status,
    ...(error.correlationId === undefined ? {} : { correlationId: error.correlationId }),
  };
  switch (response.status) {
    case 401:
      // HubSpot's words are left out: nothing in them helps, and they are about the token.
      return { kind: 'unauthorized', ...about, ...plainReason('hubspot-unauthorized') };
    case 403:
      return forbidden(error, about);
    case 404:
    case 410:
      return notFound(error, about);
    case 408:
      return { kind: 'timeout', ...about, ...plainReason('hubspot-timeout', error) };
    case 409:
      return conflict(error, about);
    case 413:
    case 414:
      return { kind: 'refused', ...about, ...plainReason('hubspot-too-large', error) };
    case 423:
      return { kind: 'locked', ...retry, ...about, ...plainReason('hubspot-locked', error) };
    case 429: {
      const policy = limitPolicy(error, response.search);
      const code = policy === 'DAILY' ? 'hubspot-daily-limit' : 'hubspot-throttled';
      return { kind: 'throttled', policy, ...retry, ...about, ...plainReason(code, error) };
    }
    case 477: {
      const reason = plainReason('hubspot-migration', error);
      return { kind: 'parked', retryAfterMs: wait ?? MIGRATION_MS, ...about, ...reason };
    }
  }
  if (response.status >= 400 && response.status < 500) {
    return uniqueConflict(error) === undefined
      ? { kind: 'refused', ...about, ...refusalReason(error) }
      : conflict(error, about);
  }
  const code = transientCode(response.status);
  return { kind: 'transient', outcome: 'unknown', ...retry, ...about, ...plainReason(code, error) };
}

interface About {
  status: number;
  correlationId?: string;
}

function forbidden(error: ErrorBody, about: About): CallFailure {
  const { missingScopes } = error;
  const detail = missingScopes.length > 0 ? `Missing scopes: ${missingScopes.join(', ')}.` : undefined;
  return { kind: 'forbidden', missingScopes, ...about, ...plainReason('hubspot-forbidden', error, detail) };
}

/** Only HubSpot's own category says that it looked for something: a proxy, or a path that HubSpot no longer serves, answers 404 too. */
function notFound(error: ErrorBody, about: About): CallFailure {
  return saysNotFound(error)
    ? { kind: 'not-found', missing: 'object', ...about, ...plainReason('hubspot-record-gone', error) }
    : { kind: 'not-found', missing: 'path', ...about, ...plainReason('hubspot-unreadable-answer', error) };
}

function conflict(error: ErrorBody, about: About): CallFailure {
  return {
    kind: 'conflict',
    ...uniqueConflict(error),
    ...about,
    ...plainReason('hubspot-value-taken', error),
  };
}

const POLICIES: readonly LimitPolicy[] = ['TEN_SECONDLY_ROLLING', 'SECONDLY', 'DAILY'];

/** HubSpot names the policy in a field, or only in its words ("You have reached your secondly limit."), or nowhere. */
function limitPolicy(error: ErrorBody, search: boolean): LimitPolicy {
  const named = POLICIES.find((policy) => policy === error.policyName?.toUpperCase());
  if (named !== undefined) return named;
  if (/\bdaily\b/i.test(error.message)) return 'DAILY';
  if (/\bten[_ -]?secondly/i.test(error.message)) return 'TEN_SECONDLY_ROLLING';
  return search || /\bsecondly\b/i.test(error.message) ? 'SECONDLY' : 'TEN_SECONDLY_ROLLING';
}

/** 502 and 504 come from HubSpot's proxies, 52x from the edge in front of them. */
function transientCode(status: number): ReasonCode {
  if (status < 500) return 'hubspot-unreadable-answer';
  return (status >= 502 && status <= 504) || (status >= 520 && status <= 530)
    ? 'hubspot-unavailable'
    : 'hubspot-server-error';
}
