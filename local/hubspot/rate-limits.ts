import type { PortalSettings } from './portal-settings.ts';

const TEN_SECONDS = 10_000;
const ONE_SECOND = 1_000;
const ONE_DAY = 86_400_000;

/** The policies a 429 of HubSpot names. */
export type RateLimitPolicy = 'TEN_SECONDLY_ROLLING' | 'SECONDLY' | 'DAILY';

/** Counts the calls of one portal in rolling windows of its clock (epoch ms). Search has its own; the day ends at midnight UTC. */
export class RateLimits {
  #calls: number[] = [];
  #searches: number[] = [];
  #day = 0;
  #callsToday = 0;

  /** Takes one call. @returns the policy that refuses it; a refused call is not counted */
  admit(now: number, isSearch: boolean, settings: PortalSettings): RateLimitPolicy | undefined {
    this.#forget(now);
    if (settings.callsPerDay !== null && this.#callsToday >= settings.callsPerDay) return 'DAILY';
    if (isSearch) {
      if (settings.searchesPerSecond !== null && this.#searches.length >= settings.searchesPerSecond) {
        return 'SECONDLY';
      }
      this.#searches.push(now);
    } else {
      if (settings.callsPer10s !== null && this.#calls.length >= settings.callsPer10s) {
        return 'TEN_SECONDLY_ROLLING';
      }
      this.#calls.push(now);
    }
    this.#callsToday += 1;
    return undefined;
  }

  /** The limit headers of an answer: none on search, none for a limit that is off. */
  headers(isSearch: boolean, settings: PortalSettings): Record<string, string> {
    const headers: Record<string, string> = {};
    if (isSearch) return headers;
    if (settings.callsPer10s !== null) {
      headers['x-hubspot-ratelimit-max'] = String(settings.callsPer10s);
      headers['x-hubspot-ratelimit-remaining'] = String(
        Math.max(0, settings.callsPer10s - this.#calls.length),
      );
      headers['x-hubspot-ratelimit-interval-milliseconds'] = String(TEN_SECONDS);
    }
    if (settings.callsPerDay !== null) {
      headers['x-hubspot-ratelimit-daily'] = String(settings.callsPerDay);
      headers['x-hubspot-ratelimit-daily-remaining'] = String(
        Math.max(0, settings.callsPerDay - this.#callsToday),
      );
    }
    return headers;
  }

  #forget(now: number): void {
    this.#calls = since(this.#calls, now - TEN_SECONDS);
    this.#searches = since(this.#searches, now - ONE_SECOND);
    const day = Math.floor(now / ONE_DAY);
    if (day !== this.#day) this.#callsToday = 0;
    this.#day = day;
  }
}

/** The body of a 429: its own shape, with `errorType` where other errors have `category`. */
export function rateLimitBody(policyName: RateLimitPolicy, correlationId: string): Record<string, unknown> {
  return {
    status: 'error',
    message: `You have reached your ${policyName.toLowerCase()} limit.`,
    errorType: 'RATE_LIMIT',
    correlationId,
    policyName,
  };
}

function since(times: number[], bound: number): number[] {
  const first = times.findIndex((at) => at > bound);
  if (first === 0) return times;
  return first === -1 ? [] : times.slice(first);
}
