/** How the sync behaves; the same for every record of a portal. */
export interface SyncSettings {
  /** ISO 4217: what HubSpot's `price` is in. Undefined: prices go there whatever their currency. */
  priceCurrency: string | undefined;
  /** What to do about a record of ours that is no longer in HubSpot. */
  onHubSpotDeletion: 'fail' | 'recreate';
  /** What a deletion does to a record that was in HubSpot before us. */
  onAdoptedDeletion: 'unlink' | 'archive';
  /** After a write of unknown outcome, this long until the record is written once more. */
  settleMs: number;
  /** How far HubSpot's search may lag behind writes. */
  searchLagMs: number;
  /** The longest wait between two tries. */
  retryCapMs: number;
  /** So long a portal whose token HubSpot refuses stands still, before one call tries whether it is accepted again. */
  stoppedMs: number;
}

/** So many writes with a passing failure, and it is `failed`. */
export const MAX_ATTEMPTS = 8;
/** A record that ended its worker so often is `failed`. */
export const MAX_UNFINISHED = 3;
/** A record's property names may have so many bytes in all: they must fit into an item of DynamoDB (400 kB) beside its content. */
export const MAX_NAMES_BYTES = 60_000;
/** One call to HubSpot may take this long. */
export const CALL_TIMEOUT_MS = 10_000;
/** An attempt lasts this much longer than its call: for the way to and from HubSpot, and clocks that differ. */
export const ATTEMPT_MARGIN_MS = 5_000;
/** HubSpot's clock may be ahead of ours or behind it by so much. */
export const CLOCK_DIFFERENCE_MS = 60_000;
/** No call starts with less than its timeout and this left. */
export const RESERVE_MS = 5_000;
