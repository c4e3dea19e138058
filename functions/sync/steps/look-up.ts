import { bestKey, type PortalProperties } from '../mapping/portal-properties.ts';
import type { CreateTrace, SyncRecord, UnresolvedCreates } from '../records/sync-record.ts';
import { CLOCK_DIFFERENCE_MS, type SyncSettings } from '../sync-settings.ts';

/** One question to HubSpot whether it has a record. */
export type Probe =
  /** By a property of ours with unique values: the answer is exact and current. */
  | { by: 'unique'; property: string; value: string }
  /** By e-mail address, which is unique among contacts: exact and current. */
  | { by: 'email'; value: string }
  /** By the search index, which lags. Only records created since then (epoch ms) count, where it is given. */
  | {
      by: 'search';
      property: string;
      value: string;
      also?: { property: string; value: string };
      createdSince?: number;
    };

export interface LookUp {
  /** `unresolved`: a create may have been done. `gone`: the id we knew is no longer there. */
  purpose: 'unresolved' | 'gone';
  probes: Probe[];
  /** Epoch milliseconds; earlier the answer would mean nothing. */
  notBefore: number;
}

interface LookUpContext {
  /** Epoch milliseconds. */
  now: number;
  properties: PortalProperties;
  settings: Pick<SyncSettings, 'searchLagMs'>;
}

/**
 * How to find what creates of unknown outcome may have left: by the property of ours that went with them, as the portal has it now; else by
 * what else they were sent with. Never before all of them have ended, and by search only when its index has caught up.
 */
export function lookUpUnresolved(record: SyncRecord, context: Omit<LookUpContext, 'now'>): LookUp {
  const unresolved = record.unresolved ?? NOTHING_UNRESOLVED;
  const probes = unresolved.traces.map((trace) => probeFor(record, unresolved, trace, context.properties));
  const lag = isSearched(probes) ? context.settings.searchLagMs : 0;
  const notBefore = Math.max(unresolved.lookAt, unresolved.endedAt + lag);
  return { purpose: 'unresolved', probes: distinct(probes), notBefore };
}

/** The record without the question who has an address that only an older version wanted: whoever has it is not to be taken over. */
export function withoutStaleQuestion(record: SyncRecord): SyncRecord {
  const { onlyFor = record.revision } = record.unresolved ?? {};
  return onlyFor === record.revision ? record : { ...record, unresolved: undefined };
}

const NOTHING_UNRESOLVED: UnresolvedCreates = { since: 0, endedAt: 0, traces: [], misses: 0, lookAt: 0 };

/** Whether the index of HubSpot's search has a say in it, which lags. */
export const isSearched = (probes: readonly Probe[]): boolean => probes.some(({ by }) => by === 'search');

/**
 * How to find a record whose id HubSpot no longer knows, because it was merged or copied: only our own property can tell. By search only
 * when its index has caught up with that.
 */
export function lookUpGone(record: SyncRecord, { now, properties, settings }: LookUpContext): LookUp {
  const key = bestKey(properties);
  const probes = key === undefined ? [] : [keyProbe(record, key, properties)];
  if (!isSearched(probes)) return { purpose: 'gone', probes, notBefore: 0 };
  const notBefore = typeof record.gone === 'object' ? record.gone.lookAt : now + settings.searchLagMs;
  return { purpose: 'gone', probes, notBefore };
}

function probeFor(
  record: SyncRecord,
  { since }: UnresolvedCreates,
  trace: CreateTrace,
  properties: PortalProperties,
): Probe {
  const { key, email, sku, name = '', lastName } = trace;
  const keyIsThere = key !== undefined && properties.names.has(key);
  if (keyIsThere && key === properties.uniqueKey) return keyProbe(record, key, properties);
  // Contacts are unique by address: where there is one, it says more than a search.
  if (email !== undefined) return { by: 'email', value: email };
  if (keyIsThere) return keyProbe(record, key, properties);
  const createdSince = since - CLOCK_DIFFERENCE_MS;
  if (sku !== undefined) return { by: 'search', property: 'hs_sku', value: sku, createdSince };
  if (record.type === 'products') return { by: 'search', property: 'name', value: name, createdSince };
  if (lastName === undefined) return { by: 'search', property: 'firstname', value: name, createdSince };
  return {
    by: 'search',
    property: 'lastname',
    value: lastName,
    createdSince,
    ...(name === '' ? {} : { also: { property: 'firstname', value: name } }),
  };
}

const keyProbe = (record: SyncRecord, property: string, { uniqueKey }: PortalProperties): Probe => ({
  by: property === uniqueKey ? 'unique' : 'search',
  property,
  value: record.externalId,
});

/** Each question once, and none without a value: a record of which nothing was sent can't have been made. */
const distinct = (probes: readonly Probe[]): Probe[] => [
  ...new Map(
    probes.filter(({ value }) => value !== '').map((probe) => [JSON.stringify(probe), probe]),
  ).values(),
];
