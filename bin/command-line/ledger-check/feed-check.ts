import {
  type FeedEntry,
  feedEntryFromItem,
  feedEntryItem,
  isExpired,
} from '../../../functions/feed/feed-entry.ts';
import type { PortalId } from '../../../functions/invoices/identifiers.ts';
import {
  AGAIN,
  type Attempt,
  type CheckContext,
  DONE,
  type ScanWatcher,
  STILL_CHANGING,
  untilQuiet,
} from '../../../functions/invoices/ledger-check/check-context.ts';
import { keyText } from '../../../functions/invoices/ledger-check/check-store.ts';
import { ledgerItemKind, type StoredItem } from '../../../functions/invoices/ledger-check/ledger-item.ts';
import type { LedgerProblem } from '../../../functions/invoices/ledger-check/problem.ts';
import { eventKey, feedEntryKey } from '../../../functions/invoices/ledger-keys.ts';
import type { ReadSettings } from '../../../functions/invoices/settings-cache.ts';
import { checkCounter } from './feed-counter.ts';
import { type FeedOfPortal, UNNUMBERED_FOR_MS } from './feed-of-portal.ts';
import { walkFeed } from './feed-walk.ts';
import { type NumberEvents, numberLeftEvents } from './number-left-events.ts';

type NumberedEvent = FeedEntry & { portalId: PortalId };

/** Holds the feed to the events: each has its number, each number its entry, and no number up to the portal's counter is missing. */
export class FeedCheck implements ScanWatcher {
  readonly #context: CheckContext;
  readonly #settings: ReadSettings;
  readonly #numberEvents: NumberEvents;
  readonly #portals = new Map<PortalId, FeedOfPortal>();

  constructor(context: CheckContext, settings: ReadSettings, numberEvents: NumberEvents) {
    this.#context = context;
    this.#settings = settings;
    this.#numberEvents = numberEvents;
  }

  async page(items: readonly StoredItem[]): Promise<void> {
    const numbered: NumberedEvent[] = [];
    for (const item of items) {
      const kind = ledgerItemKind(item);
      if (kind.kind === 'event') {
        const feed = this.#feedOf(kind.portalId);
        if (item.sequence === undefined) {
          await this.#seeUnnumbered(feed, item);
        } else {
          const event = { ...feedEntryFromItem(item), portalId: kind.portalId };
          feed.highest = Math.max(feed.highest, event.sequence);
          if (!(await this.#isOver(kind.portalId, event))) numbered.push(event);
        }
      }
      if (kind.kind === 'feed-entry') await this.#seeEntry(kind.portalId, item);
    }
    const entries = await this.#context.store.batch(numbered.map(entryKeyOf));
    for (const event of numbered) {
      const entry = entries.get(keyText(entryKeyOf(event)));
      if (!entry || !pointsTo(entry, event)) await this.#settleEntry(event);
    }
  }

  async end(): Promise<void> {
    for (const feed of this.#portals.values()) {
      await checkCounter(this.#context, feed);
      await walkFeed(this.#context, feed);
      if (!this.#context.repair || !feed.hasUnnumbered) continue;
      const { feedRetentionDays } = await this.#settings(feed.portalId);
      await numberLeftEvents(this.#context, feed.portalId, this.#numberEvents, feedRetentionDays);
    }
  }

  #feedOf(portalId: PortalId): FeedOfPortal {
    const known = this.#portals.get(portalId);
    if (known) return known;
    const feed = {
      portalId,
      highest: 0,
      firstKept: undefined,
      hasUnnumbered: false,
      toldMissing: new Set<number>(),
    };
    this.#portals.set(portalId, feed);
    return feed;
  }

  async #isOver(portalId: PortalId, entry: FeedEntry): Promise<boolean> {
    const { feedRetentionDays } = await this.#settings(portalId);
    return isExpired(entry, feedRetentionDays, this.#context.timing.now());
  }

  async #seeEntry(portalId: PortalId, item: StoredItem): Promise<void> {
    const feed = this.#feedOf(portalId);
    const entry = feedEntryFromItem(item);
    feed.highest = Math.max(feed.highest, entry.sequence);
    if (await this.#isOver(portalId, entry)) return;
    feed.firstKept = Math.min(feed.firstKept ?? entry.sequence, entry.sequence);
  }

  /** Events without a number are told when they are numbered, after the rest of the feed is right; without repair, at once. */
  async #seeUnnumbered(feed: FeedOfPortal, item: StoredItem): Promise<void> {
    const { store, repair, report, timing } = this.#context;
    if (Date.parse(String(item.at)) > timing.now() - UNNUMBERED_FOR_MS) return;
    feed.hasUnnumbered = true;
    if (repair) return;
    const now = await store.get(item);
    if (!now || now.sequence !== undefined) return;
    const { invoiceId, version, at } = feedEntryFromItem(now);
    report({ kind: 'event-unnumbered', portalId: feed.portalId, invoiceId, version, at }, { kind: 'found' });
  }

  async #settleEntry(event: NumberedEvent): Promise<void> {
    const { portalId, sequence, invoiceId, version } = event;
    const { report } = this.#context;
    this.#feedOf(portalId).toldMissing.add(sequence);
    const missing: LedgerProblem = { kind: 'feed-entry-missing', portalId, sequence, invoiceId, version };
    const outcome = await untilQuiet(this.#context, async (): Promise<Attempt<undefined>> => {
      const { store, repair } = this.#context;
      const moment = await store.snapshot([eventKey(portalId, invoiceId, version), entryKeyOf(event)]);
      if (!moment) return AGAIN;
      const [, entry] = moment;
      if (entry && !pointsTo(entry, event)) {
        const why = `points to another change than number ${version} of invoice ${invoiceId}, which has this number`;
        report({ kind: 'feed-entry-wrong', portalId, sequence, why }, { kind: 'left', why: BOTH_CLAIM });
      }
      if (entry) return DONE;
      if (repair && !(await this.#putEntry(event))) return AGAIN;
      report(missing, { kind: repair ? 'repaired' : 'found' });
      return DONE;
    });
    if (outcome.kind === 'again') report(missing, { kind: 'left', why: STILL_CHANGING });
  }

  async #putEntry({ portalId, ...entry }: NumberedEvent): Promise<boolean> {
    const { store } = this.#context;
    const TableName = store.tableName;
    const { feedRetentionDays } = await this.#settings(portalId);
    return store.write([
      {
        ConditionCheck: {
          TableName,
          Key: { ...eventKey(portalId, entry.invoiceId, entry.version) },
          ConditionExpression: '#sequence = :sequence',
          ExpressionAttributeNames: { '#sequence': 'sequence' },
          ExpressionAttributeValues: { ':sequence': entry.sequence },
        },
      },
      {
        Put: {
          TableName,
          Item: feedEntryItem(portalId, entry, feedRetentionDays),
          ConditionExpression: 'attribute_not_exists(pk)',
        },
      },
    ]);
  }
}

const BOTH_CLAIM = 'two changes claim one number, and readers may have seen either';

const entryKeyOf = ({ portalId, sequence }: NumberedEvent) => feedEntryKey(portalId, sequence);

const pointsTo = (entry: StoredItem, event: FeedEntry): boolean =>
  entry.invoiceId === event.invoiceId && entry.version === event.version;
