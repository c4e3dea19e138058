import type { PortalId } from './identifiers.ts';
import type { PortalSettings } from './portal-settings.ts';

/** Reads one portal's settings. */
export type ReadSettings = (portalId: PortalId, abortSignal?: AbortSignal) => Promise<PortalSettings>;

const KEPT_MS = 60_000;
/** While they can't be read, a request waits for them at most once in this time. */
const KEPT_AFTER_FAILURE_MS = 5_000;

/**
 * Keeps each portal's settings for a minute, so that a card is one query, and for longer while they can't be read. `now` is epoch
 * milliseconds. Throws only where a portal's settings never could be read.
 */
export function cachedSettings(read: ReadSettings, now: () => number = Date.now): ReadSettings {
  const kept = new Map<PortalId, { settings: PortalSettings; until: number }>();
  return async (portalId, abortSignal) => {
    const known = kept.get(portalId);
    if (known && now() < known.until) return known.settings;
    try {
      const settings = await read(portalId, abortSignal);
      kept.set(portalId, { settings, until: now() + KEPT_MS });
      return settings;
    } catch (error) {
      if (!known) throw error;
      kept.set(portalId, { ...known, until: now() + KEPT_AFTER_FAILURE_MS });
      return known.settings;
    }
  };
}
