import { type FeedEntry, feedEntryFromItem } from '../../../functions/feed/feed-entry.ts';
import type { PortalId } from '../../../functions/invoices/identifiers.ts';
import type { CheckContext } from '../../../functions/invoices/ledger-check/check-context.ts';
import { type CheckStore, keyText } from '../../../functions/invoices/ledger-check/check-store.ts';
import type { StoredItem } from '../../../functions/invoices/ledger-check/ledger-item.ts';
import { eventKey, feedEntryKey, sequenceKey } from '../../../functions/invoices/ledger-keys.ts';
import type { FeedOfPortal } from './feed-of-portal.ts';

const AT_ONCE = 100;

/**
 * Walks the feed from the first entry that is kept to the portal's counter: no number is missing, and each entry's event has that number.
 * A number is written together with the counter, so what is missing up to the counter is not on its way.
 */
export async function walkFeed(context: CheckContext, feed: FeedOfPortal): Promise<void> {
  const { store } = context;
  const { portalId } = feed;
  const last = Number((await store.get(sequenceKey(portalId)))?.sequence ?? 0);
  for (let from = feed.firstKept ?? last + 1; from <= last; from += AT_ONCE) {
    const numbers = Array.from({ length: Math.min(AT_ONCE, last - from + 1) }, (_, offset) => from + offset);
    const entries = await entriesOf(store, portalId, numbers);
    reportGaps(
      context,
      feed,
      numbers.filter((number) => !entries.has(number)),
    );
    const keyOf = ({ invoiceId, version }: FeedEntry) => eventKey(portalId, invoiceId, version);
    const events = await store.batch([...entries.values()].map(keyOf));
    for (const entry of entries.values()) {
      await checkEntry(context, portalId, entry, events.get(keyText(keyOf(entry))));
    }
  }
}

async function entriesOf(
  store: CheckStore,
  portalId: PortalId,
  numbers: number[],
): Promise<Map<number, FeedEntry>> {
  const found = await store.batch(numbers.map((number) => feedEntryKey(portalId, number)));
  return new Map(
    numbers.flatMap((number): [number, FeedEntry][] => {
      const item = found.get(keyText(feedEntryKey(portalId, number)));
      return item ? [[number, { ...feedEntryFromItem(item), sequence: number }]] : [];
    }),
  );
}

function reportGaps({ report }: CheckContext, feed: FeedOfPortal, missing: readonly number[]): void {
  const { portalId, toldMissing } = feed;
  const untold = missing.filter((number) => !toldMissing.has(number));
  for (const [from, to] of runs(untold)) {
    report({ kind: 'feed-gap', portalId, from, to }, { kind: 'left', why: 'no change has this number' });
  }
}

/** Ascending numbers as runs without a gap: 3, 4, 7 is 3 to 4 and 7 to 7. */
export function runs(numbers: readonly number[]): [from: number, to: number][] {
  const found: [number, number][] = [];
  for (const number of numbers) {
    const open = found.at(-1);
    if (open && open[1] === number - 1) open[1] = number;
    else found.push([number, number]);
  }
  return found;
}

async function checkEntry(
  { store, repair, report }: CheckContext,
  portalId: PortalId,
  { sequence, invoiceId, version }: FeedEntry,
  event: StoredItem | undefined,
): Promise<void> {
  const change = `change ${version} of invoice ${invoiceId}`;
  const wrong = (why: string) => ({ kind: 'feed-entry-wrong' as const, portalId, sequence, why });
  if (!event) {
    const why = 'only a backup has it; GET /v1/events fails there';
    report(wrong(`points to ${change}, which is missing`), { kind: 'left', why });
  } else if (event.sequence === undefined) {
    const repaired = repair && (await noteNumber(store, event, sequence));
    report(wrong(`points to ${change}, which doesn't know its number`), {
      kind: repaired ? 'repaired' : 'found',
    });
  } else if (event.sequence !== sequence) {
    const why = 'readers may have seen it under either number';
    report(wrong(`points to ${change}, which is number ${String(event.sequence)}`), { kind: 'left', why });
  }
}

const noteNumber = (store: CheckStore, { pk, sk }: StoredItem, sequence: number): Promise<boolean> =>
  store.write([
    {
      Update: {
        TableName: store.tableName,
        Key: { pk, sk },
        UpdateExpression: 'SET #sequence = :sequence',
        ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(#sequence)',
        ExpressionAttributeNames: { '#sequence': 'sequence' },
        ExpressionAttributeValues: { ':sequence': sequence },
      },
    },
  ]);
