import { EventBridgeClient, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { marshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, test } from '@jest/globals';
import type { DynamoDBRecord } from 'aws-lambda';
import { busEntry, entryBytes, MAX_ENTRIES, MAX_REQUEST_BYTES } from '../../functions/feed/bus-entry.ts';
import { eventBridgeBus, type PutOnBus } from '../../functions/feed/event-bus.ts';
import { publisher } from '../../functions/feed/publisher.ts';
import { streamedEvents } from '../../functions/feed/stream-events.ts';
import { eventIdOf, type LedgerEvent } from '../../functions/invoices/ledger-event.ts';
import { eventItem } from '../../functions/invoices/ledger-items.ts';
import { DEFAULT_SETTINGS } from '../../functions/invoices/portal-settings.ts';
import { invoice, invoiceId, invoiceLine, portalId } from '../support/invoice-factory.ts';

const PORTAL = portalId('987654');

const event = (version: number, fields: Partial<LedgerEvent> = {}): LedgerEvent => ({
  eventId: eventIdOf(invoiceId('A-1'), version),
  type: 'invoice.updated',
  at: '2026-11-22T10:00:00.000Z',
  invoiceId: invoiceId('A-1'),
  version,
  actor: { kind: 'accounting' },
  origin: 'accounting',
  before: invoice({ version: version - 1 }),
  after: invoice({ version, total: 10n ** 17n - 1n }),
  ...fields,
});

const record = (of: LedgerEvent, fields: Partial<DynamoDBRecord> = {}): DynamoDBRecord => ({
  eventName: 'INSERT',
  dynamodb: {
    SequenceNumber: `${of.version}`,
    NewImage: marshall(eventItem(PORTAL, of), { removeUndefinedValues: true }) as never,
  },
  ...fields,
});

describe('The stream', () => {
  test('brings events with their amounts exact', () => {
    const [streamed] = streamedEvents([record(event(2))]);
    expect(streamed).toEqual({ portalId: PORTAL, event: event(2), streamSequence: '2' });
  });

  test('brings nothing where an event only got its number, or another item changed', () => {
    const row = {
      eventName: 'INSERT' as const,
      dynamodb: { SequenceNumber: '1', NewImage: { pk: { S: 'x' } } },
    };
    expect(streamedEvents([record(event(2), { eventName: 'MODIFY' }), { eventName: 'REMOVE' }, row])).toEqual(
      [],
    );
  });
});

describe('An entry of the bus', () => {
  const detail = (entry: PutEventsRequestEntry) => JSON.parse(entry.Detail ?? '');

  test('has the portal and the event as the feed has it', () => {
    const entry = busEntry(PORTAL, event(2), 'UTC', 'bus');
    expect(entry).toMatchObject({
      EventBusName: 'bus',
      Source: 'ledgerbridge',
      DetailType: 'invoice.updated',
    });
    expect(detail(entry)).toMatchObject({
      portalId: '987654',
      eventId: 'A-1:2',
      after: { total: '999999999999999.99', status: 'open' },
    });
  });

  test('that would exceed the bus’s limit goes as ids, marked as truncated', () => {
    const lines = Array.from({ length: 130 }, () => invoiceLine({ description: 'é'.repeat(1000) }));
    const entry = busEntry(PORTAL, event(2, { after: invoice({ lines }) }), 'UTC', 'bus');
    expect(detail(entry)).toEqual({
      portalId: '987654',
      eventId: 'A-1:2',
      type: 'invoice.updated',
      at: '2026-11-22T10:00:00.000Z',
      invoiceId: 'A-1',
      actor: { kind: 'accounting' },
      origin: 'accounting',
      truncated: true,
    });
  });
});

describe('Putting on the bus', () => {
  /** EventBridge that refuses what `refuses` says, and notes each request's entries. */
  function bus(refuses: (detail: string, request: number) => boolean, failing = 0) {
    const requests: PutEventsRequestEntry[][] = [];
    const client = new EventBridgeClient({
      region: 'us-east-1',
      credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    });
    client.middlewareStack.add(
      () => async (args) => {
        const { Entries } = args.input as { Entries: PutEventsRequestEntry[] };
        requests.push(Entries);
        if (requests.length <= failing) throw new Error('connection lost');
        const answers = Entries.map(({ Detail = '' }) =>
          refuses(Detail, requests.length) ? { ErrorCode: 'Throttled' } : {},
        );
        return { response: {}, output: { $metadata: {}, Entries: answers } };
      },
      { step: 'initialize' },
    );
    return { requests, put: eventBridgeBus(client, async () => {}) };
  }
  const entries = (...details: string[]): PutEventsRequestEntry[] => details.map((Detail) => ({ Detail }));
  const details = (request: PutEventsRequestEntry[] | undefined) => request?.map(({ Detail }) => Detail);

  test('tries again only what was refused', async () => {
    const { requests, put } = bus((detail, request) => detail === 'b' && request === 1);
    expect(await put(entries('a', 'b', 'c'))).toEqual([]);
    expect(requests.map(details)).toEqual([['a', 'b', 'c'], ['b']]);
  });

  test('answers the places of what stays refused', async () => {
    const { requests, put } = bus((detail) => detail !== 'a');
    expect(await put(entries('a', 'b', 'c'))).toEqual([1, 2]);
    expect(requests).toHaveLength(3);
  });

  test('counts a lost request as refused, and sends it again', async () => {
    const { requests, put } = bus(() => false, 1);
    expect(await put(entries('a'))).toEqual([]);
    expect(requests).toHaveLength(2);
  });

  test('keeps each request within ten entries and the bytes that one may have', async () => {
    const { requests, put } = bus(() => false);
    await put([...entries(...'abcdefghijklm'), ...entries('x'.repeat(200_000), 'y'.repeat(200_000))]);
    for (const request of requests) {
      expect(request.length).toBeLessThanOrEqual(MAX_ENTRIES);
      expect(request.map(entryBytes).reduce((a, b) => a + b)).toBeLessThanOrEqual(MAX_REQUEST_BYTES);
    }
    expect(requests.flat().map(({ Detail }) => Detail?.[0])).toEqual([...'abcdefghijklmxy']);
  });
});

test('what the bus refuses is named to the stream, which brings it again', async () => {
  const putOnBus: PutOnBus = async (entries) => [...entries.keys()].slice(1);
  const reports: unknown[] = [];
  const publish = publisher({
    putOnBus,
    busName: 'bus',
    settings: async () => DEFAULT_SETTINGS,
    report: (_message, told) => reports.push(told),
  });
  const answer = await publish({ Records: [record(event(2)), record(event(3)), record(event(4))] });
  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '3' }, { itemIdentifier: '4' }] });
  expect(reports).toEqual([{ count: 2, of: 3 }]);
});
