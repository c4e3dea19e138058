import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DEFAULT_SETTINGS } from '../../functions/invoices/portal-settings.ts';
import { ActionWorld, DEAL, type HookAnswer } from './action-world.ts';

let world: ActionWorld;
beforeAll(async () => {
  world = await ActionWorld.start();
  await world.put('OVERDUE', { dueDate: '2026-11-21' });
  await world.put('OPEN', {});
  await world.put('PARTLY', {
    dueDate: '2026-12-02',
    payments: [{ paymentId: 'p', amount: '190.00', paidAt: '2026-11-02' }],
  });
  await world.put('PARTLY-OVERDUE', {
    dueDate: '2026-11-20',
    payments: [{ paymentId: 'p', amount: '190.00', paidAt: '2026-11-02' }],
  });
  await world.put('DRAFT', { status: 'draft' });
  await world.put('PAID', { status: 'paid' });
  await world.put('VOID', { status: 'void' });
  await world.put('DOLLARS', { currency: 'USD', dueDate: '2026-12-03' });
  await world.put('ELSEWHERE', { dealId: '999' });
});
afterAll(() => world.stop());

const ORDER = ['PARTLY-OVERDUE', 'OVERDUE', 'OPEN', 'PARTLY', 'DOLLARS', 'DRAFT', 'PAID', 'VOID'];

const list = (query = '', user = {}) =>
  world.call({ method: 'GET', target: `/hubspot/deals/${DEAL}/invoices${query}`, user });
const invoicesOf = ({ body }: HookAnswer) => body.invoices as Record<string, unknown>[];
const ids = (answer: HookAnswer) => invoicesOf(answer).map(({ invoiceId }) => invoiceId);

describe('The full card view', () => {
  test('has the deal’s totals by currency, and its invoices in the card’s order with their actions', async () => {
    const answer = await list();
    expect(answer.status).toBe(200);
    expect(ids(answer)).toEqual(ORDER);
    expect(answer.body.summary).toEqual({
      invoiceCount: 8,
      draftCount: 1,
      voidCount: 1,
      currencies: [
        { currency: 'EUR', total: '5950.00', amountPaid: '1570.00', balance: '4380.00' },
        { currency: 'USD', total: '1190.00', amountPaid: '0.00', balance: '1190.00' },
      ],
    });
    expect(invoicesOf(answer)[0]).toMatchObject({
      title: 'PARTLY-OVERDUE',
      status: 'overdue',
      balance: '1000.00',
      version: 1,
      actions: [{ label: 'View PDF' }, { label: 'Record payment' }, { label: 'Void PARTLY-OVERDUE' }],
    });
    expect(answer.body).toMatchObject({
      primaryAction: { label: 'Create invoice' },
      secondaryActions: [{ label: 'View invoice PDF' }, { label: 'All invoices' }],
      settingsAction: { label: 'Connection health' },
    });
    expect(answer.body).not.toHaveProperty('nextCursor');
  });

  test('names invoices that share a number with their ids, so that their actions can be told apart', async () => {
    await world.put('TWIN-1', { number: 'INV-7', dealId: '778' });
    await world.put('TWIN-2', { number: 'INV-7', dealId: '778' });
    const target = '/hubspot/deals/778/invoices';
    const answer = await world.call({ method: 'GET', target });
    const invoices = invoicesOf(answer) as { title: string; actions: { label: string }[] }[];
    expect(invoices.map(({ title, actions }) => [title, actions.at(-1)?.label])).toEqual([
      ['INV-7 (TWIN-1)', 'Void INV-7 (TWIN-1)'],
      ['INV-7 (TWIN-2)', 'Void INV-7 (TWIN-2)'],
    ]);
  });

  test('comes in pages that together have every invoice once', async () => {
    const seen: unknown[] = [];
    let cursor = '';
    do {
      const answer = await list(`?limit=3${cursor}`);
      expect(invoicesOf(answer).length).toBeLessThanOrEqual(3);
      seen.push(...ids(answer));
      cursor = answer.body.nextCursor === undefined ? '' : `&cursor=${answer.body.nextCursor}`;
    } while (cursor !== '');
    expect(seen).toEqual(ORDER);
  });

  test.each([
    ['overdue', ['PARTLY-OVERDUE', 'OVERDUE']],
    ['open', ['OPEN', 'DOLLARS']],
    ['partially_paid', ['PARTLY']],
    ['draft', ['DRAFT']],
    ['paid', ['PAID']],
    ['void', ['VOID']],
  ])('of status %s has those alone, page by page too', async (status, expected) => {
    expect(ids(await list(`?status=${status}`))).toEqual(expected);
    const first = await list(`?status=${status}&limit=1`);
    expect(ids(first)).toEqual(expected.slice(0, 1));
    if (expected.length === 1) expect(first.body).not.toHaveProperty('nextCursor');
    else
      expect(ids(await list(`?status=${status}&limit=1&cursor=${first.body.nextCursor}`))).toEqual([
        expected[1],
      ]);
  });

  test('of a deal without invoices, or of another portal, is empty and offers to create one', async () => {
    const empty = { summary: { invoiceCount: 0, currencies: [] }, invoices: [], primaryAction: {} };
    expect((await list('', { portalId: '111' })).body).toMatchObject(empty);
    const other = await world.call({ method: 'GET', target: '/hubspot/deals/777/invoices' });
    expect(other.body).toMatchObject(empty);
  });

  test('offers what the policy allows this user', async () => {
    world.settings = { ...DEFAULT_SETTINGS, policy: { default: { who: ['boss@example.com'] } } };
    const labels = (answer: HookAnswer) =>
      invoicesOf(answer).flatMap(({ actions }) => (actions as { label: string }[]).map(({ label }) => label));
    expect(new Set(labels(await list()))).toEqual(new Set(['View PDF']));
    expect(labels(await list('', { userEmail: 'boss@example.com' }))).toContain('Void OPEN');
    world.settings = DEFAULT_SETTINGS;
  });

  test.each([
    ['?limit=0', 'limit'],
    ['?limit=101', 'limit'],
    ['?status=late', 'status'],
    ['?cursor=abc', 'cursor'],
  ])('says what is wrong with %s', async (query, name) => {
    expect(await list(query)).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining(name) },
    });
  });

  test('is of the deal on view: another one’s is not found', async () => {
    expect((await list('', { associatedObjectId: '999' })).status).toBe(404);
  });
});
