import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import type { PortalId } from '../invoices/identifiers.ts';
import type { ReadSettings } from '../invoices/settings-cache.ts';
import type { FeedStore } from './feed-store.ts';
import { numberEvents } from './number-events.ts';
import { type StreamedEvent, streamedEvents } from './stream-events.ts';

export interface RelayAccess {
  feed: FeedStore;
  settings: ReadSettings;
  wait: (milliseconds: number) => Promise<unknown>;
  /** Told about what failed, before the stream brings it again. */
  report: (message: string, error: unknown) => void;
}

/**
 * Numbers the events that the table's stream brings, after their commit, portal by portal. The stream brings one invoice's
 * events in their order, so the feed has them in it too. Where a portal's can't be numbered the stream brings them again.
 */
export const relay =
  (access: RelayAccess) =>
  async ({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
    const byPortal = Map.groupBy(streamedEvents(Records), ({ portalId }) => portalId);
    const failures: string[] = [];
    for (const [portalId, events] of byPortal) {
      try {
        await numberPortal(access, portalId, events);
      } catch (error) {
        access.report('Events could not be numbered; the stream brings them again', error);
        const [first] = events;
        if (first) failures.push(first.streamSequence);
      }
    }
    return { batchItemFailures: failures.map((itemIdentifier) => ({ itemIdentifier })) };
  };

async function numberPortal(
  access: RelayAccess,
  portalId: PortalId,
  events: readonly StreamedEvent[],
): Promise<void> {
  const { feedRetentionDays } = await access.settings(portalId);
  const entries = events.map(({ event: { invoiceId, version, at, origin } }) => ({
    invoiceId,
    version,
    at,
    origin,
  }));
  await numberEvents(access.feed, portalId, entries, feedRetentionDays, access.wait);
}
