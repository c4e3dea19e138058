import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import type { PortalId } from '../invoices/identifiers.ts';
import { eventJson } from '../invoices/invoice-json.ts';
import type { LedgerEvent } from '../invoices/ledger-event.ts';

/** What all of a PutEvents request's entries together may have (EventBridge quota: 256 KB). */
export const MAX_REQUEST_BYTES = 256_000;
/** How many entries a PutEvents request may have. */
export const MAX_ENTRIES = 10;

/** By what rules find our events. */
export const EVENT_SOURCE = 'ledgerbridge';

/** The event as an entry of the bus. What would exceed the bus's limit goes as ids with `truncated: true`: the feed has the whole. */
export function busEntry(
  portalId: PortalId,
  event: LedgerEvent,
  timeZone: string,
  busName: string,
): PutEventsRequestEntry {
  const { before, after, ...ids } = eventJson(event, timeZone);
  const entry = (detail: object): PutEventsRequestEntry => ({
    EventBusName: busName,
    Source: EVENT_SOURCE,
    DetailType: event.type,
    Time: new Date(event.at),
    Detail: JSON.stringify(detail),
  });
  const whole = entry({ portalId, ...ids, before, after });
  return entryBytes(whole) <= MAX_REQUEST_BYTES ? whole : entry({ portalId, ...ids, truncated: true });
}

/** How EventBridge counts an entry: its time takes 14 bytes, its texts what they have in UTF-8. */
export const entryBytes = ({ Source = '', DetailType = '', Detail = '' }: PutEventsRequestEntry): number =>
  14 + Buffer.byteLength(Source) + Buffer.byteLength(DetailType) + Buffer.byteLength(Detail);
