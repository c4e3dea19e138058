import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import type { ReadSettings } from '../invoices/settings-cache.ts';
import { busEntry } from './bus-entry.ts';
import type { PutOnBus } from './event-bus.ts';
import { streamedEvents } from './stream-events.ts';

export interface PublisherAccess {
  putOnBus: PutOnBus;
  busName: string;
  settings: ReadSettings;
  report: (message: string, details: Record<string, unknown>) => void;
}

/**
 * Puts the events that the table's stream brings on the bus, at least once. It reads the stream beside the relay, so that a bus that is
 * out never holds up the feed. What the bus refuses is brought again by the stream, and ends in the dead-letter queue at last.
 */
export const publisher =
  (access: PublisherAccess) =>
  async ({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
    const events = streamedEvents(Records);
    const entries = await Promise.all(
      events.map(async ({ portalId, event }) => {
        const { timeZone } = await access.settings(portalId);
        return busEntry(portalId, event, timeZone, access.busName);
      }),
    );
    const refused = await access.putOnBus(entries);
    if (refused.length > 0)
      access.report('The bus refused events', { count: refused.length, of: events.length });
    return {
      batchItemFailures: refused.flatMap((place) => {
        const event = events[place];
        return event ? [{ itemIdentifier: event.streamSequence }] : [];
      }),
    };
  };
