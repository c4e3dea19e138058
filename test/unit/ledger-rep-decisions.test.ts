import { describe, expect, test } from '@jest/globals';
import { decide } from '../../functions/invoices/decide.ts';
import type { DecisionContext } from '../../functions/invoices/decision.ts';
import { asDealId, asInvoiceId } from '../../functions/invoices/identifiers.ts';
import type { Invoice } from '../../functions/invoices/invoice.ts';
import type { RepCommand, RepContent } from '../../functions/invoices/ledger-command.ts';

const known = <T>(id: T | undefined): T => {
  if (id === undefined) throw new Error('An id of the test is malformed.');
  return id;
};
const context: DecisionContext = {
  invoiceId: known(asInvoiceId('hs-1')),
  at: '2026-11-22T10:00:00.000Z',
  origin: 'hubspot',
};
const content: RepContent = {
  customer: { name: 'Acme GmbH' },
  currency: 'EUR',
  issueDate: '2026-11-22',
  dueDate: '2026-12-22',
  lines: [{ description: 'Work', quantity: '3', unitPrice: '33.33', taxRate: '0.19' }],
};
const dealId = known(asDealId('5001'));

const nothing = { invoice: undefined, version: 0 };
const at = (invoice: Invoice) => ({ invoice, version: invoice.version });

function changedTo(decision: ReturnType<typeof decide>): Invoice {
  if (decision.kind !== 'change' || !decision.next) throw new Error(JSON.stringify(decision.kind));
  return decision.next;
}

const draft = changedTo(decide(nothing, { type: 'create', content, dealId, issue: false }, context));
const open = changedTo(decide(at(draft), { type: 'issue' }, { ...context, nextNumber: 'HS-1' }));
const paying = (amount: bigint): RepCommand => ({
  type: 'record-payment',
  payment: { paymentId: `p${amount}`, amount, paidAt: '2026-11-22' },
  currency: 'EUR',
});
const partly = changedTo(decide(at(open), paying(1_000n), context));
const paid = changedTo(decide(at(open), paying(11_899n), context));
const voided = changedTo(decide(at(open), { type: 'void' }, context));
const STATES = { draft, open, partly, paid, voided };

describe('An invoice that begins in HubSpot', () => {
  test('is a draft without a number, whose totals follow from its lines', () => {
    expect(draft).toMatchObject({
      number: null,
      state: 'draft',
      origin: 'hubspot',
      dealId: '5001',
      subtotal: 9_999n,
      taxTotal: 1_900n,
      total: 11_899n,
      version: 1,
    });
  });

  test('keeps when a rep last changed it, not when the accounting system did', () => {
    expect(draft.repChangedAt).toBe(context.at);
    const later = '2026-11-23T10:00:00.000Z';
    expect(changedTo(decide(at(open), { type: 'void' }, { ...context, at: later })).repChangedAt).toBe(later);
    const byAccounting = { ...context, origin: 'accounting', at: later } as const;
    expect(changedTo(decide(at(open), paying(1n), byAccounting)).repChangedAt).toBe(context.at);
  });

  test('takes its number when it is issued, also where it is created or edited in that stroke', () => {
    const commands: [Parameters<typeof decide>[0], RepCommand][] = [
      [at(draft), { type: 'issue' }],
      [nothing, { type: 'create', content, dealId, issue: true }],
      [at(draft), { type: 'edit', content, issue: true }],
    ];
    for (const [current, command] of commands) {
      expect(decide(current, command, context)).toEqual({ kind: 'needs-number' });
      const issued = changedTo(decide(current, command, { ...context, nextNumber: 'HS-2026-0001' }));
      expect(issued).toMatchObject({ number: 'HS-2026-0001', state: 'open' });
    }
  });

  test('keeps the number that the accounting system gave its draft', () => {
    const numbered = { ...draft, number: 'R-7' };
    expect(changedTo(decide(at(numbered), { type: 'issue' }, context)).number).toBe('R-7');
  });

  test('is not created over one that is there', () => {
    expect(decide(at(draft), { type: 'create', content, dealId, issue: false }, context)).toMatchObject({
      refusal: { code: 'already-exists' },
    });
  });
});

const edit: RepCommand = { type: 'edit', content: { ...content, dueDate: '2027-01-31' }, issue: false };
const COMMANDS: [RepCommand, (keyof typeof STATES)[]][] = [
  [edit, ['draft']],
  [{ type: 'issue' }, ['draft']],
  [{ type: 'delete-draft' }, ['draft']],
  [{ type: 'void' }, ['open', 'partly']],
];

describe.each(COMMANDS.map(([command, allowed]) => ({ command, allowed, type: command.type })))(
  '$type',
  ({ command, allowed }) => {
    test.each(Object.keys(STATES) as (keyof typeof STATES)[])('of one that is %s', (state) => {
      const decision = decide(at(STATES[state]), command, { ...context, nextNumber: 'HS-1' });
      if (allowed.includes(state)) expect(decision.kind).toBe('change');
      else expect(decision).toMatchObject({ kind: 'refused', refusal: { code: 'status-forbids' } });
    });

    test('of one that isn’t there', () => {
      expect(decide(nothing, command, context)).toMatchObject({ refusal: { code: 'not-found' } });
    });
  },
);

describe('An edit', () => {
  test('replaces what the rep states, and leaves deal, origin and number', () => {
    const edited = changedTo(decide(at({ ...draft, number: 'R-7' }), edit, context));
    expect(edited).toMatchObject({ dueDate: '2027-01-31', dealId: '5001', number: 'R-7', version: 2 });
  });

  const stated: Invoice = { ...draft, statedTotal: 12_000n, total: 12_000n, roundingAmount: 101n };

  test('keeps the total that the accounting system stated while lines and currency say the same', () => {
    const lines = content.lines.map((line) => ({ ...line, quantity: '3.0', discount: undefined }));
    const sameLines: RepCommand = {
      type: 'edit',
      content: { ...content, lines, dueDate: '2027-01-31' },
      issue: false,
    };
    for (const command of [edit, sameLines]) {
      expect(changedTo(decide(at(stated), command, context))).toMatchObject({
        dueDate: '2027-01-31',
        statedTotal: 12_000n,
        total: 12_000n,
        roundingAmount: 101n,
      });
    }
  });

  test.each<[string, Partial<RepContent>, bigint]>([
    ['lines', { lines: content.lines.map((line) => ({ ...line, quantity: '6' })) }, 23_798n],
    ['currency', { currency: 'USD' }, 11_899n],
  ])('lets the total follow the lines again where it has other %s', (_what, other, total) => {
    const command: RepCommand = { type: 'edit', content: { ...content, ...other }, issue: false };
    const edited = changedTo(decide(at(stated), command, context));
    expect(edited.total).toBe(total);
    expect(edited).not.toHaveProperty('statedTotal');
    expect(edited).not.toHaveProperty('roundingAmount');
  });

  test('takes away a link that it leaves out', () => {
    const linked = { ...draft, link: 'https://books.example/1', pdfUrl: 'https://books.example/1.pdf' };
    const edited = changedTo(decide(at(linked), edit, context));
    expect([edited.link, edited.pdfUrl]).toEqual([undefined, undefined]);
  });

  test('that says the same is no change', () => {
    expect(decide(at(draft), { type: 'edit', content, issue: false }, context).kind).toBe('unchanged');
  });

  test('to more than a ledger can hold is refused', () => {
    const lines = [{ description: 'Much', quantity: '999999999999999', unitPrice: '999999999999999' }];
    const tooMuch: RepCommand = { type: 'edit', content: { ...content, lines }, issue: false };
    expect(decide(at(draft), tooMuch, context)).toMatchObject({ refusal: { code: 'amount-too-large' } });
  });
});

test('a voided invoice is owed no more, and keeps what was paid', () => {
  const voidedPartly = changedTo(decide(at(partly), { type: 'void' }, context));
  expect(voidedPartly).toMatchObject({ state: 'void', payments: [{ amount: 1_000n }] });
});
