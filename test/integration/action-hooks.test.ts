import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DEFAULT_SETTINGS } from '../../functions/invoices/portal-settings.ts';
import { ActionWorld, DEAL } from './action-world.ts';

let world: ActionWorld;
beforeAll(async () => {
  world = await ActionWorld.start();
});
afterAll(() => world.stop());

const FIELDS = {
  customer: { name: 'Brightwater Hotels' },
  currency: 'EUR',
  issueDate: '2026-11-22',
  dueDate: '2026-12-22',
  lines: [{ description: 'Rooms', quantity: '10', unitPrice: '100.00', taxRate: '0.19' }],
};

const create = (fields: Record<string, unknown> = {}) =>
  world.call({ target: '/hubspot/invoices', json: { ...FIELDS, dealId: DEAL, ...fields } });

describe('A rep', () => {
  test('creates a draft without a number, edits it in part, issues it and pays half of it', async () => {
    const created = await create({ idempotencyKey: 'life-1' });
    expect(created).toMatchObject({
      status: 201,
      body: { invoice: { number: null, status: 'draft', total: '1190.00', dealId: DEAL, origin: 'hubspot' } },
    });
    const id = String(created.body.invoice?.invoiceId);
    expect(id).toMatch(/^hs-[0-9a-z]{20}$/);
    expect(created.body.message).toBe(`Draft ${id.slice(-6)} is saved: 1,190.00 EUR for Brightwater Hotels.`);

    const edited = await world.call({
      method: 'PATCH',
      target: `/hubspot/invoices/${id}`,
      json: { version: 1, lines: [{ description: 'Rooms', quantity: '20', unitPrice: '100.00' }] },
    });
    expect(edited).toMatchObject({
      status: 200,
      body: { invoice: { total: '2000.00', customer: { name: 'Brightwater Hotels' }, version: 2 } },
    });

    const issued = await world.call({ target: `/hubspot/invoices/${id}/issue?version=2` });
    expect(issued).toMatchObject({
      status: 200,
      body: {
        message: 'HS-2026-0001 is issued. Brightwater Hotels owes 2,000.00 EUR, due on 2026-12-22.',
        invoice: { number: 'HS-2026-0001', status: 'open' },
      },
    });

    const paid = await world.call({
      target: `/hubspot/invoices/${id}/payments`,
      json: { paymentId: 'P-1', amount: '1000.00', paidAt: '2026-11-22' },
    });
    expect(paid).toMatchObject({
      status: 200,
      body: {
        message: '1,000.00 EUR recorded on HS-2026-0001. 1,000.00 EUR is still owed.',
        invoice: { status: 'partially_paid', balance: '1000.00' },
      },
    });
    const events = await world.events(id);
    expect(events.map(({ type, origin, actor }) => [type, origin, actor])).toEqual(
      ['created', 'updated', 'issued', 'payment_recorded'].map((type) => [
        `invoice.${type}`,
        'hubspot',
        { kind: 'user', userId: '77', email: 'rep@example.com' },
      ]),
    );
  });

  test('saves and issues in one stroke, with one event', async () => {
    const created = await create({ idempotencyKey: 'stroke-1', issue: true });
    expect(created.body).toMatchObject({
      message: expect.stringMatching(/^HS-2026-\d{4} is issued\./),
      invoice: { status: 'open', version: 1 },
    });
    expect(await world.events(String(created.body.invoice?.invoiceId))).toHaveLength(1);
  });

  test('voids an invoice and reads what is no longer owed', async () => {
    await world.put('INV-0042');
    const voided = await world.call({ target: '/hubspot/invoices/INV-0042/void?version=1' });
    expect(voided).toMatchObject({
      status: 200,
      body: {
        message: 'INV-0042 is void. The customer no longer owes 1,190.00 EUR.',
        invoice: { status: 'void', balance: '0.00' },
      },
    });
  });

  test('deletes a draft, and gets an answer with a message and no invoice', async () => {
    await world.put('D-1', { status: 'draft' });
    const deleted = await world.call({ method: 'DELETE', target: '/hubspot/invoices/D-1?version=1' });
    expect(deleted).toEqual({ status: 200, body: { message: 'D-1 is deleted.' } });
    expect(await world.current('D-1')).toBeUndefined();
  });

  test('pays an invoice in full, and one too much by mistake', async () => {
    await world.put('PAY-1');
    const full = await world.call({
      target: '/hubspot/invoices/PAY-1/payments',
      json: { idempotencyKey: 'full', amount: '1190.00', paidAt: '2026-11-22' },
    });
    expect(full.body.message).toBe('1,190.00 EUR recorded on PAY-1. It is paid in full.');
    await world.put('PAY-2');
    const more = await world.call({
      target: '/hubspot/invoices/PAY-2/payments',
      json: { idempotencyKey: 'more', amount: '1200.00', paidAt: '2026-11-22' },
    });
    expect(more.body.message).toBe('1,200.00 EUR recorded on PAY-2. It is paid, with 10.00 EUR too much.');
  });

  test('who saves what is there already is told so, and makes no event', async () => {
    await world.put('SAME-1', { status: 'draft' });
    const answer = await world.call({
      method: 'PATCH',
      target: '/hubspot/invoices/SAME-1',
      json: { version: 1, dueDate: '2026-12-01' },
    });
    expect(answer).toMatchObject({
      status: 200,
      body: { message: 'SAME-1 stays as it was: nothing was different.' },
    });
    expect(await world.events('SAME-1')).toHaveLength(1);
  });

  test.each([
    ['lines that come to something else', {}],
    ['no lines at all', { lines: [] }],
  ])('changes a date of a draft with a stated total and %s, and the total stays', async (_what, fields) => {
    const id = `STATED-${Object.keys(fields).length}`;
    await world.put(id, { status: 'draft', total: '1190.01', ...fields });
    const limit = { upTo: { EUR: '1190.00' } };
    world.settings = { ...DEFAULT_SETTINGS, policy: { edit: limit } };
    const edit = {
      method: 'PATCH',
      target: `/hubspot/invoices/${id}`,
      json: { dueDate: '2026-12-31' },
    } as const;
    expect(await world.call(edit)).toMatchObject({ status: 403 });
    world.settings = DEFAULT_SETTINGS;
    expect(await world.call(edit)).toMatchObject({
      status: 200,
      body: { invoice: { dueDate: '2026-12-31', total: '1190.01' } },
    });
  });

  test('takes away a link by sending null, but nothing that an invoice must have', async () => {
    const links = { link: 'https://books.example/1', pdfUrl: 'https://books.example/1.pdf' };
    await world.put('LINK-1', { status: 'draft', ...links });
    const edit = (json: object) => world.call({ method: 'PATCH', target: '/hubspot/invoices/LINK-1', json });
    for (const field of ['customer', 'currency', 'issueDate', 'dueDate', 'lines']) {
      expect(await edit({ [field]: null })).toMatchObject({ status: 400, body: { errors: [{ field }] } });
    }
    const { body } = await edit({ link: null });
    expect([body.invoice?.link, body.invoice?.pdfUrl]).toEqual([undefined, links.pdfUrl]);
  });

  test('finds an invoice under the accounting system’s id as under ours', async () => {
    const created = await create({ idempotencyKey: 'alias-1', issue: true });
    const id = String(created.body.invoice?.invoiceId);
    const current = await world.current(id);
    if (!current) throw new Error('The invoice was not created.');
    await world.run(current.invoiceId, {
      type: 'give-external-id',
      externalId: 'ACC-77' as typeof current.invoiceId,
      merge: false,
    });
    const voided = await world.call({ target: '/hubspot/invoices/ACC-77/void' });
    expect(voided).toMatchObject({ status: 200, body: { invoice: { invoiceId: id, externalId: 'ACC-77' } } });
  });
});

describe('Numbers', () => {
  test('are taken by invoices issued at the same moment without a double and without a gap', async () => {
    const before = await world.store.numberCounter(world.portalId, '2026');
    const drafts = await Promise.all(
      Array.from({ length: 12 }, (_, i) => create({ idempotencyKey: `number-${i}` })),
    );
    const issued = await Promise.all(
      drafts.map(({ body }) =>
        world.call({ target: `/hubspot/invoices/${body.invoice?.invoiceId}/issue?version=1` }),
      ),
    );
    const numbers = issued.map(({ body }) => String(body.invoice?.number)).sort();
    const expected = Array.from(
      { length: 12 },
      (_, i) => `HS-2026-${String(before.last + 1 + i).padStart(4, '0')}`,
    );
    expect(numbers).toEqual(expected);
  });

  test('are not used up by what is refused', async () => {
    await world.put('NO-NUMBER');
    const before = await world.store.numberCounter(world.portalId, '2026');
    expect((await world.call({ target: '/hubspot/invoices/NO-NUMBER/issue' })).status).toBe(409);
    expect(await world.store.numberCounter(world.portalId, '2026')).toEqual(before);
  });
});
