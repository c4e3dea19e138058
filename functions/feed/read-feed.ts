import type { PortalId } from '../invoices/identifiers.ts';
import type { Origin } from '../invoices/invoice.ts';
import { FEED_BUCKET_SIZE } from '../invoices/ledger-keys.ts';
import { type FeedEntry, isExpired } from './feed-entry.ts';
import type { FeedStore } from './feed-store.ts';

export interface FeedQuery {
  /** The number after which to go on; undefined for the oldest that is kept. */
  after: number | undefined;
  limit: number;
  origin: Origin | undefined;
  retentionDays: number;
  /** Epoch milliseconds. */
  now: number;
}

/** The reading half of the feed's store. */
export type ReadableFeed = Pick<FeedStore, 'entriesFrom' | 'entry' | 'lastSequence'>;

export type FeedReading =
  | { kind: 'page'; entries: FeedEntry[] /** The last number looked at. */; last: number }
  /** What comes after `after` is no longer kept; `oldest` is the number to go on after. */
  | { kind: 'gone'; oldest: number }
  /** No event has that number yet: the reader's position is not from this feed. */
  | { kind: 'ahead'; newest: number };

/** With a filter, how many entries one request looks at before it answers what it has. */
const LOOKED_AT_MOST = 2 * FEED_BUCKET_SIZE;

/**
 * Reads a page of the feed. Numbers are given in the transaction that writes the entries, so what is read in order is
 * whole: a reader who follows `last` misses nothing.
 */
export async function readFeed(
  store: ReadableFeed,
  portalId: PortalId,
  query: FeedQuery,
): Promise<FeedReading> {
  const { after, retentionDays, now } = query;
  const kept = (entry: FeedEntry | undefined): boolean =>
    entry !== undefined && !isExpired(entry, retentionDays, now);
  let position = after ?? 0;
  const [first] = await store.entriesFrom(portalId, position + 1, 1);
  if (first?.sequence !== position + 1 || !kept(first)) {
    const newest = await store.lastSequence(portalId);
    if (position === newest) return { kind: 'page', entries: [], last: position };
    if (position > newest) return { kind: 'ahead', newest };
    // Asked for one by one: the query above may not have seen what the relay has just numbered, which is anything but gone.
    const isKept = async (sequence: number) => kept(await store.entry(portalId, sequence));
    const oldest = (await isKept(position + 1)) ? position : await lastGone(position + 1, newest, isKept);
    if (oldest > position && after !== undefined) return { kind: 'gone', oldest };
    position = oldest;
  }
  return { kind: 'page', ...(await readOn(store, portalId, position, query)) };
}

/** The number of the last entry no longer kept, between `gone` and `newest`: entries are in the order of their time. */
async function lastGone(
  gone: number,
  newest: number,
  isKept: (sequence: number) => Promise<boolean>,
): Promise<number> {
  let [low, high] = [gone, newest];
  while (low < high) {
    const middle = Math.floor((low + high) / 2) + 1;
    if (await isKept(middle)) high = middle - 1;
    else low = middle;
  }
  return low;
}

async function readOn(
  store: ReadableFeed,
  portalId: PortalId,
  position: number,
  { limit, origin }: FeedQuery,
): Promise<{ entries: FeedEntry[]; last: number }> {
  const entries: FeedEntry[] = [];
  let last = position;
  const wanted = origin === undefined ? limit : FEED_BUCKET_SIZE;
  while (entries.length < limit && last - position < LOOKED_AT_MOST) {
    const read = await store.entriesFrom(
      portalId,
      last + 1,
      wanted - (origin === undefined ? entries.length : 0),
    );
    if (read[0]?.sequence !== last + 1) break;
    for (const entry of read) {
      // A number that is missing was removed: the page ends before it, and the next request says so.
      if (entries.length === limit || entry.sequence !== last + 1) break;
      if (origin === undefined || entry.origin === origin) entries.push(entry);
      last = entry.sequence;
    }
  }
  return { entries, last };
}
