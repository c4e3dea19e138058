import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { dealRow, rowSortKey } from '../../functions/invoices/deal-row.ts';
import { addSummaries, contribution, EMPTY_SUMMARY } from '../../functions/invoices/deal-summary.ts';
import { decide } from '../../functions/invoices/decide.ts';
import type { Current } from '../../functions/invoices/decision.ts';
import type { DealId, InvoiceId, PortalId } from '../../functions/invoices/identifiers.ts';
import type { Invoice, Payment } from '../../functions/invoices/invoice.ts';
import type { CommandResult } from '../../functions/invoices/ledger.ts';
import type { LedgerCommand } from '../../functions/invoices/ledger-command.ts';
import { changeType, type LedgerEvent } from '../../functions/invoices/ledger-event.ts';
import { settle } from '../../functions/invoices/settlement.ts';
import { dealId, freshPortal, invoiceId, payment, replacement } from '../support/invoice-factory.ts';
import { LedgerUnderTest } from './ledger-under-test.ts';

let ledger: LedgerUnderTest;
beforeAll(async () => {
  ledger = await LedgerUnderTest.start();
});
afterAll(() => ledger.stop());

const IDS = ['A', 'B', 'C'].map(invoiceId);
const DEALS = [dealId('1'), dealId('2')];
const PAYMENTS: Payment[][] = [[], [payment('p1', 2_500n)], [payment('p1', 10n), payment('p9', -3n)]];

interface Step {
  id: InvoiceId;
  command: LedgerCommand;
  origin: 'accounting' | 'hubspot';
  /** Whether the sender names the version it believes the invoice has. */
  expectedVersion: number | undefined;
}

const anyReplacement = fc
  .record({
    state: fc.constantFrom('draft' as const, 'open' as const, 'void' as const),
    markedPaid: fc.boolean(),
    dealId: fc.constantFrom(undefined, null, ...DEALS),
    payments: fc.option(fc.constantFrom(...PAYMENTS), { nil: undefined }),
    sourceUpdatedAt: fc.constantFrom(undefined, '2026-11-20T12:00:00Z', '2026-11-20T12:00:00.5Z'),
    number: fc.constantFrom('INV-9', 'INV-10'),
    // 100.00 is what the lines come to anyway.
    statedTotal: fc.constantFrom(undefined, 0n, 2_500n, -2_500n, 10_000n, 10n ** 16n),
    currency: fc.constantFrom('EUR', 'EUR', 'JPY'),
    dueDate: fc.constantFrom('2026-11-30', '2026-12-24'),
  })
  .map(({ number, statedTotal, currency, dueDate, ...fields }) =>
    replacement({
      ...fields,
      markedPaid: fields.state === 'open' && fields.markedPaid,
      content: { number, statedTotal, currency, dueDate },
    }),
  );

const anyCommand: fc.Arbitrary<LedgerCommand> = fc.oneof(
  { weight: 4, arbitrary: anyReplacement },
  { weight: 1, arbitrary: fc.constant<LedgerCommand>({ type: 'delete' }) },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constantFrom('p1', 'p2', 'p3'), fc.constantFrom(2_500n, -2_500n, 10n ** 15n)).map(
      ([id, amount]): LedgerCommand => ({
        type: 'record-payment',
        payment: payment(id, amount),
        currency: 'EUR',
      }),
    ),
  },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(null, ...DEALS)
      .map((deal): LedgerCommand => ({ type: 'assign-deal', dealId: deal })),
  },
);

const anyStep: fc.Arbitrary<Step> = fc.record({
  id: fc.constantFrom(...IDS),
  command: anyCommand,
  origin: fc.constantFrom('accounting', 'hubspot'),
  expectedVersion: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined, freq: 5 }),
});

const run = (portal: PortalId, { id, command, origin, expectedVersion }: Step): Promise<CommandResult> =>
  ledger.run(portal, id, command, { origin, expectedVersion });

/** The ledger as plain memory: what each id has, and what happened to it. */
class Model {
  readonly current = new Map<InvoiceId, Current>(IDS.map((id) => [id, { invoice: undefined, version: 0 }]));
  readonly history = new Map<InvoiceId, string[]>(IDS.map((id) => [id, []]));

  /** What the command comes to; the result says at what time it was decided. */
  run({ id, command, origin, expectedVersion }: Step, at: string): string {
    const current = this.of(id);
    if (expectedVersion !== undefined && current.invoice?.version !== expectedVersion) return 'version-moved';
    const decision = decide(current, command, { invoiceId: id, at, origin });
    switch (decision.kind) {
      case 'needs-number':
        throw new Error('No command of these issues an invoice.');
      case 'refused':
        return decision.refusal.code;
      case 'unchanged':
        this.current.set(id, { ...current, invoice: decision.invoice });
        return 'unchanged';
      case 'change': {
        const version = current.version + 1;
        this.history.get(id)?.push(`${version} ${changeType(current.invoice, decision.next)}`);
        if (!decision.next) {
          this.current.set(id, {
            invoice: undefined,
            version,
            deleted: timesLeft(current.invoice, { origin, at }),
          });
          return 'deleted';
        }
        this.current.set(id, { invoice: decision.next, version });
        return current.invoice ? 'updated' : 'created';
      }
    }
  }

  of(id: InvoiceId): Current {
    return this.current.get(id) ?? { invoice: undefined, version: 0 };
  }
}

const resultName = (result: CommandResult): string =>
  result.kind === 'refused' ? result.refusal.code : result.kind;

/** When what the command came to was decided; of no matter where it came to nothing. */
async function timeOf(portal: PortalId, id: InvoiceId, result: CommandResult): Promise<string> {
  if (result.kind === 'deleted') return (await ledger.events(portal, id)).at(-1)?.at ?? '';
  return 'invoice' in result ? result.invoice.updatedAt : '';
}

/** When each side last changed an invoice that was deleted then. */
const timesLeft = (deleted: Invoice | undefined, { origin, at }: Pick<LedgerEvent, 'origin' | 'at'>) => ({
  sourceUpdatedAt: deleted?.sourceUpdatedAt,
  repChangedAt: origin === 'hubspot' ? at : deleted?.repChangedAt,
});

/** That rows and summaries are what these invoices make, and nothing else. */
async function expectDeals(portal: PortalId, invoices: Invoice[]): Promise<void> {
  for (const deal of [undefined, ...DEALS] as (DealId | undefined)[]) {
    const onDeal = invoices.filter((invoice) => invoice.dealId === deal);
    const rows = onDeal
      .map((invoice) => ({ sortKey: rowSortKey(invoice), row: dealRow(invoice) }))
      .sort((a, b) => (a.sortKey < b.sortKey ? -1 : 1));
    expect(await ledger.rows(portal, deal)).toEqual(rows);
    if (!deal) continue;
    const sum = onDeal.map(contribution).reduce((a, b) => addSummaries(a, b), EMPTY_SUMMARY);
    expect(await ledger.store.dealSummary(portal, deal)).toEqual(sum);
  }
}

test('any commands, one after the other, leave what a ledger in plain memory would have', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { maxLength: 25 }), async (steps) => {
      const portal = freshPortal();
      const model = new Model();
      for (const step of steps) {
        const result = await run(portal, step);
        expect(resultName(result)).toBe(model.run(step, await timeOf(portal, step.id, result)));
      }
      for (const id of IDS) {
        expect(await ledger.store.current(portal, id)).toEqual({ invoiceId: id, ...model.of(id) });
        const events = await ledger.events(portal, id);
        expect(events.map(({ version, type }) => `${version} ${type}`)).toEqual(model.history.get(id));
      }
      await expectDeals(
        portal,
        [...model.current.values()].flatMap(({ invoice }) => invoice ?? []),
      );
    }),
    { numRuns: 25 },
  );
});

test('any commands of several actors at once leave what some order of them would have left', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(anyStep, { maxLength: 6 }), { maxLength: 5 }), async (actors) => {
      const portal = freshPortal();
      const results = await Promise.all(
        actors.map(async (steps) => {
          const told: { step: Step; result: CommandResult }[] = [];
          for (const step of steps) told.push({ step, result: await run(portal, step) });
          return told;
        }),
      );
      const events = new Map<string, LedgerEvent>();
      const deletions = new Map<string, LedgerEvent>();
      for (const id of IDS) {
        const chain = await ledger.events(portal, id);
        for (const [i, event] of chain.entries()) {
          expect([event.version, asShown(event.before)]).toEqual([i + 1, asShown(chain[i - 1]?.after)]);
          events.set(event.eventId, event);
          if (!event.after) deletions.set(event.eventId, event);
        }
        const { invoice, version } = await ledger.store.current(portal, id);
        expect(version).toBe(chain.length);
        expect(asShown(invoice)).toEqual(asShown(chain.at(-1)?.after));
      }
      // Each change that somebody was told of is one event, which is what the command does to what was there before.
      for (const { step, result } of results.flat()) {
        if (result.kind === 'repeated') throw new Error('No command of these has a key.');
        if (result.kind === 'refused' || result.kind === 'unchanged') continue;
        const version = result.kind === 'deleted' ? result.version : result.invoice.version;
        const event = events.get(`${step.id}:${version}`);
        events.delete(`${step.id}:${version}`);
        const deletion = deletions.get(`${step.id}:${version - 1}`);
        const current: Current = {
          invoice: event?.before,
          version: version - 1,
          ...(deletion ? { deleted: timesLeft(deletion.before, deletion) } : {}),
        };
        const again = decide(current, step.command, {
          invoiceId: step.id,
          at: event?.at ?? '',
          origin: step.origin,
        });
        expect(again).toEqual({ kind: 'change', next: event?.after });
      }
      expect([...events.keys()]).toEqual([]);
      const left = await Promise.all(IDS.map((id) => ledger.store.current(portal, id)));
      await expectDeals(
        portal,
        left.flatMap(({ invoice }) => invoice ?? []),
      );
    }),
    { numRuns: 25 },
  );
});

/** Without what an unchanged repeat may have moved between two events: the source's own time, and a flag that shows in nothing. */
const asShown = (invoice: Invoice | undefined) =>
  invoice && { ...invoice, sourceUpdatedAt: undefined, markedPaid: undefined, settlement: settle(invoice) };
