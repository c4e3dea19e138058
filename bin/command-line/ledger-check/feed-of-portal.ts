import type { PortalId } from '../../../functions/invoices/identifiers.ts';

/** For so long an event may wait for its number: the relay needs a second or so. */
export const UNNUMBERED_FOR_MS = 10_000;

/** What a scan has seen of one portal's feed. */
export interface FeedOfPortal {
  portalId: PortalId;
  /** The highest number on an event or an entry; 0 for none. */
  highest: number;
  /** The lowest number among the entries whose retention isn't over. */
  firstKept: number | undefined;
  /** Whether there are events that have waited too long for their number. */
  hasUnnumbered: boolean;
  /** Numbers that were told as missing already. */
  toldMissing: Set<number>;
}
