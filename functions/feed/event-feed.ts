import type { ApiRequest } from '../http/api-request.ts';
import type { AccountingCaller } from '../http/bearer-token.ts';
import type { Operation } from '../http/http-handler.ts';
import { onlyParameters, PAGE_BYTES, pageBytes, pageLimit } from '../http/paging.ts';
import { invalidParameter, Problem } from '../http/problem.ts';
import type { PortalId } from '../invoices/identifiers.ts';
import type { Origin } from '../invoices/invoice.ts';
import { type EventJson, eventJson } from '../invoices/invoice-json.ts';
import type { ReadSettings } from '../invoices/settings-cache.ts';
import type { FeedEntry } from './feed-entry.ts';
import type { FeedStore } from './feed-store.ts';
import { readFeed } from './read-feed.ts';

export interface FeedAccess {
  feed: FeedStore;
  settings: ReadSettings;
  /** Epoch milliseconds. */
  now: () => number;
}

const USUAL_LIMIT = 50;
const LARGEST_LIMIT = 100;
/** Events hold whole invoices twice: read a few at a time. */
const READ_AT_ONCE = 20;

/** `GET /v1/events?after=&limit=&origin=`: every change in order; `next` on every page is the `after` of the following one. */
export const listEvents =
  (access: FeedAccess): Operation<AccountingCaller> =>
  async (request, { portalId }) => {
    onlyParameters(request, ['after', 'limit', 'origin']);
    const settings = await access.settings(portalId);
    const reading = await readFeed(access.feed, portalId, {
      after: afterOf(request),
      limit: pageLimit(request, USUAL_LIMIT, LARGEST_LIMIT),
      origin: originOf(request),
      retentionDays: settings.feedRetentionDays,
      now: access.now(),
    });
    switch (reading.kind) {
      case 'gone':
        throw new Problem({
          status: 410,
          kind: 'events-gone',
          title: 'These events are no longer kept.',
          detail: `Events are kept for ${settings.feedRetentionDays} days. Read the invoices again, then go on with after=${reading.oldest}.`,
        });
      case 'ahead':
        throw invalidParameter(
          'after',
          'is ahead of the feed',
          `at most ${reading.newest}, the newest event's`,
        );
      case 'page': {
        const page = await eventPage(access.feed, portalId, reading.entries, settings.timeZone);
        const next = page.cutAfter ?? reading.last;
        return { status: 200, body: { events: page.events, next: String(next) } };
      }
    }
  };

async function eventPage(
  feed: FeedStore,
  portalId: PortalId,
  entries: readonly FeedEntry[],
  timeZone: string,
): Promise<{ events: EventJson[]; cutAfter?: number }> {
  const events: EventJson[] = [];
  let bytes = 0;
  let previous: FeedEntry | undefined;
  for (let start = 0; start < entries.length; start += READ_AT_ONCE) {
    const part = entries.slice(start, start + READ_AT_ONCE);
    for (const [offset, event] of (await feed.events(portalId, part)).entries()) {
      const json = eventJson(event, timeZone);
      bytes += pageBytes(json);
      if (bytes > PAGE_BYTES && previous) return { events, cutAfter: previous.sequence };
      events.push(json);
      previous = part[offset];
    }
  }
  return { events };
}

function afterOf(request: ApiRequest): number | undefined {
  const text = request.query.get('after');
  if (text === null || text === '') return undefined;
  if (!/^\d{1,15}$/.test(text)) {
    throw invalidParameter(
      'after',
      `is ${JSON.stringify(text.slice(0, 40))}`,
      'the next of an earlier page, unchanged',
    );
  }
  return Number(text);
}

function originOf(request: ApiRequest): Origin | undefined {
  const text = request.query.get('origin');
  if (text === null) return undefined;
  if (text !== 'accounting' && text !== 'hubspot') {
    throw invalidParameter('origin', `is ${JSON.stringify(text.slice(0, 40))}`, 'accounting or hubspot');
  }
  return text;
}
