import type { HubSpotRecord, PropertyValues } from '../../hubspot/hubspot-api.ts';
import { fingerprint } from '../records/desired-content.ts';
import type { SyncRecord } from '../records/sync-record.ts';
import { CLOCK_DIFFERENCE_MS } from '../sync-settings.ts';
import { isSameValue } from './same-value.ts';

/** In what way HubSpot has come away from a record. */
export type Drift =
  /** HubSpot has no record of this id, not even an archived one. */
  | { kind: 'missing' }
  /** Somebody archived it in HubSpot. */
  | { kind: 'archived' }
  /** HubSpot merged it into another record, and answers under that one's id. */
  | { kind: 'merged' }
  /** It had failed because HubSpot no longer had it, and somebody has restored it. */
  | { kind: 'returned' }
  /** These properties have other values than ours. `seen` names what they have, for when it is seen again. */
  | { kind: 'values'; properties: string[]; seen: string };

export type DriftKind = Drift['kind'];

/** A record as reconcile leaves it. Other functions carry `seenDrift` along and don't look at it. */
export type ReconciledRecord = SyncRecord & {
  /** The {@link Drift} in values that a run last marked as due. */
  seenDrift?: string | undefined;
};

/** What HubSpot answered about a record's id. */
export type Found =
  | { kind: 'living'; record: HubSpotRecord }
  | { kind: 'archived' }
  /** Neither among the living nor among the archived. */
  | { kind: 'nowhere' };

/**
 * Holds what HubSpot has to what it should have; undefined where all is well. `wanted` are the values to write, an empty text for each that
 * is to be cleared.
 *
 * A difference that was marked before, was written since and is there again though nobody touched the record is HubSpot's way of keeping
 * the value (a number without its zeros, say), or a rule of the portal's: to write it night after night would change nothing.
 */
export function driftOf(record: ReconciledRecord, wanted: PropertyValues, found: Found): Drift | undefined {
  if (found.kind !== 'living') {
    return { kind: found.kind === 'archived' ? 'archived' : 'missing' };
  }
  if (record.state === 'failed') return { kind: 'returned' };
  if (found.record.id !== record.hubspotId) return { kind: 'merged' };
  const { properties: actual, updatedAt = 0 } = found.record;
  const properties = Object.keys(wanted).filter(
    (name) => !isSameValue(name, wanted[name] ?? '', actual[name]),
  );
  if (properties.length === 0) return undefined;
  const seen = fingerprint(properties.map((name) => [name, wanted[name], actual[name]]));
  const isUntouched = updatedAt <= (record.syncedAt ?? 0) + CLOCK_DIFFERENCE_MS;
  if (record.seenDrift === seen && isUntouched) return undefined;
  return { kind: 'values', properties, seen };
}
