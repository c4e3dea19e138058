import { CallLog } from './call-log.ts';
import type { Change } from './change.ts';
import type { OperationLog } from './operation-log.ts';
import { PortalData } from './portal-data.ts';
import { type PortalSettings, type SettingsPatch, withSettings } from './portal-settings.ts';
import { RateLimits } from './rate-limits.ts';
import { UnitOfWork } from './unit-of-work.ts';

/** One HubSpot account: its data, its settings, its limits and what was asked of it. */
export class Portal {
  readonly id: string;
  readonly data: PortalData;
  readonly limits = new RateLimits();
  readonly calls = new CallLog();
  readonly #clock: () => number;
  readonly #log: () => OperationLog;
  #settings: PortalSettings;

  constructor(id: string, settings: PortalSettings, clock: () => number, log: () => OperationLog) {
    this.id = id;
    this.#settings = settings;
    this.#clock = clock;
    this.#log = log;
    this.data = new PortalData(settings.priceCurrencies);
  }

  get settings(): PortalSettings {
    return this.#settings;
  }

  /** The time of this account, epoch milliseconds. */
  now(): number {
    return this.#clock();
  }

  change(patch: SettingsPatch): void {
    this.#settings = withSettings(this.#settings, patch);
    this.data.table('products').setCurrencies(this.#settings.priceCurrencies);
  }

  /** Collects record writes that happen together or not at all. */
  work(): UnitOfWork {
    return new UnitOfWork(this.data, (changes) => this.keep(changes));
  }

  /** Writes changes that are already applied to the log, and tells search of them. */
  keep(changes: readonly Change[]): void {
    if (changes.length === 0) return;
    this.#log().append({ portalId: this.id, changes });
    const now = this.now();
    for (const change of changes) {
      if (change.kind === 'record') this.data.searchIndex.noteWrite(now, change.type, change.record);
    }
    this.data.searchIndex.catchUp(now, this.#settings.searchLagMs);
  }

  /** Applies and keeps one change that is no record. */
  apply(change: Change): void {
    this.data.apply(change);
    this.keep([change]);
  }
}
