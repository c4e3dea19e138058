import type { LimitPolicy } from './call-failure.ts';

/** What HubSpot asks a portal to rest for. */
export type Rest =
  | { kind: 'throttled'; policy: LimitPolicy; retryAfterMs?: number }
  | { kind: 'parked'; retryAfterMs: number };

export interface PauseClock {
  /** Epoch milliseconds. */
  now: number;
  /** 0 to below 1. */
  random: number;
  /** The portal's IANA time zone: HubSpot's day ends at its midnight. */
  timeZone: string;
}

const TEN_SECONDLY_MS = 10_000;
const SECONDLY_MS = 1_000;
/** Not exactly at midnight: clocks differ, and all portals of a time zone would come at once. */
const AFTER_MIDNIGHT_MS = 60_000;

/**
 * Until when a portal's calls should rest after HubSpot throttled or parked one (epoch ms), with jitter so that those who were turned
 * away together don't come back together. `Retry-After` counts where HubSpot gave it: it is documented for 477 alone.
 */
export function pausedUntil(rest: Rest, { now, random, timeZone }: PauseClock): number {
  const after = (milliseconds: number): number => Math.ceil(now + milliseconds + random * SECONDLY_MS);
  if (rest.kind === 'parked') return after(rest.retryAfterMs);
  if (rest.retryAfterMs !== undefined) return after(rest.retryAfterMs);
  switch (rest.policy) {
    case 'SECONDLY':
      return Math.ceil(now + SECONDLY_MS * (1 + random));
    case 'TEN_SECONDLY_ROLLING':
      return Math.ceil(now + TEN_SECONDLY_MS + random * SECONDLY_MS * 2);
    case 'DAILY':
      return Math.ceil(nextMidnight(now, timeZone) + AFTER_MIDNIGHT_MS * random);
  }
}

const HOUR_MS = 3_600_000;
const STEP_MS = 15 * 60_000;

/**
 * The next instant at which a new day begins in the time zone. Steps of a quarter of an hour find it, since every zone's offset is a
 * multiple of that; where a change to summer time skips midnight, the day begins later.
 */
export function nextMidnight(now: number, timeZone: string): number {
  const dayOf = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' });
  const today = dayOf.format(now);
  const first = Math.floor(now / STEP_MS) * STEP_MS + STEP_MS;
  for (let at = first; at <= now + 26 * HOUR_MS; at += STEP_MS) {
    if (dayOf.format(at) !== today) return at;
  }
  return now + 24 * HOUR_MS;
}
