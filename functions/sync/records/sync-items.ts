import { recordKey, type SyncKey } from './sync-keys.ts';
import type { SyncRecord, SyncState } from './sync-record.ts';

export type SyncItem = SyncKey & Record<string, unknown>;

export const recordItem = (record: SyncRecord): SyncItem => ({
  ...recordKey(record, record.externalId),
  ...record,
  stateSince: stateSince(record.state, record.since),
});

/** Reads a record's item back. */
export function recordFromItem(item: Record<string, unknown>): SyncRecord {
  const { pk, sk, stateSince: _index, ...record } = item;
  return record as unknown as SyncRecord;
}

/** The state index's sort key: records of a state lie together, those longest in it first. `since` is epoch ms. */
export const stateSince = (state: SyncState, since: number): string =>
  `${state}#${new Date(since).toISOString()}`;

/** Reads the state index's sort key. */
export function parseStateSince(text: string): { state: SyncState; since: number } {
  const separator = text.indexOf('#');
  return { state: text.slice(0, separator) as SyncState, since: Date.parse(text.slice(separator + 1)) };
}
