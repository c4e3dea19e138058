import { setTimeout as wait } from 'node:timers/promises';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { FeedEntry } from '../../functions/feed/feed-entry.ts';
import type { UnnumberedEntry } from '../../functions/feed/feed-store.ts';
import { numberEvents } from '../../functions/feed/number-events.ts';
import { readFeed } from '../../functions/feed/read-feed.ts';
import type { InvoiceId, PortalId } from '../../functions/invoices/identifiers.ts';
import { eventKey, feedEntryKey, type LedgerKey } from '../../functions/invoices/ledger-keys.ts';
import { freshPortal, invoiceId, replacement } from '../support/invoice-factory.ts';
import { IS_EMBEDDED, LedgerUnderTest, unnumbered } from './ledger-under-test.ts';

let ledger: LedgerUnderTest;
beforeAll(async () => {
  ledger = await LedgerUnderTest.start();
});
afterEach(() => ledger.endpoint.embedded?.faults.reset());
afterAll(() => ledger.stop());

const number = (portal: PortalId, entries: UnnumberedEntry[]) =>
  numberEvents(ledger.feed, portal, entries, 90, wait);

/** Writes `versions` versions of each invoice and answers the events as a stream would bring them, invoice by invoice in order. */
async function writeEvents(portal: PortalId, ids: InvoiceId[], versions: number): Promise<UnnumberedEntry[]> {
  for (let version = 1; version <= versions; version++) {
    await Promise.all(
      ids.map((id) => ledger.run(portal, id, replacement({ content: { number: `N-${version}` } }))),
    );
  }
  const byInvoice = await Promise.all(ids.map((id) => ledger.events(portal, id)));
  return byInvoice
    .flat()
    .map(unnumbered)
    .sort((a, b) => a.version - b.version);
}

/** The whole feed, by following it. */
async function follow(portal: PortalId, limit = 100): Promise<FeedEntry[]> {
  const entries: FeedEntry[] = [];
  for (let after: number | undefined; ; ) {
    const query = { after, limit, origin: undefined, retentionDays: 90, now: Date.now() };
    const reading = await readFeed(ledger.feed, portal, query);
    if (reading.kind !== 'page') throw new Error(reading.kind);
    entries.push(...reading.entries);
    if (reading.entries.length === 0) return entries;
    after = reading.last;
  }
}

const names = (entries: readonly UnnumberedEntry[]): string[] =>
  entries.map(({ invoiceId: id, version }) => `${id}:${version}`);

/** That the feed has each of these once, from 1 on without a gap, and each invoice's in the order of their versions. */
function expectWhole(feed: readonly FeedEntry[], events: readonly UnnumberedEntry[]): void {
  expect(feed.map(({ sequence }) => sequence)).toEqual(feed.map((_, i) => i + 1));
  expect(names(feed).sort()).toEqual(names(events).sort());
  for (const entries of Map.groupBy(feed, (entry) => entry.invoiceId).values()) {
    expect(entries.map(({ version }) => version)).toEqual(entries.map((_, i) => i + 1));
  }
}

const ids = (count: number) => Array.from({ length: count }, (_, i) => invoiceId(`I-${i}`));

describe('Numbering', () => {
  test('gives events their numbers in the order brought, more than one transaction holds', async () => {
    const portal = freshPortal();
    const events = await writeEvents(portal, ids(30), 4);
    await number(portal, events);
    const feed = await follow(portal);
    expect(names(feed)).toEqual(names(events));
    expectWhole(feed, events);
    expect(await ledger.feed.lastSequence(portal)).toBe(120);
  });

  test('is not done again where events are brought again, alone, among new ones or twice in one batch', async () => {
    const portal = freshPortal();
    const events = await writeEvents(portal, ids(3), 3);
    await number(portal, events.slice(0, 4));
    await number(portal, events.slice(0, 4));
    await number(portal, events);
    const last = await writeEvents(portal, [invoiceId('I-9')], 1);
    await number(portal, [...last, ...events.slice(2), ...last]);
    expectWhole(await follow(portal), [...events, ...last]);
  });

  test('by relays at once on overlapping batches gives each event one number, without gaps and in order', async () => {
    const portal = freshPortal();
    const events = await writeEvents(portal, ids(8), 5);
    const batches = [40, 12, 25, 40, 33, 7, 40, 18].map((end) => events.slice(0, end));
    await Promise.all(batches.map((batch) => number(portal, batch)));
    expectWhole(await follow(portal), events);
  });

  test('keeps portals apart', async () => {
    const [one, two] = [freshPortal(), freshPortal()];
    const events = [await writeEvents(one, ids(2), 2), await writeEvents(two, ids(2), 1)] as const;
    await Promise.all([number(one, events[0]), number(two, events[1])]);
    expectWhole(await follow(one), events[0]);
    expectWhole(await follow(two), events[1]);
  });

  test('marks entries for removal at the end of the retention, and never events', async () => {
    const portal = freshPortal();
    const [event] = await writeEvents(portal, ids(1), 1);
    if (!event) throw new Error('No event was written');
    await numberEvents(ledger.feed, portal, [event], 30, wait);
    const stored = async (Key: LedgerKey) => {
      const get = new GetCommand({ TableName: ledger.tableName, Key, ConsistentRead: true });
      return (await ledger.documents.send(get)).Item;
    };
    const expiresAt = Math.ceil((Date.parse(event.at) + 30 * 86_400_000) / 1000);
    expect(await stored(feedEntryKey(portal, 1))).toMatchObject({ sequence: 1, expiresAt });
    const kept = await stored(eventKey(portal, event.invoiceId, 1));
    expect(kept).toMatchObject({ sequence: 1 });
    expect(kept).not.toHaveProperty('expiresAt');
  });

  test('does not number what is not in the ledger', async () => {
    const portal = freshPortal();
    const [event] = await writeEvents(portal, ids(1), 1);
    if (!event) throw new Error('No event was written');
    await number(portal, [{ ...event, version: 7 }, event]);
    expectWhole(await follow(portal), [event]);
  });
});

(IS_EMBEDDED ? describe : describe.skip)('With a table that conflicts', () => {
  test('numbering goes on as soon as it can', async () => {
    const portal = freshPortal();
    const events = await writeEvents(portal, ids(2), 2);
    ledger.endpoint.embedded?.faults.conflictNext(3);
    await number(portal, events);
    expectWhole(await follow(portal), events);
  });

  test('numbering gives up in the end, without a gap, and goes on when the events are brought again', async () => {
    const portal = freshPortal();
    const events = await writeEvents(portal, ids(2), 2);
    ledger.endpoint.embedded?.faults.conflictNext(1_000);
    await expect(numberEvents(ledger.feed, portal, events, 90, async () => {})).rejects.toThrow(
      /could not be written/,
    );
    expect(await ledger.feed.lastSequence(portal)).toBe(0);
    ledger.endpoint.embedded?.faults.reset();
    await number(portal, events);
    expectWhole(await follow(portal), events);
  });
});

test('a reader who follows the feed while writers and relays overlap gets every event once and in order', async () => {
  const portal = freshPortal();
  const written: UnnumberedEntry[] = [];
  let isWriting = true;
  const writers = Promise.all(
    ids(6).map(async (id) => {
      for (let version = 1; version <= 12; version++) {
        await ledger.run(portal, id, replacement({ content: { number: `N-${version}` } }));
        const at = new Date().toISOString();
        written.push({ invoiceId: id, version, at, origin: 'accounting' });
      }
    }),
  );
  // Two relays bring the same stream, each from its beginning, as after a crash.
  const relay = async () => {
    while (isWriting) await number(portal, [...written]).then(() => wait(1));
    await number(portal, written);
  };
  const read: FeedEntry[] = [];
  const reader = async () => {
    for (let after: number | undefined; isWriting || read.length < written.length; await wait(1)) {
      const query = { after, limit: 5, origin: undefined, retentionDays: 90, now: Date.now() };
      const reading = await readFeed(ledger.feed, portal, query);
      if (reading.kind !== 'page') throw new Error(reading.kind);
      read.push(...reading.entries);
      after = reading.last;
    }
  };
  await Promise.all([writers.then(() => (isWriting = false)), relay(), relay(), reader()]);
  expect(written).toHaveLength(72);
  expectWhole(read, written);
});
