import type { RateLimitPolicy } from './rate-limits.ts';

/** Which calls a fault is laid on. An absent field matches everything. */
export interface FaultMatch {
  readonly portalId?: string;
  readonly method?: string;
  /** A part of the path, such as `/products/batch/create`: it matches in both path families. */
  readonly path?: string;
  /** How many calls it is laid on; 1 when absent, `null` for every call until it is removed. */
  readonly times?: number | null;
  /** How many matching calls go by unharmed first. */
  readonly skip?: number;
}

/** Any status in place of the real answer; with `applied` the write was done nevertheless. */
export interface StatusFault {
  readonly kind: 'status';
  readonly status: number;
  readonly retryAfter?: number | string;
  /** An object is sent as JSON, a string as it is (HTML); absent: what HubSpot sends with that status. */
  readonly body?: unknown;
  /** For 429: which limit its body names. */
  readonly policyName?: RateLimitPolicy;
  readonly applied?: boolean;
}

/** Rows of a batch that fail, by their index in `inputs` or every n-th. */
export interface RowErrorsFault {
  readonly kind: 'row-errors';
  readonly rows?: readonly number[];
  readonly every?: number;
  readonly status?: number;
  readonly category?: string;
  readonly message?: string;
}

/** What can go wrong on demand. Times are milliseconds of the imitation's clock. */
export type Fault =
  | StatusFault
  | RowErrorsFault
  /** The connection breaks before anything was done. */
  | { readonly kind: 'lost-request' }
  /** The write is done, and the connection breaks in place of the answer. */
  | { readonly kind: 'lost-response' }
  /** Everything is done at once, and answered later. */
  | { readonly kind: 'slow'; readonly delayMs: number }
  /** The call is held and only carried out later; then it is answered, or (`never`) the connection breaks. */
  | { readonly kind: 'late-write'; readonly commitAfterMs: number; readonly answer: 'late' | 'never' };

/** A fault with the calls it is laid on. */
export type FaultRule = Fault & FaultMatch;

/** Whether a batch row is to fail. */
export function failsRow(fault: RowErrorsFault, index: number): boolean {
  if (fault.rows !== undefined) return fault.rows.includes(index);
  return (index + 1) % (fault.every ?? 2) === 0;
}
