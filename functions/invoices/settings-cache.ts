import type { PortalId } from './identifiers.ts';
import type { PortalSettings } from './portal-settings.ts';

/** Reads one portal's settings. */
export type ReadSettings = (portalId: PortalId, abortSignal?: AbortSignal) => Promise<PortalSettings>;

const KEPT_MS = 60_000;

/** Keeps each portal's settings for a minute, so that a card is one query. `now` is epoch milliseconds. */
export function cachedSettings(read: ReadSettings, now: () => number = Date.now): ReadSettings {
  const kept = new Map<PortalId, { settings: PortalSettings; until: number }>();
  return async (portalId, abortSignal) => {
    const known = kept.get(portalId);
    if (known && now() < known.until) return known.settings;
    const settings = await read(portalId, abortSignal);
    kept.set(portalId, { settings, until: now() + KEPT_MS });
    return settings;
  };
}
