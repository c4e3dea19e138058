import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import { asPortalId, type PortalId } from '../invoices/identifiers.ts';
import type { LedgerEvent } from '../invoices/ledger-event.ts';
import { eventFromItem } from '../invoices/ledger-items.ts';

/** A ledger event as the table's stream brings it. */
export interface StreamedEvent {
  portalId: PortalId;
  event: LedgerEvent;
  /** The stream's own number of the record, by which a failed one is named. */
  streamSequence: string;
}

/** The new events among a stream's records, in their order. Everything else the table's items do is not for the relays. */
export const streamedEvents = (records: readonly DynamoDBRecord[]): StreamedEvent[] =>
  records.flatMap((record) => {
    const image = record.dynamodb?.NewImage;
    if (record.eventName !== 'INSERT' || image?.entity?.S !== 'event') return [];
    const item = unmarshall(image as Record<string, AttributeValue>);
    const portalId = asPortalId(String(item.portalId));
    const streamSequence = record.dynamodb?.SequenceNumber;
    if (!portalId || !streamSequence)
      throw new Error('A ledger event without a portal came from the stream.');
    return [{ portalId, event: eventFromItem(item), streamSequence }];
  });
