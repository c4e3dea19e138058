import type { LogEntry } from './change.ts';
import type { HubSpotOptions } from './imitation.ts';
import { NO_LOG, type OperationLog, readLog, startLog } from './operation-log.ts';
import { Portal } from './portal.ts';
import {
  type PortalSettings,
  type SettingsPatch,
  STANDARD_SETTINGS,
  withSettings,
} from './portal-settings.ts';

/** All portals of an imitation, made when first asked for, with the one log they share. */
export class Portals {
  readonly #portals = new Map<string, Portal>();
  readonly #options: HubSpotOptions;
  #settings: PortalSettings;
  #log: OperationLog = NO_LOG;

  constructor(options: HubSpotOptions) {
    this.#options = options;
    this.#settings = withSettings(STANDARD_SETTINGS, settingsIn(options));
    if (options.directory === undefined) return;
    for (const { portalId, changes } of readLog(options.directory)) {
      const { data } = this.get(portalId);
      for (const change of changes) data.apply(change);
    }
    for (const portal of this.#portals.values()) portal.data.reindex();
    this.#log = startLog(options.directory, this.#compacted());
  }

  get(portalId: string): Portal {
    const known = this.#portals.get(portalId);
    if (known !== undefined) return known;
    const settings = withSettings(this.#settings, this.#options.portals?.[portalId] ?? {});
    const portal = new Portal(portalId, settings, this.#options.clock, () => this.#log);
    this.#portals.set(portalId, portal);
    return portal;
  }

  /** Every portal that has a token or was asked for. */
  ids(): string[] {
    return [...new Set([...this.#options.tokens.values(), ...this.#portals.keys()])];
  }

  configure(patch: SettingsPatch, portalId?: string): void {
    if (portalId !== undefined) {
      this.get(portalId).change(patch);
      return;
    }
    this.#settings = withSettings(this.#settings, patch);
    for (const portal of this.#portals.values()) portal.change(patch);
  }

  close(): void {
    this.#log.close();
  }

  *#compacted(): Generator<LogEntry> {
    for (const portal of this.#portals.values()) {
      for (const change of portal.data.compacted()) yield { portalId: portal.id, changes: [change] };
    }
  }
}

function settingsIn(options: HubSpotOptions): SettingsPatch {
  const {
    clock: _clock,
    sleep: _sleep,
    tokens: _tokens,
    developerKeys: _developerKeys,
    directory: _directory,
    portals: _portals,
    ...settings
  } = options;
  return settings;
}
