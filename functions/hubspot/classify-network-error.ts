import type { CallFailure } from './call-failure.ts';
import { objectIn, textIn } from './json-value.ts';
import { plainReason } from './plain-reason.ts';

/**
 * Errors that come before a connection stands, so that no byte of the call was sent. Node reports them as the `cause` of fetch's
 * `TypeError`, several at once for a name with several addresses. Everything else leaves open what HubSpot did.
 */
const BEFORE_CONNECTION = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'EAI_NODATA',
  'EAI_NONAME',
  'UND_ERR_CONNECT_TIMEOUT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_SSL_WRONG_VERSION_NUMBER',
]);
/** Codes that say so only when the system call was one that makes a connection: an established one can end with them too. */
const CONNECTING_CALLS = new Set(['connect', 'getaddrinfo']);

/** What fetch's error means, thrown by the request or while its answer was read. Never repeats the error's own words. */
export function classifyNetworkError(error: unknown): CallFailure {
  const name = objectIn(error)?.name;
  if (name === 'TimeoutError' || name === 'AbortError') {
    return { kind: 'timeout', ...plainReason('hubspot-timeout') };
  }
  const causes = causesOf(error);
  const detail = causes.map(({ code }) => code).find((code) => code !== undefined);
  const shown = detail === undefined ? undefined : `(${detail}.)`;
  return causes.length > 0 && causes.every(isBeforeConnection)
    ? {
        kind: 'transient',
        outcome: 'not-executed',
        ...plainReason('network-unreachable', undefined, shown),
      }
    : { kind: 'transient', outcome: 'unknown', ...plainReason('network-broken', undefined, shown) };
}

interface Cause {
  code?: string;
  syscall?: string;
}

const isBeforeConnection = ({ code = '', syscall = '' }: Cause): boolean =>
  BEFORE_CONNECTION.has(code) || CONNECTING_CALLS.has(syscall);

/** The innermost errors: a `cause` chain, at the end of which an `AggregateError` may hold one for each address. */
function causesOf(error: unknown, depth = 0): Cause[] {
  const fields = objectIn(error);
  if (fields === undefined || depth > 5) return [];
  if (fields.cause !== undefined) return causesOf(fields.cause, depth + 1);
  if (Array.isArray(fields.errors) && fields.errors.length > 0) {
    return fields.errors.flatMap((inner) => causesOf(inner, depth + 1));
  }
  const code = textIn(fields.code);
  return [{ ...(code === undefined ? {} : { code }), syscall: textIn(fields.syscall) }];
}
