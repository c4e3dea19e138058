import { busEntry } from '../../../functions/feed/bus-entry.ts';
import type { PutOnBus } from '../../../functions/feed/event-bus.ts';
import type { FeedEntry } from '../../../functions/feed/feed-entry.ts';
import type { FeedStore } from '../../../functions/feed/feed-store.ts';
import type { PortalId } from '../../../functions/invoices/identifiers.ts';
import { FEED_BUCKET_SIZE } from '../../../functions/invoices/ledger-keys.ts';
import { isInRange, numbersToRead, type ResendRange } from './resend-range.ts';

export interface Resending {
  feed: FeedStore;
  portalId: PortalId;
  range: ResendRange;
  busName: string;
  /** The portal's, for what an event says of a day. */
  timeZone: string;
  /** Undefined for a dry run. */
  putOnBus: PutOnBus | undefined;
  /** Told how many numbers were looked at, of how many. */
  onProgress: (done: number, of: number) => void;
}

export interface ResendResult {
  /** How many are on the bus again, or would be. */
  sent: number;
  /** The numbers of those the bus did not take. */
  refused: number[];
  /** The bus took none of several events that it was offered together: it is out, and the rest was not offered. */
  isCutShort: boolean;
  /** The first and last number among them; undefined for none. */
  first: number | undefined;
  last: number | undefined;
}

/** Events hold whole invoices twice: so many are in memory at once. */
const AT_ONCE = 20;

/**
 * Puts a part of the feed on the bus again, in its order, a few at a time. The part ends with the number that is newest now. An event that
 * goes out again is the same to the letter, its id included, so that receivers can tell.
 */
export async function resendEvents(resending: Resending): Promise<ResendResult> {
  const { feed, portalId, range } = resending;
  const { first, last } = numbersToRead(range, await feed.lastSequence(portalId));
  const result: ResendResult = { sent: 0, refused: [], isCutShort: false, first: undefined, last: undefined };
  let position = first;
  while (position <= last) {
    const entries = await feed.entriesFrom(portalId, position, FEED_BUCKET_SIZE);
    const wanted = entries.filter(({ sequence, at }) => sequence <= last && isInRange(range, sequence, at));
    for (let start = 0; start < wanted.length; start += AT_ONCE) {
      if (!result.isCutShort) await resendPart(resending, wanted.slice(start, start + AT_ONCE), result);
    }
    if (result.isCutShort) break;
    position = nextBucket(position);
    resending.onProgress(Math.min(position - first, last - first + 1), last - first + 1);
  }
  return result;
}

const nextBucket = (sequence: number): number =>
  (Math.floor(sequence / FEED_BUCKET_SIZE) + 1) * FEED_BUCKET_SIZE;

async function resendPart(
  { feed, portalId, busName, timeZone, putOnBus }: Resending,
  entries: readonly FeedEntry[],
  result: ResendResult,
): Promise<void> {
  const events = await feed.events(portalId, entries);
  const refused = putOnBus
    ? await putOnBus(events.map((event) => busEntry(portalId, event, timeZone, busName)))
    : [];
  result.sent += entries.length - refused.length;
  result.refused.push(...refused.flatMap((place) => entries[place]?.sequence ?? []));
  result.isCutShort = refused.length > 0 && refused.length === entries.length;
  result.first ??= entries[0]?.sequence;
  result.last = entries.at(-1)?.sequence ?? result.last;
}
