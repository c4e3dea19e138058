import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { DynamoDBRecord } from 'aws-lambda';
import { readFeed } from '../../functions/feed/read-feed.ts';
import { relay } from '../../functions/feed/relay.ts';
import type { PortalId } from '../../functions/invoices/identifiers.ts';
import { DEFAULT_SETTINGS } from '../../functions/invoices/portal-settings.ts';
import { dealId, freshPortal, invoiceId, payment, replacement } from '../support/invoice-factory.ts';
import { IS_EMBEDDED, LedgerUnderTest } from './ledger-under-test.ts';

const A = invoiceId('A-1');
const B = invoiceId('B-1');

(IS_EMBEDDED ? describe : describe.skip)('The relay on the table’s stream', () => {
  let ledger: LedgerUnderTest;
  const reports: string[] = [];
  /** The portal whose settings can't be read for now. */
  let failing: PortalId | undefined;
  const batches: DynamoDBRecord[][] = [];
  /** While set, the stream's records are only noted. */
  let isHeld = false;

  beforeAll(async () => {
    ledger = await LedgerUnderTest.start();
    const relayed = relay({
      feed: ledger.feed,
      settings: async (portal) => {
        if (portal === failing) throw new Error('No settings');
        return DEFAULT_SETTINGS;
      },
      wait,
      report: (message) => reports.push(message),
    });
    ledger.endpoint.embedded?.onStreamRecords(async (records) => {
      const Records = records as DynamoDBRecord[];
      batches.push(Records);
      if (isHeld) return;
      const { batchItemFailures } = await relayed({ Records });
      // As Lambda does: what is named comes again, and with it all that follows.
      if (batchItemFailures.length > 0) throw new Error('Not all records were relayed');
    });
  });
  afterAll(() => ledger.stop());

  /** The events of a portal's feed, once it has so many. */
  async function feedOf(portal: PortalId, count: number) {
    for (;;) {
      const query = { after: undefined, limit: 100, origin: undefined, retentionDays: 90, now: Date.now() };
      const reading = await readFeed(ledger.feed, portal, query);
      if (reading.kind !== 'page') throw new Error(reading.kind);
      if (reading.entries.length >= count) return ledger.feed.events(portal, reading.entries);
      await wait(5);
    }
  }

  test('numbers each change once, after its commit, and the feed has the whole of it', async () => {
    const portal = freshPortal();
    await ledger.run(portal, A, replacement({ state: 'draft', dealId: dealId('5') }));
    await ledger.run(portal, A, replacement());
    await ledger.run(portal, A, {
      type: 'record-payment',
      payment: payment('p', 10n ** 16n + 1n),
      currency: 'EUR',
    });
    await ledger.run(portal, A, replacement());
    await ledger.run(portal, A, replacement({ state: 'void' }));
    await ledger.run(portal, A, { type: 'delete' });

    const events = await feedOf(portal, 5);
    expect(events).toEqual(await ledger.events(portal, A));
    expect(events.map(({ type }) => type.slice('invoice.'.length))).toEqual([
      ...['created', 'issued', 'paid', 'voided', 'deleted'],
    ]);
  });

  test('brought everything again, numbers nothing twice', async () => {
    const portal = freshPortal();
    await ledger.run(portal, A, replacement());
    await ledger.run(portal, B, replacement());
    await feedOf(portal, 2);
    const access = { feed: ledger.feed, settings: async () => DEFAULT_SETTINGS, wait, report: () => {} };
    expect(await relay(access)({ Records: batches.flat() })).toEqual({ batchItemFailures: [] });
    expect(await ledger.feed.lastSequence(portal)).toBe(2);
  });

  test('asks for the events of a portal that it can’t number again, and doesn’t hold up another’s', async () => {
    const [well, unwell] = [freshPortal(), freshPortal()];
    const held = batches.length;
    const eventsHeld = () =>
      batches
        .slice(held)
        .flat()
        .filter(({ dynamodb }) => dynamodb?.NewImage?.entity?.S === 'event');
    isHeld = true;
    for (const portal of [unwell, well, unwell]) {
      await ledger.run(portal, portal === well ? A : B, replacement({ content: { number: freshPortal() } }));
    }
    while (eventsHeld().length < 3) await wait(5);
    isHeld = false;
    const settings = async (portal: PortalId) => {
      if (portal === unwell) throw new Error('No settings');
      return DEFAULT_SETTINGS;
    };
    const access = { feed: ledger.feed, settings, wait, report: () => {} };
    const answer = await relay(access)({ Records: batches.slice(held).flat() });
    const [first] = eventsHeld();
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: first?.dynamodb?.SequenceNumber }] });
    expect(await Promise.all([unwell, well].map((portal) => ledger.feed.lastSequence(portal)))).toEqual([
      0, 1,
    ]);
  });

  test('numbers late what it could not number at first, and nothing is lost', async () => {
    const portal = freshPortal();
    failing = portal;
    await ledger.run(portal, A, replacement());
    await ledger.run(portal, A, replacement({ content: { number: 'INV-2' } }));
    while (reports.length === 0) await wait(5);
    expect(await ledger.feed.lastSequence(portal)).toBe(0);
    failing = undefined;
    expect((await feedOf(portal, 2)).map(({ version }) => version)).toEqual([1, 2]);
  });
});
