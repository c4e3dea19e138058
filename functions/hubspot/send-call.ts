import { type AccessTokenSource, isSendableToken } from './access-tokens.ts';
import type { CallBudget } from './call-budget.ts';
import type { CallFailure } from './call-failure.ts';
import { classifyNetworkError } from './classify-network-error.ts';
import { classifyResponse } from './classify-response.ts';
import type { Admission, BudgetPool, CallOptions } from './hubspot-api.ts';
import { jsonIn } from './json-value.ts';
import { plainReason } from './plain-reason.ts';
import { MOST_ANSWER_BYTES, readLimited } from './read-limited.ts';

/** What the gateway needs of the world. */
export interface GatewayAccess {
  /** Scheme and host of HubSpot's API, without a slash at the end. */
  baseUrl: string;
  accessToken: AccessTokenSource;
  budget: CallBudget;
  /** How long a call may take unless it says otherwise, in milliseconds; 10 seconds by default. */
  timeoutMs?: number;
  /** How long a call waits for the portal's budget unless it says otherwise, in milliseconds; 10 seconds by default. */
  budgetWaitMs?: number;
  fetch?: typeof fetch;
  /** Epoch milliseconds. */
  now?: () => number;
  /** A signal that aborts with a `TimeoutError` after so many milliseconds. */
  timeoutSignal?: (milliseconds: number) => AbortSignal;
}

export interface HubSpotCall {
  method: 'GET' | 'POST';
  /** With its query. */
  path: string;
  body?: unknown;
  pool: BudgetPool;
}

/** A 2xx; `json` is undefined where there was no body or none that is JSON. */
export interface HubSpotAnswer {
  kind: 'answer';
  status: number;
  json: unknown;
}

const TIMEOUT_MS = 10_000;
const BUDGET_WAIT_MS = 10_000;

/** Reads the portal's token, waits for its budget, and gives the right to one call. */
export async function admitCall(
  access: GatewayAccess,
  portalId: string,
  pool: BudgetPool,
  waitMs = access.budgetWaitMs ?? BUDGET_WAIT_MS,
): Promise<{ kind: 'admitted'; admission: Admission } | CallFailure> {
  const token = await currentToken(access, portalId);
  if (token.kind !== 'token') return token;
  return takeBudget(access, portalId, pool, waitMs);
}

/**
 * Makes one call, with an overall time limit that begins when the call is admitted. A 401 is answered by one second try, within the same
 * time, if by now another token is there. No redirect is followed: the token would go along.
 */
export async function sendCall(
  access: GatewayAccess,
  portalId: string,
  call: HubSpotCall,
  options: CallOptions = {},
): Promise<HubSpotAnswer | CallFailure> {
  const { now = Date.now, timeoutSignal = (milliseconds) => AbortSignal.timeout(milliseconds) } = access;
  if (options.admission !== undefined && options.admission.pool !== call.pool) {
    throw new RangeError(`An admission to ${options.admission.pool} doesn't serve a call of ${call.pool}.`);
  }
  const token = await currentToken(access, portalId);
  if (token.kind !== 'token') return token;
  const admitted = options.admission
    ? { kind: 'admitted' as const, admission: options.admission }
    : await takeBudget(access, portalId, call.pool, waitFor(access, options, now()));
  if (admitted.kind !== 'admitted') return admitted;
  const { startBy = Number.POSITIVE_INFINITY } = options;
  if (now() >= admitted.admission.usableUntil || now() > startBy) return exhausted(now());

  const signal = timeoutSignal(options.timeoutMs ?? access.timeoutMs ?? TIMEOUT_MS);
  const first = await exchange(access, call, token.token, signal);
  if (first.kind !== 'unauthorized') return first;
  const newer = await currentToken(access, portalId, token.token);
  if (newer.kind !== 'token' || newer.token === token.token) return first;
  const again = await takeBudget(access, portalId, call.pool, 0);
  if (again.kind !== 'admitted') return again;
  return exchange(access, call, newer.token, signal);
}

/** How long the call may wait for its portal's budget: never past the time by which it must start. */
function waitFor(access: GatewayAccess, options: CallOptions, now: number): number {
  const { budgetWaitMs = access.budgetWaitMs ?? BUDGET_WAIT_MS, startBy } = options;
  return startBy === undefined ? budgetWaitMs : Math.max(0, Math.min(budgetWaitMs, startBy - now));
}

type Token = { kind: 'token'; token: string };

async function currentToken(
  access: GatewayAccess,
  portalId: string,
  refused?: string,
): Promise<Token | CallFailure> {
  try {
    const token = await access.accessToken(portalId, refused);
    return token !== undefined && isSendableToken(token)
      ? { kind: 'token', token }
      : { kind: 'unauthorized', ...plainReason('hubspot-token-missing') };
  } catch {
    return { kind: 'transient', outcome: 'not-executed', ...plainReason('hubspot-token-unavailable') };
  }
}

async function takeBudget(
  access: GatewayAccess,
  portalId: string,
  pool: BudgetPool,
  waitMs: number,
): Promise<{ kind: 'admitted'; admission: Admission } | CallFailure> {
  try {
    const taken = await access.budget.take(portalId, pool, waitMs);
    return taken.kind === 'taken'
      ? { kind: 'admitted', admission: { pool, usableUntil: taken.usableUntil } }
      : exhausted(taken.untilMs);
  } catch {
    return { kind: 'transient', outcome: 'not-executed', ...plainReason('call-budget-unavailable') };
  }
}

const exhausted = (untilMs: number): CallFailure => ({
  kind: 'budget-exhausted',
  untilMs,
  ...plainReason('call-budget-exhausted'),
});

async function exchange(
  access: GatewayAccess,
  call: HubSpotCall,
  token: string,
  signal: AbortSignal,
): Promise<HubSpotAnswer | CallFailure> {
  const { fetch: request = fetch, now = Date.now } = access;
  try {
    const response = await request(`${access.baseUrl}${call.path}`, {
      method: call.method,
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/json',
        ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      redirect: 'manual',
      signal,
    });
    const text = await readLimited(response, MOST_ANSWER_BYTES);
    if (response.ok) {
      return { kind: 'answer', status: response.status, json: jsonIn(text ?? '') };
    }
    // A token that HubSpot, or a proxy, repeats must not get into a reason.
    const body = (text ?? '').replaceAll(token, '[token]');
    const retryAfter = response.headers.get('retry-after');
    return classifyResponse(
      { status: response.status, retryAfter, body, search: call.pool === 'search' },
      now(),
    );
  } catch (error) {
    return classifyNetworkError(error);
  }
}
