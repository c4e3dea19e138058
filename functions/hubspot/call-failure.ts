import type { ReasonCode } from './failure-reasons.ts';

/** Whether a write that gave no result was certainly not done. */
export type Outcome = 'not-executed' | 'unknown';

/** HubSpot's names of its limits. */
export type LimitPolicy = 'TEN_SECONDLY_ROLLING' | 'SECONDLY' | 'DAILY';

/** A call that failed as a whole. `reason` is plain words for whoever runs the sync; it never holds a token. */
export type CallFailure = CallFailureKind & {
  reason: string;
  reasonCode: ReasonCode;
  /** HTTP status, where HubSpot answered. */
  status?: number;
  /** What HubSpot's support asks for. */
  correlationId?: string;
};

type CallFailureKind =
  /** Too many calls. `retryAfterMs` only where HubSpot named a time. Not executed. */
  | { kind: 'throttled'; policy: LimitPolicy; retryAfterMs?: number }
  /** 423: HubSpot works on many of these records just now. Not executed. */
  | { kind: 'locked'; retryAfterMs?: number }
  /** 477: HubSpot moves the portal to another data centre, for up to a day. Not executed. */
  | { kind: 'parked'; retryAfterMs: number }
  /** HubSpot or the network failed. */
  | { kind: 'transient'; outcome: Outcome; retryAfterMs?: number }
  /** No answer in time: the outcome is unknown. */
  | { kind: 'timeout' }
  /** The token is missing, wrong or withdrawn. Not executed. */
  | { kind: 'unauthorized' }
  /** The app may not do this in this portal. Not executed. */
  | { kind: 'forbidden'; missingScopes: string[] }
  /** The call as a whole was refused: of a batch, at least one input is at fault. Not executed. */
  | { kind: 'refused' }
  /** Some input of the batch names a value that another record holds: which record and property, as far as HubSpot says. Not executed. */
  | { kind: 'conflict'; existingId?: string; property?: string }
  /** HubSpot has no such record or property (`object`); or something says no more than 404, perhaps of the whole path. Not executed. */
  | { kind: 'not-found'; missing: 'object' | 'path' }
  /** The portal's own call budget gave nothing in the time allowed; it will again at `untilMs` (epoch ms). Not executed. */
  | { kind: 'budget-exhausted'; untilMs: number };
