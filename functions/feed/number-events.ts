import type { PortalId } from '../invoices/identifiers.ts';
import { eventIdOf } from '../invoices/ledger-event.ts';
import type { FeedStore, UnnumberedEntry } from './feed-store.ts';

/** Two operations for each event and one for the sequence must fit into DynamoDB's 100. */
const NUMBERED_AT_ONCE = 49;
/** Relays of one portal meet seldom and shortly; whoever loses this often is in trouble, and the stream brings the events again. */
const MOST_ATTEMPTS = 30;

/**
 * Gives a portal's events their numbers, in the order given, each exactly once however often it is brought.
 * Throws where it could not; those numbered until then stay so.
 */
export async function numberEvents(
  store: FeedStore,
  portalId: PortalId,
  entries: readonly UnnumberedEntry[],
  retentionDays: number,
  wait: (milliseconds: number) => Promise<unknown>,
): Promise<void> {
  // A transaction can't write one event twice.
  let left = [
    ...new Map(entries.map((entry) => [eventIdOf(entry.invoiceId, entry.version), entry])).values(),
  ];
  let attempts = 0;
  while (left.length > 0) {
    const part = left.slice(0, NUMBERED_AT_ONCE);
    const last = await store.lastSequence(portalId);
    const result = await store.number(portalId, last, part, retentionDays);
    switch (result.kind) {
      case 'numbered':
        left = left.slice(part.length);
        attempts = 0;
        break;
      case 'known':
        left = left.filter((_entry, place) => !result.places.includes(place));
        break;
      case 'again':
        attempts += 1;
        if (attempts >= MOST_ATTEMPTS)
          throw new Error(`The feed of portal ${portalId} could not be written.`);
        await wait(Math.random() * Math.min(200, 5 * 2 ** attempts));
    }
  }
}
