import type { PortalId } from '../invoices/identifiers.ts';
import type { SyncHealth } from '../sync/operations/health.ts';
import { within } from '../within.ts';

/** How the portal's sync stands; undefined where that can't be told now. Never throws. */
export type SyncStanding = (portalId: PortalId) => Promise<SyncHealth | undefined>;

/** A page that somebody waits for is better drawn without what takes longer. */
const LONGEST_MS = 5_000;

/** Reads the sync's health for a page, which goes on without it; `report` is told why. */
export const syncStanding =
  (
    read: (portalId: PortalId) => Promise<SyncHealth>,
    report: (message: string, error: unknown) => void,
  ): SyncStanding =>
  async (portalId) => {
    try {
      return await within(LONGEST_MS, read(portalId));
    } catch (error) {
      report('How the sync stands could not be read', error);
      return undefined;
    }
  };
