import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type CommitResult, LedgerStore } from '../../functions/invoices/ledger-store.ts';
import { DEFAULT_SETTINGS } from '../../functions/invoices/portal-settings.ts';
import { ActionWorld, DEAL, type HookCall } from './action-world.ts';

let world: ActionWorld;
beforeAll(async () => {
  world = await ActionWorld.start();
});
afterEach(() => {
  world.settings = DEFAULT_SETTINGS;
});
afterAll(() => world.stop());

const PAYMENT = { paymentId: 'P-1', amount: '10.00', paidAt: '2026-11-22' };

/** Every way to act on one invoice. */
const ACTIONS: Record<string, (id: string) => HookCall> = {
  edit: (id) => ({
    method: 'PATCH',
    target: `/hubspot/invoices/${id}`,
    json: { dueDate: '2027-01-31' },
  }),
  issue: (id) => ({ target: `/hubspot/invoices/${id}/issue` }),
  void: (id) => ({ target: `/hubspot/invoices/${id}/void` }),
  delete: (id) => ({ method: 'DELETE', target: `/hubspot/invoices/${id}` }),
  payment: (id) => ({ target: `/hubspot/invoices/${id}/payments`, json: PAYMENT }),
};

/** What each state takes; everything else it refuses. */
const STATES: Record<string, { fields: Record<string, unknown>; takes: string[]; words: string }> = {
  draft: { fields: { status: 'draft' }, takes: ['edit', 'issue', 'delete'], words: 'a draft' },
  open: { fields: {}, takes: ['void', 'payment'], words: 'open' },
  overdue: { fields: { dueDate: '2026-11-21' }, takes: ['void', 'payment'], words: 'overdue' },
  'partially paid': {
    fields: { payments: [{ paymentId: 'before', amount: '1.00', paidAt: '2026-11-02' }] },
    takes: ['void', 'payment'],
    words: 'partially paid',
  },
  paid: { fields: { status: 'paid' }, takes: [], words: 'paid' },
  void: { fields: { status: 'void' }, takes: [], words: 'void' },
};

const cases = Object.entries(STATES).flatMap(([state, { fields, takes, words }]) =>
  Object.entries(ACTIONS).map(([action, call]) => ({
    state,
    fields,
    words,
    action,
    call,
    isTaken: takes.includes(action),
  })),
);

test('a payment on an invoice with 500 of them is refused for their number, not for the invoice’s size', async () => {
  const payments = Array.from({ length: 500 }, (_, i) => ({
    ...PAYMENT,
    paymentId: `p${i}`,
    amount: '0.01',
  }));
  await world.put('FULL-1', { payments });
  expect(await world.call({ target: '/hubspot/invoices/FULL-1/payments', json: PAYMENT })).toMatchObject({
    status: 409,
    body: {
      message: 'FULL-1 has 500 payments already, and an invoice takes no more.',
      invoice: { amountPaid: '5.00' },
    },
  });
});

test('who meets others on the deal for too long is told within HubSpot’s five seconds that nothing was changed', async () => {
  class BusyStore extends LedgerStore {
    override async commit(): Promise<CommitResult> {
      world.now += 300;
      return 'busy';
    }
  }
  const before = await world.put('BUSY-1', { status: 'draft' });
  const issue: HookCall = { target: '/hubspot/invoices/BUSY-1/issue?version=1' };
  const begun = world.now;
  const busy = world.handler(new BusyStore({ documents: world.documents, tableName: world.tableName }));
  expect(await world.call(issue, busy)).toEqual({
    status: 503,
    body: {
      message:
        'Nothing was changed: others were saving invoices at the same moment. Try again in a few seconds.',
    },
  });
  expect(world.now - begun).toBeLessThan(4_000);
  expect(await world.current('BUSY-1')).toEqual(before);
  expect(await world.call(issue)).toMatchObject({ status: 200, body: { invoice: { status: 'open' } } });
});

describe('By its state', () => {
  test.each(cases)('an invoice that is $state answers $action as it must', async (one) => {
    const id = `S-${one.state.replace(' ', '-')}-${one.action}`;
    const before = await world.put(id, one.fields);
    const answer = await world.call(one.call(id));
    if (one.isTaken) {
      expect(answer.status).toBe(200);
      return;
    }
    expect(answer).toMatchObject({
      status: 409,
      body: { message: expect.stringContaining(`${id} is ${one.words}: `), invoice: { version: 1 } },
    });
    expect(await world.current(id)).toEqual(before);
    expect(await world.events(id)).toHaveLength(1);
  });
});

describe.each(Object.entries(ACTIONS))('%s', (action, call) => {
  const fields = STATES.draft?.takes.includes(action) ? { status: 'draft' } : {};

  test('of an older version gets 409 and the newer invoice', async () => {
    const id = `V-${action}`;
    await world.put(id, fields);
    const newer = await world.put(id, { ...fields, dueDate: '2026-12-24' });
    const asked = call(id);
    const answer = await world.call({ ...asked, target: `${asked.target}?version=1` });
    expect(answer).toMatchObject({
      status: 409,
      body: {
        message: `${id} was changed since you opened it. Look at it again, then repeat what you meant to do.`,
        invoice: { version: 2, dueDate: '2026-12-24' },
      },
    });
    expect(await world.current(id)).toEqual(newer);
  });

  test('on an invoice of another portal, of another deal or of none is 404 and changes nothing', async () => {
    const id = `E-${action}`;
    const before = await world.put(id, fields);
    const strangers: HookCall[] = [
      { ...call(id), user: { portalId: '111' } },
      { ...call(id), user: { associatedObjectId: '999' } },
      { ...call(id), target: `${call(id).target}?dealId=999` },
      call(`${id}-which-is-not-there`),
    ];
    for (const stranger of strangers) {
      const answer = await world.call(stranger);
      expect(answer.status).toBe(404);
      expect(Object.keys(answer.body)).toEqual(['message']);
    }
    await world.put(`${id}-unlinked`, { ...fields, dealId: null });
    const unlinked = await world.call({ ...call(`${id}-unlinked`), user: { associatedObjectId: DEAL } });
    expect(unlinked.status).toBe(404);
    expect(await world.current(id)).toEqual(before);
  });

  test('that the policy refuses is 403 and changes nothing', async () => {
    const id = `P-${action}`;
    const before = await world.put(id, fields);
    for (const rule of [{ who: [] }, { who: ['@other.example'] }, { upTo: { EUR: '1189.99' } }]) {
      world.settings = { ...DEFAULT_SETTINGS, policy: { [action]: rule } };
      const answer = await world.call(call(id));
      expect(answer).toMatchObject({
        status: 403,
        body: { message: expect.stringMatching(/^You are not allowed to /), invoice: { version: 1 } },
      });
      expect(await world.current(id)).toEqual(before);
    }
    world.settings = {
      ...DEFAULT_SETTINGS,
      policy: { default: { who: [] }, [action]: { who: ['@EXAMPLE.com'], upTo: { EUR: '1190.00' } } },
    };
    expect((await world.call(call(id))).status).toBe(200);
  });
});

describe('The policy', () => {
  const fields = {
    dealId: DEAL,
    customer: { name: 'Acme GmbH' },
    currency: 'EUR',
    issueDate: '2026-11-22',
    dueDate: '2026-12-22',
    lines: [{ description: 'Work', quantity: '1', unitPrice: '500.00' }],
  };

  test('holds a new invoice to its amount, and issuing it at once to the rule for issuing', async () => {
    world.settings = {
      ...DEFAULT_SETTINGS,
      policy: { create: { upTo: { EUR: '500.00' } }, issue: { who: ['boss@example.com'] } },
    };
    const ask = (idempotencyKey: string, more: Record<string, unknown>) =>
      world.call({ target: '/hubspot/invoices', json: { ...fields, idempotencyKey, ...more } });
    const lines = [{ description: 'Work', quantity: '1', unitPrice: '500.01' }];
    expect(await ask('too-much', { lines })).toMatchObject({
      status: 403,
      body: { message: expect.stringContaining('create invoices of 500.01 EUR') },
    });
    expect((await ask('other-currency', { currency: 'USD' })).status).toBe(403);
    expect((await ask('issued', { issue: true })).status).toBe(403);
    expect((await ask('just-right', {})).status).toBe(201);
  });

  test('holds an edit to the amount before and after it', async () => {
    world.settings = { ...DEFAULT_SETTINGS, policy: { edit: { upTo: { EUR: '1190.00' } } } };
    await world.put('LIMIT-1', { status: 'draft' });
    const raise = await world.call({
      method: 'PATCH',
      target: '/hubspot/invoices/LIMIT-1',
      json: { lines: [{ description: 'More', quantity: '1', unitPrice: '1190.01' }] },
    });
    expect(raise.status).toBe(403);
    await world.put('LIMIT-2', {
      status: 'draft',
      lines: [{ description: 'More', quantity: '1', unitPrice: '9000.00' }],
    });
    const lower = await world.call({
      method: 'PATCH',
      target: '/hubspot/invoices/LIMIT-2',
      json: { lines: [{ description: 'Less', quantity: '1', unitPrice: '1.00' }] },
    });
    expect(lower.status).toBe(403);
  });

  test('that can’t be read allows nobody anything', async () => {
    await world.put('BROKEN-1');
    world.settings = { ...DEFAULT_SETTINGS, policy: { void: { whom: 'everyone' } } };
    expect((await world.call({ target: '/hubspot/invoices/BROKEN-1/void' })).status).toBe(403);
  });
});

describe('What is wrong in a request', () => {
  test('is named field by field, with 400', async () => {
    await world.put('BAD-1', { status: 'draft' });
    const answer = await world.call({
      method: 'PATCH',
      target: '/hubspot/invoices/BAD-1',
      json: { dueDate: '2026-02-30', lines: [{ description: '', quantity: 'x', unitPrice: '-1' }] },
    });
    expect(answer.status).toBe(400);
    expect(answer.body.errors?.map(({ field }) => field)).toEqual([
      'dueDate',
      'lines[0].description',
      'lines[0].quantity',
      'lines[0].unitPrice',
    ]);
    expect(answer.body.message).toContain('dueDate is "2026-02-30"');
  });

  test.each(['number', 'total', 'status', 'payments'])('%s is not a rep’s to say', async (field) => {
    await world.put(`SAYS-${field}`, { status: 'draft' });
    const answer = await world.call({
      method: 'PATCH',
      target: `/hubspot/invoices/SAYS-${field}`,
      json: { [field]: 'X-1' },
    });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field }] } });
  });

  test('such as a payment with the wrong sign, or none of the currency’s amounts, is refused', async () => {
    await world.put('SIGN-1');
    for (const amount of ['-5.00', '0', '1.005', 'ten']) {
      const answer = await world.call({
        target: '/hubspot/invoices/SIGN-1/payments',
        json: { ...PAYMENT, amount },
      });
      expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: 'amount' }] } });
    }
    expect((await world.current('SIGN-1'))?.payments).toEqual([]);
  });
});
