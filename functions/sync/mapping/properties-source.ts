import type { CallFailure } from '../../hubspot/call-failure.ts';
import type { HubSpotApi, ObjectType } from '../../hubspot/hubspot-api.ts';
import type { PortalId } from '../../invoices/identifiers.ts';
import type { ControlStore, StoredProperties } from '../records/control-store.ts';
import { fingerprint } from '../records/desired-content.ts';
import type { SyncSettings } from '../sync-settings.ts';
import type { CallTimes } from '../worker/drain-context.ts';
import { assumedProperties, type PortalProperties, portalProperties } from './portal-properties.ts';

export type PropertiesReading = { kind: 'known'; properties: PortalProperties } | CallFailure;

/** Kept so long in this process, and so long again in the table: a change in HubSpot is noticed within a minute. */
export const KEPT_MS = 25_000;

export interface PropertiesAccess {
  control: ControlStore;
  api: (portalId: PortalId) => HubSpotApi;
  now: () => number;
  wait: (milliseconds: number) => Promise<unknown>;
  /** Tells whoever runs the sync. */
  notice: (message: string, details: Record<string, unknown>) => void;
}

/** Workers that begin together need the same definitions: one of them asks HubSpot, and the others wait so long for its answer. */
const READING_MS = 1_000;
const LOOK_AGAIN_MS = 100;

/** The property definitions of portals: from this process, else from the table that all workers share, else from HubSpot. */
export class PropertiesSource {
  readonly #access: PropertiesAccess;
  readonly #kept = new Map<string, { reading: PropertiesReading; keptAt: number }>();

  constructor(access: PropertiesAccess) {
    this.#access = access;
  }

  /**
   * The definitions, at most `maxAgeMs` older than now where they come from this process, and again where from the table. Where HubSpot
   * refuses to show them, records need not wait for it: the last that were read count, and where there never were any, what is assumed.
   */
  async read(
    portalId: PortalId,
    type: ObjectType,
    { maxAgeMs = KEPT_MS, ...times }: CallTimes & { maxAgeMs?: number },
  ): Promise<PropertiesReading> {
    const { control, now, wait } = this.#access;
    const place = `${portalId}#${type}`;
    const kept = this.#kept.get(place);
    if (kept && now() - kept.keptAt <= maxAgeMs) return kept.reading;
    const until = now() + READING_MS;
    for (;;) {
      const stored = await control.properties(portalId, type);
      if (stored && now() - stored.readAt <= maxAgeMs) return this.#keep(place, stored);
      if (now() >= until) break;
      if (await control.claimReading(portalId, type, stored, { now: now(), until })) break;
      await wait(LOOK_AGAIN_MS);
    }
    const reading = await this.readAnew(portalId, type, times);
    return isRefusal(reading) ? this.#withoutHubSpot(portalId, type, reading) : reading;
  }

  /** The definitions as HubSpot has them at this moment; kept for all workers. */
  async readAnew(portalId: PortalId, type: ObjectType, times: CallTimes): Promise<PropertiesReading> {
    const { control, api, now } = this.#access;
    const answer = await api(portalId).listProperties(type, times);
    if (answer.kind !== 'properties') return answer;
    const { uniqueKey, ordinaryKey, names } = portalProperties(type, answer.properties);
    const read = { uniqueKey, ordinaryKey, names: [...names], readAt: now() };
    await control.setProperties(portalId, type, read);
    return this.#keep(`${portalId}#${type}`, read);
  }

  async #withoutHubSpot(
    portalId: PortalId,
    type: ObjectType,
    { reason, reasonCode }: CallFailure,
  ): Promise<PropertiesReading> {
    const place = `${portalId}#${type}`;
    this.#access.notice('HubSpot does not show the property definitions', {
      portalId,
      type,
      reason,
      reasonCode,
    });
    // Kept in this process only: in the table is what HubSpot itself last said.
    const stored = await this.#access.control.properties(portalId, type);
    return stored ? this.#keep(place, stored) : this.#keepProperties(place, assumedProperties());
  }

  #keep(place: string, { uniqueKey, ordinaryKey, names }: StoredProperties): PropertiesReading {
    return this.#keepProperties(place, { uniqueKey, ordinaryKey, names: new Set(names) });
  }

  #keepProperties(place: string, properties: PortalProperties): PropertiesReading {
    const reading = { kind: 'known' as const, properties };
    this.#kept.set(place, { reading, keptAt: this.#access.now() });
    return reading;
  }
}

const isRefusal = (reading: PropertiesReading): reading is CallFailure =>
  reading.kind === 'forbidden' || reading.kind === 'not-found' || reading.kind === 'refused';

/** What of definitions and settings decides how records are mapped: where it changes, a shard's records are looked through. */
export const mappingFingerprint = (
  { uniqueKey, ordinaryKey, names }: PortalProperties,
  { priceCurrency }: Pick<SyncSettings, 'priceCurrency'>,
): string =>
  fingerprint({
    uniqueKey,
    ordinaryKey,
    priceCurrency,
    prices: [...names].filter((name) => name.startsWith('hs_price_')).sort(),
  });
