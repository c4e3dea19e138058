const LONGEST_MS = 24 * 3_600_000;

/**
 * A `Retry-After` header in milliseconds from `now` (epoch ms): whole seconds or an HTTP date, at most a day. Undefined where it is
 * missing or neither.
 */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  const text = header?.trim() ?? '';
  const isSeconds = /^\d+(\.\d+)?$/.test(text);
  // An HTTP date begins with the day's name; the runtime would take other texts for dates too.
  if (!isSeconds && !/^[A-Z][a-z]{2}/.test(text)) return undefined;
  const wait = isSeconds ? Number(text) * 1_000 : Date.parse(text) - now;
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(Math.ceil(wait), 0), LONGEST_MS);
}
