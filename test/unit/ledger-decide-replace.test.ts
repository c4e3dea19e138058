import { describe, expect, test } from '@jest/globals';
import { decide } from '../../functions/invoices/decide.ts';
import type { Invoice } from '../../functions/invoices/invoice.ts';
import type { Decision, ReplaceInvoice } from '../../functions/invoices/ledger-command.ts';
import { dealId, invoice, invoiceId, invoiceLine, payment, replacement } from '../support/invoice-factory.ts';

const context = {
  invoiceId: invoiceId('A-1'),
  at: '2026-11-22T10:00:00.000Z',
  origin: 'accounting',
} as const;

const onto = (current: Invoice, command: ReplaceInvoice): Decision =>
  decide({ invoice: current, version: current.version }, command, context);
const onNothing = (command: ReplaceInvoice, version = 0): Decision =>
  decide({ invoice: undefined, version }, command, context);

/** The invoice after a command that must change it. */
function next(decision: Decision): Invoice {
  if (decision.kind !== 'change' || !decision.next) throw new Error(`No change: ${decision.kind}`);
  return decision.next;
}
const refusalCode = (decision: Decision) =>
  decision.kind === 'refused' ? decision.refusal.code : decision.kind;

describe('A replacement', () => {
  test('of nothing creates the invoice at version 1 with its totals', () => {
    expect(next(onNothing(replacement()))).toEqual({
      ...invoice(),
      sourceUpdatedAt: undefined,
      dealId: undefined,
      updatedAt: context.at,
    });
  });

  test('under an id that was deleted goes on with its versions', () => {
    expect(next(onNothing(replacement(), 7)).version).toBe(8);
  });

  test.each(['draft', 'open', 'void'] as const)('takes an invoice that is %s', (state) => {
    const changed = next(onto(invoice({ state, version: 4 }), replacement({ content: { number: 'INV-2' } })));
    expect(changed).toMatchObject({ number: 'INV-2', state: 'open', version: 5, updatedAt: context.at });
  });

  test('keeps payments and deal that it leaves out', () => {
    const before = invoice({ payments: [payment('p', 1_000n)], dealId: dealId('5') });
    const after = next(onto(before, replacement({ content: { number: 'INV-2' } })));
    expect(after).toMatchObject({ payments: before.payments, dealId: '5' });
  });

  test('replaces payments that it states, and a null deal unlinks', () => {
    const before = invoice({ payments: [payment('p', 1_000n)], dealId: dealId('5') });
    const after = next(onto(before, replacement({ payments: [], dealId: null })));
    expect(after.payments).toEqual([]);
    expect(after.dealId).toBeUndefined();
  });

  test('sets the paid flag and takes it off again, and keeps where the invoice began', () => {
    const before = invoice({ origin: 'hubspot' });
    const paid = next(onto(before, replacement({ markedPaid: true })));
    expect(paid).toMatchObject({ markedPaid: true, origin: 'hubspot' });
    expect(next(onto(paid, replacement())).markedPaid).toBe(false);
  });
});

describe('A replacement that says what is there already', () => {
  test.each<[string, Partial<Invoice>, ReplaceInvoice]>([
    ['in the same words', {}, replacement()],
    [
      'with numbers written differently',
      { lines: [invoiceLine({ quantity: '2', unitPrice: '50.00', taxRate: '0.190', discountRate: '0' })] },
      replacement({
        content: {
          lines: [invoiceLine({ quantity: '2.000', unitPrice: '50', taxRate: '0.19', discountRate: '0.00' })],
        },
      }),
    ],
    [
      'with fields in another order',
      { customer: { name: 'Anna', taxId: 'DE1' } },
      replacement({ content: { customer: { taxId: 'DE1', name: 'Anna' } } }),
    ],
    [
      'with its payments in another order',
      { payments: [payment('a', 1n), payment('b', 2n, '2026-11-01')] },
      replacement({ payments: [payment('b', 2n, '2026-11-01'), payment('a', 1n)] }),
    ],
    [
      'with the same moments told otherwise',
      { payments: [payment('a', 1n, '2026-11-21'), payment('b', 2n, '2026-11-21T10:00:00.50Z')] },
      replacement({
        payments: [
          payment('a', 1n, '2026-11-21T01:00:00+01:00'),
          payment('b', 2n, '2026-11-21T12:00:00.500+02:00'),
        ],
      }),
    ],
    [
      'with a discount of nothing instead of none',
      { lines: [invoiceLine({ discount: 0n }), invoiceLine({ discountRate: '0.00' }), invoiceLine()] },
      replacement({
        content: {
          lines: [invoiceLine(), invoiceLine({ discount: 0n }), invoiceLine({ discountRate: '0' })],
        },
      }),
    ],
    [
      'with an address of no lines',
      {},
      replacement({ content: { customer: { name: 'Anna Müller AG', address: [] } } }),
    ],
    ['and leaves out what is kept', { payments: [payment('p', 1n)], dealId: dealId('5') }, replacement()],
    ['with the total that the lines come to', {}, replacement({ content: { statedTotal: 10_000n } })],
    ['without the total that was stated and is the lines’', { statedTotal: 10_000n }, replacement()],
  ])('%s changes nothing', (_title, fields, command) => {
    const before = invoice({ version: 3, ...fields });
    expect(onto(before, command)).toEqual({ kind: 'unchanged', invoice: before });
  });

  test.each([
    ['flags as paid what its payments cover', 10_000n, true],
    ['flags as paid what was paid too much for', 10_001n, true],
    ['takes the flag off what its payments cover', 10_000n, false],
  ])('and %s changes nothing, but is kept', (_title, amount, markedPaid) => {
    const before = invoice({ version: 3, markedPaid: !markedPaid, payments: [payment('p', amount)] });
    expect(onto(before, replacement({ markedPaid }))).toEqual({
      kind: 'unchanged',
      invoice: { ...before, markedPaid },
    });
  });

  test('but for the paid flag, where its payments leave a cent, changes it', () => {
    const before = invoice({ payments: [payment('p', 9_999n)] });
    expect(next(onto(before, replacement({ markedPaid: true })))).toMatchObject({ markedPaid: true });
  });

  test.each<[string, Partial<ReplaceInvoice['content']>]>([
    ['another customer', { customer: { name: 'Bertha' } }],
    [
      'another order of lines',
      { lines: [invoiceLine({ description: 'b' }), invoiceLine({ description: 'a' })] },
    ],
    ['"0" instead of no tax rate', { lines: [invoiceLine({ taxRate: '0' })] }],
    ['a link', { link: 'https://books.example/1' }],
    ['another due date', { dueDate: '2026-12-01' }],
    ['another stated total', { statedTotal: 9_999n }],
    ['a discount', { lines: [invoiceLine({ discount: 1n })] }],
    ['a discount rate', { lines: [invoiceLine({ discountRate: '0.01' })] }],
    ['an address', { customer: { name: 'Anna Müller AG', address: ['Main St 1'] } }],
  ])('but for %s changes it', (_title, content) => {
    expect(onto(invoice(), replacement({ content })).kind).toBe('change');
  });

  test('but for a nanosecond of a payment changes it', () => {
    const paidAt = (fraction: string) => [payment('p', 1n, `2026-11-21T10:00:00.${fraction}Z`)];
    const before = invoice({ payments: paidAt('123456788') });
    expect(onto(before, replacement({ payments: paidAt('123456789') })).kind).toBe('change');
  });
});

describe('A replacement without a number', () => {
  const unnumbered = replacement({ state: 'draft', content: { number: null } });

  test('leaves a draft of ours without one', () => {
    const draft = invoice({ state: 'draft', number: null, origin: 'hubspot' });
    expect(onto(draft, unnumbered)).toEqual({ kind: 'unchanged', invoice: draft });
    const later = replacement({ state: 'draft', content: { number: null, dueDate: '2026-12-24' } });
    expect(next(onto(draft, later))).toMatchObject({ number: null, dueDate: '2026-12-24' });
  });

  test('is refused where the invoice has one, and of nothing', () => {
    expect(onto(invoice({ state: 'draft' }), unnumbered)).toEqual({
      kind: 'refused',
      refusal: { code: 'number-missing', detail: 'The invoice has the number INV-1; send it.' },
    });
    expect(refusalCode(onNothing(unnumbered))).toBe('number-missing');
  });
});

describe('The source’s own time', () => {
  const stored = invoice({ sourceUpdatedAt: '2026-11-20T12:00:00Z' });
  const at = (sourceUpdatedAt: string | undefined, number = 'INV-2') =>
    onto(stored, replacement({ sourceUpdatedAt, content: { number } }));

  test.each([
    ['earlier', '2026-11-20T11:59:59Z'],
    ['earlier by a microsecond', '2026-11-20T11:59:59.999999Z'],
    ['earlier, though its text sorts later', '2026-11-20T13:59:00+02:00'],
  ])('%s than the stored one is stale', (_title, told) => {
    expect(refusalCode(at(told))).toBe('stale');
    expect(refusalCode(at(told, 'INV-1'))).toBe('stale');
  });

  test('finer than a millisecond still tells two changes apart', () => {
    const fine = invoice({ sourceUpdatedAt: '2026-11-20T12:00:00.123456Z' });
    const older = replacement({ sourceUpdatedAt: '2026-11-20T12:00:00.123455Z', content: { number: 'X' } });
    expect(refusalCode(onto(fine, older))).toBe('stale');
  });

  test('that is the same moment, or later, is taken', () => {
    expect(next(at('2026-11-20T14:00:00+02:00')).number).toBe('INV-2');
    expect(next(at('2026-11-20T12:00:00.000000001Z')).sourceUpdatedAt).toBe('2026-11-20T12:00:00.000000001Z');
  });

  test('stays where a change doesn’t tell one', () => {
    expect(next(at(undefined)).sourceUpdatedAt).toBe(stored.sourceUpdatedAt);
  });

  test('moves on where nothing else changes', () => {
    const told = '2026-11-21T00:00:00Z';
    expect(at(told, 'INV-1')).toEqual({ kind: 'unchanged', invoice: { ...stored, sourceUpdatedAt: told } });
  });
});

describe('What the accounting system tells of a time before a rep’s last change', () => {
  const voided = invoice({
    state: 'void',
    sourceUpdatedAt: '2026-11-20T09:00:00Z',
    repChangedAt: '2026-11-20T10:00:00.000Z',
  });
  const told = (sourceUpdatedAt: string | undefined, fields: Partial<ReplaceInvoice> = {}) =>
    onto(voided, replacement({ sourceUpdatedAt, ...fields }));

  test('is stale: the rep’s change stays', () => {
    expect(told('2026-11-20T09:30:00Z')).toEqual({
      kind: 'refused',
      refusal: {
        code: 'stale',
        detail: 'A rep changed the invoice in HubSpot at 2026-11-20T10:00:00.000Z, which is newer.',
      },
    });
  });

  test('is stale whatever else stands in its way', () => {
    const paid = { ...voided, payments: [payment('p', 1n)] };
    const draft = replacement({ state: 'draft', sourceUpdatedAt: '2026-11-20T09:30:00Z' });
    expect(refusalCode(onto(paid, draft))).toBe('stale');
  });

  test('is no news where it says what is so', () => {
    expect(told('2026-11-20T09:30:00Z', { state: 'void' })).toMatchObject({
      kind: 'unchanged',
      invoice: { sourceUpdatedAt: '2026-11-20T09:30:00Z' },
    });
  });

  test('doesn’t bring back what the rep has deleted', () => {
    const { sourceUpdatedAt, repChangedAt } = voided;
    const deleted = { invoice: undefined, version: 3, deleted: { sourceUpdatedAt, repChangedAt } };
    const at = (told: string) => decide(deleted, replacement({ sourceUpdatedAt: told }), context);
    expect(refusalCode(at('2026-11-20T09:30:00Z'))).toBe('stale');
    expect(next(at('2026-11-20T10:30:00Z'))).toMatchObject({ version: 4, repChangedAt });
  });

  test.each([
    ['later', '2026-11-20T10:00:00Z'],
    ['without a time', undefined],
  ])('is taken where it was told %s, and the rep’s time is kept', (_title, sourceUpdatedAt) => {
    const { repChangedAt } = voided;
    expect(next(told(sourceUpdatedAt))).toMatchObject({ state: 'open', repChangedAt });
  });
});

describe('A replacement is refused', () => {
  test('where a draft would keep payments', () => {
    const before = invoice({ payments: [payment('p', 1n)] });
    expect(refusalCode(onto(before, replacement({ state: 'draft' })))).toBe('payments-on-draft');
    expect(refusalCode(onto(before, replacement({ state: 'draft', payments: [] })))).toBe('change');
  });

  test('where kept payments would end up in another currency', () => {
    const before = invoice({ payments: [payment('p', 1n)] });
    const inYen = { content: { currency: 'JPY' } };
    expect(refusalCode(onto(before, replacement(inYen)))).toBe('currency-conflict');
    expect(refusalCode(onto(before, replacement({ ...inYen, payments: [] })))).toBe('change');
  });

  test('where its lines come to more than 15 digits before the point, not where the stated total just has them', () => {
    const nines = '9'.repeat(15);
    const lines = [invoiceLine({ quantity: '1', unitPrice: nines })];
    expect(next(onNothing(replacement({ content: { lines } }))).total).toBe(BigInt(`${nines}00`));
    const more = { content: { lines: [...lines, invoiceLine({ quantity: '1', unitPrice: '1' })] } };
    expect(refusalCode(onNothing(replacement(more)))).toBe('amount-too-large');
  });

  test('above 100 kB as stored, counted in bytes', () => {
    const lines = (count: number, description: string) => ({
      content: { lines: Array.from({ length: count }, () => invoiceLine({ description })) },
    });
    expect(refusalCode(onNothing(replacement(lines(90, 'x'.repeat(1000)))))).toBe('change');
    expect(refusalCode(onNothing(replacement(lines(110, 'x'.repeat(1000)))))).toBe('invoice-too-large');
    expect(refusalCode(onNothing(replacement(lines(90, 'é'.repeat(1000)))))).toBe('invoice-too-large');
  });
});
