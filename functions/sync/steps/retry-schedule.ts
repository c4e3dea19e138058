const FIRST_WAIT_MS = 1_000;
/** HubSpot asks for two seconds before a locked record is tried again. */
const LOCKED_WAIT_MS = 2_000;

/**
 * How long to wait (milliseconds) before the try after the `tries`-th: exponential from one second to a cap, with full jitter, so that
 * records that failed together don't come back together. `random` is 0 to below 1.
 */
export const retryWait = (tries: number, capMs: number, random: number): number =>
  Math.ceil(random * Math.min(capMs, FIRST_WAIT_MS * 2 ** Math.min(tries, 20)));

/** The same for a record that HubSpot has locked (423): never less than two seconds. */
export const lockedWait = (tries: number, capMs: number, random: number): number =>
  LOCKED_WAIT_MS + retryWait(tries, capMs, random);
