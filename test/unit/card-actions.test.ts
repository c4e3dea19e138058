import { describe, expect, test } from '@jest/globals';
import { actionContext } from '../../functions/card/action-context.ts';
import type { CardAction } from '../../functions/card/card-action.ts';
import { cardLevelActions, rowActions } from '../../functions/card/card-actions.ts';
import { cardDefinition } from '../../functions/card/card-definition.ts';
import { cardResponse } from '../../functions/card/card-response.ts';
import type { DealRow } from '../../functions/invoices/deal-row.ts';
import { asDealId, asInvoiceId, asPortalId } from '../../functions/invoices/identifiers.ts';
import type { InvoiceStatus } from '../../functions/invoices/settlement.ts';
import { verifyTicket } from '../../functions/rep/verify-ticket.ts';

const BASE = 'https://ledgerbridge.example.com/books';
const TICKET_KEY = 'a-ticket-key-of-at-least-32-characters';
const NOW = Date.parse('2026-11-22T10:00:00Z');
const known = <T>(id: T | undefined): T => {
  if (id === undefined) throw new Error('An id of the test is malformed.');
  return id;
};
const portalId = known(asPortalId('987654'));
const dealId = known(asDealId('5001'));

const row = (fields: Partial<DealRow> = {}): DealRow => ({
  invoiceId: known(asInvoiceId('inv-42')),
  number: 'INV-0042',
  status: 'open',
  currency: 'EUR',
  total: 119_000n,
  amountPaid: 0n,
  balance: 119_000n,
  issueDate: '2026-11-01',
  dueDate: '2026-12-01',
  customerName: 'Acme GmbH',
  version: 7,
  ...fields,
});

const context = (policy?: unknown, ticketHours = 8) =>
  actionContext(
    {
      rep: { portalId, userId: '77', email: 'rep@example.com' },
      dealId,
      publicBaseUrl: BASE,
      ticketKey: TICKET_KEY,
      now: NOW,
    },
    { policy, ticketHours },
  );

const POLICIES: Record<string, { policy: unknown; allows: (action: string) => boolean }> = {
  'no policy': { policy: undefined, allows: () => true },
  'everyone named': { policy: { default: { who: 'everyone' } }, allows: () => true },
  'the rep’s domain': { policy: { default: { who: ['@example.com'] } }, allows: () => true },
  nobody: { policy: { default: { who: [] } }, allows: () => false },
  'someone else': { policy: { default: { who: ['boss@example.com'] } }, allows: () => false },
  'a lower amount': { policy: { default: { upTo: { EUR: '1189.99' } } }, allows: (a) => a === 'create' },
  'this very amount': { policy: { default: { upTo: { EUR: '1190.00' } } }, allows: () => true },
  'another currency': { policy: { default: { upTo: { USD: '9999.00' } } }, allows: (a) => a === 'create' },
  'all but voiding': { policy: { void: { who: [] } }, allows: (a) => a !== 'void' },
  'only issuing': {
    policy: { default: { who: [] }, issue: { who: 'everyone' } },
    allows: (a) => a === 'issue',
  },
  unreadable: { policy: { everybody: true }, allows: () => false },
};

/** What each state offers where everything is allowed, in order. */
const OFFERED: Record<InvoiceStatus, [action: string, label: string, type: CardAction['type']][]> = {
  draft: [
    ['pdf', 'View PDF', 'IFRAME'],
    ['edit', 'Edit', 'IFRAME'],
    ['issue', 'Issue', 'ACTION_HOOK'],
    ['delete', 'Delete INV-0042', 'CONFIRMATION_ACTION_HOOK'],
  ],
  open: [
    ['pdf', 'View PDF', 'IFRAME'],
    ['payment', 'Record payment', 'IFRAME'],
    ['void', 'Void INV-0042', 'CONFIRMATION_ACTION_HOOK'],
  ],
  partially_paid: [
    ['pdf', 'View PDF', 'IFRAME'],
    ['payment', 'Record payment', 'IFRAME'],
    ['void', 'Void INV-0042', 'CONFIRMATION_ACTION_HOOK'],
  ],
  paid: [['pdf', 'View PDF', 'IFRAME']],
  void: [['pdf', 'View PDF', 'IFRAME']],
};

/** The labels of the card's confirmed actions. */
const confirmedLabels = (rows: readonly DealRow[]): string[] =>
  cardResponse(portalId, rows, '2026-11-22', context())
    .results.flatMap(({ actions = [] }) => actions)
    .flatMap((action) => (action.type === 'CONFIRMATION_ACTION_HOOK' ? [action.label] : []));

const cases = (Object.keys(OFFERED) as InvoiceStatus[]).flatMap((status) =>
  Object.entries(POLICIES).flatMap(([name, { policy, allows }]) =>
    // Past its due date an open invoice is overdue, which offers the same.
    ['2026-12-01', '2026-11-21'].map((dueDate) => ({ status, name, policy, allows, dueDate })),
  ),
);

describe('An invoice', () => {
  test.each(cases)('that is $status (due $dueDate) offers, with $name, what it must and no more', (one) => {
    const { status, policy, allows, dueDate } = one;
    const actions = rowActions(row({ status, dueDate }), 'INV-0042', context(policy));
    const expected = OFFERED[status].filter(([action]) => action === 'pdf' || allows(action));
    expect(actions.map(({ label, type }) => [label, type])).toEqual(
      expected.map(([, label, type]) => [label, type]),
    );
    for (const action of actions) {
      expect(BASE_URLS.some((base) => action.uri.startsWith(base))).toBe(true);
      expect(new URL(action.uri).searchParams.get('version')).toBe('7');
      expect(action.associatedObjectProperties).toEqual([]);
    }
  });

  test('is named by its confirmed actions: equal labels would be mixed up', () => {
    const other = row({ invoiceId: known(asInvoiceId('inv-43')), number: 'INV-0043' });
    expect(confirmedLabels([row(), other])).toEqual(['Void INV-0042', 'Void INV-0043']);
  });

  test('that shares its number with another is named with its id too, on the card and in its menu', () => {
    const twin = row({ invoiceId: known(asInvoiceId('inv-43')) });
    const single = row({ invoiceId: known(asInvoiceId('inv-44')), number: 'INV-0044' });
    const { results } = cardResponse(portalId, [row(), single, twin], '2026-11-22', context());
    const titles = ['INV-0042 (inv-42)', 'INV-0044', 'INV-0042 (inv-43)'];
    expect(results.map(({ title }) => title)).toEqual(titles);
    expect(confirmedLabels([row(), single, twin])).toEqual(titles.map((title) => `Void ${title}`));
  });

  test('without a number is named by the end of its id, on the card and in its menu', () => {
    const draft = row({
      status: 'draft',
      number: null,
      invoiceId: known(asInvoiceId('hs-00aa11bb22cc33dd44ee')),
    });
    const { results } = cardResponse(portalId, [draft], '2026-11-22', context());
    expect(results[0]?.title).toBe('Draft dd44ee');
    expect(results[0]?.actions?.map(({ label }) => label)).toContain('Delete Draft dd44ee');
  });

  test('is voided and deleted by requests that say which version was seen, and on which deal', () => {
    const [, , voiding] = rowActions(row(), 'INV-0042', context());
    expect(voiding).toEqual({
      type: 'CONFIRMATION_ACTION_HOOK',
      httpMethod: 'POST',
      uri: `${BASE}/hubspot/invoices/inv-42/void?version=7&dealId=5001`,
      label: 'Void INV-0042',
      confirmationMessage:
        'Void INV-0042? Acme GmbH will no longer owe 1,190.00 EUR. A void invoice stays in the books and can’t be reopened.',
      confirmButtonText: 'Void INV-0042',
      cancelButtonText: 'Keep it',
      associatedObjectProperties: [],
    });
    const deleting = rowActions(row({ status: 'draft' }), 'INV-0042', context()).at(-1);
    expect(deleting).toMatchObject({
      httpMethod: 'DELETE',
      uri: `${BASE}/hubspot/invoices/inv-42?version=7&dealId=5001`,
    });
  });
});

const BASE_URLS = cardDefinition(BASE).actions.baseUrls;

describe('A card', () => {
  test.each([
    { what: 'a deal with invoices', rows: [row()], secondary: ['View invoice PDF', 'All invoices'] },
    { what: 'a deal without invoices', rows: [], secondary: ['All invoices'] },
  ])('of $what offers its own actions, as frames under the declared URLs', ({ rows, secondary }) => {
    const card = cardResponse(portalId, rows, '2026-11-22', context());
    expect(card.primaryAction?.label).toBe('Create invoice');
    expect(card.secondaryActions?.map(({ label }) => label)).toEqual(secondary);
    expect(card.settingsAction?.label).toBe('Connection health');
    for (const action of [card.primaryAction, card.settingsAction, ...(card.secondaryActions ?? [])]) {
      expect(action).toMatchObject({
        type: 'IFRAME',
        width: expect.any(Number),
        height: expect.any(Number),
        associatedObjectProperties: [],
      });
      expect(BASE_URLS.some((base) => action?.uri.startsWith(base))).toBe(true);
    }
  });

  test('offers to create an invoice only where the policy may let it through', () => {
    for (const { policy, allows } of Object.values(POLICIES)) {
      expect(cardLevelActions(undefined, context(policy)).primaryAction !== undefined).toBe(allows('create'));
    }
  });

  test('opens the PDF of its first row in the version that it shows', () => {
    const [pdf] = cardLevelActions(row({ version: 9 }), context()).secondaryActions;
    expect(pdf?.uri).toMatch(`${BASE}/pages/invoices/inv-42/pdf?version=9&ticket=`);
  });

  test('shows invoices and offers nothing where nobody is known to offer it to', () => {
    const card = cardResponse(portalId, [row()], '2026-11-22');
    expect(Object.keys(card)).toEqual(['results']);
    expect(card.results[0]).not.toHaveProperty('actions');
  });
});

describe('The ticket of an action', () => {
  const ticketOf = async (action: CardAction | undefined, now = NOW) =>
    verifyTicket([TICKET_KEY], new URL(action?.uri ?? '').searchParams.get('ticket') ?? '', now);

  test('admits this user to this page of this invoice, and to no other', async () => {
    const [pdf, edit] = rowActions(row({ status: 'draft' }), 'INV-0042', context());
    const rep = { portalId, userId: '77', email: 'rep@example.com' };
    expect(await ticketOf(pdf)).toMatchObject({
      ok: true,
      ticket: { rep, subject: { page: 'pdf', dealId: '5001', invoiceId: 'inv-42' } },
    });
    expect(await ticketOf(edit)).toMatchObject({ ok: true, ticket: { subject: { page: 'edit' } } });
    expect(await ticketOf(cardLevelActions(undefined, context()).primaryAction)).toMatchObject({
      ok: true,
      ticket: { rep, subject: { page: 'new', dealId: '5001' } },
    });
  });

  test('is good for as long as the portal’s settings say', async () => {
    const [pdf] = rowActions(row(), 'INV-0042', context(undefined, 2));
    const twoHours = NOW + 2 * 3_600_000;
    expect(await ticketOf(pdf, twoHours - 1000)).toMatchObject({ ok: true, ticket: { expiresAt: twoHours } });
    expect(await ticketOf(pdf, twoHours + 1000)).toEqual({ ok: false, reason: 'expired' });
  });
});
