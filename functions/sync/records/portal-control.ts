import type { SyncReason } from '../sync-reasons.ts';

/**
 * Why a portal's calls rest, each cause with an end of its own, so that none cuts another short: a token that is accepted again says
 * nothing of the daily limit, and neither of them anything of an operator's hold. Times are epoch milliseconds.
 */
export interface PortalControl {
  /** HubSpot wants it to rest until then; undefined where it never did. */
  pausedUntil?: number | undefined;
  /** HubSpot refuses our token: the portal stands still, but for one try now and then. */
  stopped?: (SyncReason & { since: number }) | undefined;
  /** Of a stopped portal: when its token is tried again. */
  stoppedUntil?: number | undefined;
  /** An operator holds the portal, so that nothing is created before it is linked. */
  heldUntil?: number | undefined;
}

/** Until when the portal's calls rest, whatever for; in the past, or 0, where they don't. */
export const restsUntil = ({ pausedUntil = 0, stoppedUntil = 0, heldUntil = 0 }: PortalControl): number =>
  Math.max(pausedUntil, stoppedUntil, heldUntil);
