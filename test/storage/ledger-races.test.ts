import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { LedgerEvent } from '../../functions/invoices/ledger-event.ts';
import { invoiceFromStored } from '../../functions/invoices/ledger-items.ts';
import { dealId, freshPortal, invoiceId, payment, replacement } from '../support/invoice-factory.ts';
import { LedgerUnderTest } from './ledger-under-test.ts';

let ledger: LedgerUnderTest;
beforeAll(async () => {
  ledger = await LedgerUnderTest.start();
});
afterAll(() => ledger.stop());

const A = invoiceId('A-1');
const DEAL = dealId('5');
const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

/** That each event begins where the one before ended, with versions from 1 on and no gap. */
function expectChain(events: LedgerEvent[]): void {
  expect(events.map(({ version }) => version)).toEqual(numbers(events.length));
  for (const [i, event] of events.entries()) expect(event.before).toEqual(events[i - 1]?.after);
}

test('of a hundred parallel writers on one deal each one’s invoice is in the ledger, and the summary is their sum', async () => {
  const portal = freshPortal();
  const results = await Promise.all(
    numbers(100).map((i) =>
      ledger.run(
        portal,
        invoiceId(`I-${i}`),
        replacement({ dealId: DEAL, content: { statedTotal: BigInt(i) } }),
      ),
    ),
  );
  expect(results.map(({ kind }) => kind)).toEqual(numbers(100).map(() => 'created'));
  const { stored, summed, rowCount } = await ledger.summaries(portal, DEAL);
  expect(rowCount).toBe(100);
  expect(stored).toEqual(summed);
  expect(stored.currencies).toEqual([
    { currency: 'EUR', count: 100, total: 5_050n, amountPaid: 0n, balance: 5_050n },
  ]);
});

describe('Writers on one invoice', () => {
  test('who don’t say what they saw are all accepted, one after the other, without a gap', async () => {
    const portal = freshPortal();
    const results = await Promise.all(
      numbers(20).map((i) =>
        ledger.run(portal, A, replacement({ dealId: DEAL, content: { number: `N-${i}` } })),
      ),
    );
    expect(results.filter(({ kind }) => kind === 'created')).toHaveLength(1);
    expect(results.filter(({ kind }) => kind === 'updated')).toHaveLength(19);
    const events = await ledger.events(portal, A);
    expectChain(events);
    expect(events.map(({ after }) => after?.number).sort()).toEqual(
      numbers(20)
        .map((i) => `N-${i}`)
        .sort(),
    );
    expect((await ledger.store.current(portal, A)).invoice).toEqual(events.at(-1)?.after);
    expect(await ledger.summaries(portal, DEAL)).toMatchObject({ stored: { invoiceCount: 1 }, rowCount: 1 });
  });

  test('who all saw the same version: exactly one wins, the others get the invoice as it is', async () => {
    const portal = freshPortal();
    await ledger.run(portal, A, replacement());
    const results = await Promise.all(
      numbers(10).map((i) =>
        ledger.run(portal, A, replacement({ content: { number: `N-${i}` } }), { expectedVersion: 1 }),
      ),
    );
    const winners = results.flatMap((result) => (result.kind === 'updated' ? [result.invoice] : []));
    expect(winners).toHaveLength(1);
    for (const result of results) {
      if (result.kind === 'updated') continue;
      expect(result).toMatchObject({ refusal: { code: 'version-moved' }, current: { version: 2 } });
      expect(result.kind === 'refused' && result.current?.number).toBe(winners[0]?.number);
    }
    expect(await ledger.events(portal, A)).toHaveLength(2);
  });

  test('who send the same first body: one creates, the others find nothing to change', async () => {
    const portal = freshPortal();
    const results = await Promise.all(
      numbers(10).map(() => ledger.run(portal, A, replacement({ dealId: DEAL }))),
    );
    expect(results.map(({ kind }) => kind).sort()).toEqual(['created', ...numbers(9).map(() => 'unchanged')]);
    expect(await ledger.events(portal, A)).toHaveLength(1);
  });

  test('who send the same payment many times, among others, have it counted once', async () => {
    const portal = freshPortal();
    await ledger.run(portal, A, replacement({ dealId: DEAL }));
    await Promise.all(
      numbers(30).map((i) =>
        ledger.run(portal, A, {
          type: 'record-payment',
          payment: payment(`p${i % 5}`, 100n),
          currency: 'EUR',
        }),
      ),
    );
    const { stored } = await ledger.summaries(portal, DEAL);
    expect(stored.currencies).toMatchObject([{ amountPaid: 500n, balance: 9_500n }]);
    const events = await ledger.events(portal, A);
    expectChain(events);
    expect(events).toHaveLength(6);
  });

  test('who delete and create it again leave one chain of versions', async () => {
    const portal = freshPortal();
    const draft = replacement({ state: 'draft', dealId: DEAL });
    await Promise.all(numbers(20).map((i) => ledger.run(portal, A, i % 2 ? draft : { type: 'delete' })));
    const [events, { invoice, version }] = await Promise.all([
      ledger.events(portal, A),
      ledger.store.current(portal, A),
    ]);
    expectChain(events);
    expect([version, invoice]).toEqual([events.length, events.at(-1)?.after]);
    const { stored, summed } = await ledger.summaries(portal, DEAL);
    expect(stored).toEqual(summed);
  });
});

test('moves between deals keep both summaries right, however they meet', async () => {
  const portal = freshPortal();
  const deals = [dealId('1'), dealId('2'), null];
  const invoices = numbers(6).map((i) => invoiceId(`M-${i}`));
  await Promise.all(
    invoices.map((id, i) =>
      ledger.run(
        portal,
        id,
        replacement({ dealId: dealId('1'), content: { statedTotal: 10n ** BigInt(i) } }),
      ),
    ),
  );
  await Promise.all(
    numbers(60).map((i) => {
      const command =
        i % 5 === 0
          ? ({ type: 'record-payment', payment: payment(`p${i}`, 1n), currency: 'EUR' } as const)
          : ({ type: 'assign-deal', dealId: deals[(i * 7) % 3] ?? null } as const);
      return ledger.run(portal, invoices[i % 6] ?? A, command);
    }),
  );
  const [one, two, unlinked] = await Promise.all([
    ledger.summaries(portal, dealId('1')),
    ledger.summaries(portal, dealId('2')),
    ledger.rows(portal, undefined),
  ]);
  expect(one.stored).toEqual(one.summed);
  expect(two.stored).toEqual(two.summed);
  expect(one.rowCount + two.rowCount + unlinked.length).toBe(6);
  for (const id of invoices) expectChain(await ledger.events(portal, id));
});

test('what is read from the table is the domain’s, bigints where the table has numbers', () => {
  const stored = { total: 1, subtotal: 2n, taxTotal: 0, lines: [{ discount: 3 }], payments: [{ amount: 4 }] };
  expect(invoiceFromStored(stored)).toMatchObject({
    total: 1n,
    subtotal: 2n,
    taxTotal: 0n,
    lines: [{ discount: 3n }],
    payments: [{ amount: 4n }],
  });
});
