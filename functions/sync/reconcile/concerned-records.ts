import type { PropertyValues } from '../../hubspot/hubspot-api.ts';
import { type MappingContext, mapProperties, withClears } from '../mapping/map-properties.ts';
import type { RecordStore } from '../records/record-store.ts';
import type { Shard } from '../records/shard.ts';
import type { SyncRecord } from '../records/sync-record.ts';
import { MAX_BATCH } from '../steps/batches.ts';

/** A record that HubSpot should have as it is. */
export interface ConcernedRecord {
  record: SyncRecord;
  hubspotId: string;
  /** What HubSpot should have; an empty text for what should be cleared. */
  wanted: PropertyValues;
}

/** Some records of a shard, in the order of external ids. */
export interface RecordPage {
  concerned: ConcernedRecord[];
  /** Some were synced under another mapping than today's: the worker has to look through the shard. */
  isOutdated: boolean;
  /** The external id to go on after; undefined at the shard's end. */
  after?: string | undefined;
}

/**
 * Reads on in a shard until there are as many records as one call to HubSpot takes. Only records at rest count: whatever is due, or being
 * written, the worker brings in order anyway.
 */
export async function concernedRecords(
  store: RecordStore,
  shard: Shard,
  after: string | undefined,
  context: MappingContext,
): Promise<RecordPage> {
  const concerned: ConcernedRecord[] = [];
  let isOutdated = false;
  let place = after;
  do {
    const page = await store.page(shard, place, MAX_BATCH);
    for (const record of page.records) {
      const standing = standingOf(record, context);
      if (standing === 'outdated') isOutdated = true;
      else if (standing) concerned.push(standing);
      if (concerned.length === MAX_BATCH) return { concerned, isOutdated, after: record.externalId };
    }
    place = page.after;
  } while (place !== undefined);
  return { concerned, isOutdated };
}

function standingOf(record: SyncRecord, context: MappingContext): ConcernedRecord | 'outdated' | undefined {
  const { state, hubspotId, attempt, dueAt, reasonCode, desired, syncedHash } = record;
  const isAtRest = state === 'synced' || (state === 'failed' && reasonCode === 'hubspot-record-gone');
  if (!isAtRest || hubspotId === undefined || attempt || dueAt !== undefined) return undefined;
  if (desired.kind === 'deleted') return undefined;
  const mapping = mapProperties(record, context);
  if (mapping.kind === 'unmappable') return 'outdated';
  if (state === 'synced' && syncedHash !== undefined && syncedHash !== mapping.hash) return 'outdated';
  return { record, hubspotId, wanted: withClears(mapping.values, record.names, context.properties) };
}
