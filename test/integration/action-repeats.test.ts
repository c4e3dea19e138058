import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { LedgerChange } from '../../functions/invoices/change-transaction.ts';
import { type CommitResult, LedgerStore } from '../../functions/invoices/ledger-store.ts';
import { ActionWorld, DEAL, type HookAnswer, type HookCall } from './action-world.ts';

let world: ActionWorld;
beforeAll(async () => {
  world = await ActionWorld.start();
});
afterAll(() => world.stop());

const FIELDS = {
  dealId: DEAL,
  customer: { name: 'Acme GmbH' },
  currency: 'EUR',
  issueDate: '2026-11-22',
  dueDate: '2026-12-22',
  lines: [{ description: 'Work', quantity: '1', unitPrice: '100.00' }],
};

let sequence = 0;
const fresh = (name: string): string => `${name}-${++sequence}`;

/** Each write a rep can make, on an invoice of its own. */
const writes: { name: string; prepare: () => Promise<HookCall>; status: number }[] = [
  {
    name: 'a new invoice',
    prepare: async () => ({
      target: '/hubspot/invoices',
      json: { ...FIELDS, issue: true, idempotencyKey: fresh('create') },
    }),
    status: 201,
  },
  {
    name: 'an edit',
    prepare: async () => {
      const { invoiceId } = await world.put(fresh('EDIT'), { status: 'draft' });
      return {
        method: 'PATCH',
        target: `/hubspot/invoices/${invoiceId}?version=1`,
        json: { dueDate: '2027-01-31' },
      };
    },
    status: 200,
  },
  {
    name: 'issuing',
    prepare: async () => {
      const { invoiceId } = await world.put(fresh('ISSUE'), { status: 'draft' });
      return { target: `/hubspot/invoices/${invoiceId}/issue?version=1` };
    },
    status: 200,
  },
  {
    name: 'voiding',
    prepare: async () => {
      const { invoiceId } = await world.put(fresh('VOID'));
      return { target: `/hubspot/invoices/${invoiceId}/void?version=1` };
    },
    status: 200,
  },
  {
    name: 'a payment with an id',
    prepare: async () => {
      const { invoiceId } = await world.put(fresh('PAY'));
      return {
        target: `/hubspot/invoices/${invoiceId}/payments`,
        json: { paymentId: fresh('P'), amount: '1190.00', paidAt: '2026-11-22' },
      };
    },
    status: 200,
  },
  {
    name: 'a payment with a key',
    prepare: async () => {
      const { invoiceId } = await world.put(fresh('PAY'));
      return {
        target: `/hubspot/invoices/${invoiceId}/payments`,
        json: { idempotencyKey: fresh('pay'), amount: '100.00', paidAt: '2026-11-22' },
      };
    },
    status: 200,
  },
  {
    name: 'deleting',
    prepare: async () => {
      const { invoiceId } = await world.put(fresh('DELETE'), { status: 'draft' });
      return { method: 'DELETE', target: `/hubspot/invoices/${invoiceId}?version=1` };
    },
    status: 200,
  },
];

/** How often the ledger changed: one event each. */
async function eventsOf(call: HookCall, answer: { body: { invoice?: Record<string, unknown> } }) {
  const [, inPath] = /^\/hubspot\/invoices\/([^/?]+)/.exec(call.target) ?? [];
  return world.events(inPath ?? String(answer.body.invoice?.invoiceId));
}

describe.each(writes)('$name', ({ prepare, status }) => {
  test('clicked twice gets the first answer and has one effect', async () => {
    const call = await prepare();
    const first = await world.call(call);
    expect(first.status).toBe(status);
    const events = await eventsOf(call, first);
    expect(await world.call(call)).toEqual(first);
    expect(await eventsOf(call, first)).toEqual(events);
  });

  test('sent by two at once gets one answer and has one effect', async () => {
    const call = await prepare();
    const [one, two, three] = await Promise.all([world.call(call), world.call(call), world.call(call)]);
    expect(one.status).toBe(status);
    expect(two).toEqual(one);
    expect(three).toEqual(one);
    const withoutTheFirst = (await eventsOf(call, one)).filter(({ origin }) => origin === 'hubspot');
    expect(withoutTheFirst).toHaveLength(1);
  });

  test.each(['current', 'commit'] as const)(
    'overtaken by its twin before %s gets its answer',
    async (method) => {
      const call = await prepare();
      const overtaken = new OvertakenStore({ documents: world.documents, tableName: 'actions' }, method, () =>
        world.call(call),
      );
      const answer = await world.call(call, world.handler(overtaken));
      expect(answer.status).toBe(status);
      expect(await overtaken.twin).toEqual(answer);
      const ours = (await eventsOf(call, answer)).filter(({ origin }) => origin === 'hubspot');
      expect(ours).toHaveLength(1);
    },
  );

  test('whose handler died after the write gets the first answer from a fresh one', async () => {
    const call = await prepare();
    const dying = new DyingStore({ documents: world.documents, tableName: 'actions' });
    const abandoned = world.call(call, world.handler(dying), 100);
    await dying.died;

    const answer = await world.call(call);
    expect(answer.status).toBe(status);
    expect(answer.body.message).not.toMatch(/already|nothing was different/);
    const ours = (await eventsOf(call, answer)).filter(({ origin }) => origin === 'hubspot');
    expect(ours).toHaveLength(1);
    expect(await world.call(call)).toEqual(answer);
    expect((await abandoned).status).toBe(503);
  });

  test('that failed with a 5xx, before the write or after it, is done once when HubSpot sends it again', async () => {
    for (const written of [false, true]) {
      const call = await prepare();
      const failing = new FailingStore({ documents: world.documents, tableName: 'actions' }, written);
      const failed = await world.call(call, world.handler(failing));
      expect(failed).toMatchObject({ status: 500, body: { message: expect.any(String) } });

      const answer = await world.call(call);
      expect(answer.status).toBe(status);
      expect(answer.body.message).not.toMatch(/already|nothing was different/);
      const ours = (await eventsOf(call, answer)).filter(({ origin }) => origin === 'hubspot');
      expect(ours).toHaveLength(1);
    }
  });
});

/** A store that lets somebody else finish before its first call of one method. */
class OvertakenStore extends LedgerStore {
  readonly #method: 'current' | 'commit';
  readonly #overtake: () => Promise<HookAnswer>;
  twin: Promise<HookAnswer> | undefined;

  constructor(
    access: ConstructorParameters<typeof LedgerStore>[0],
    method: 'current' | 'commit',
    overtake: () => Promise<HookAnswer>,
  ) {
    super(access);
    this.#method = method;
    this.#overtake = overtake;
  }

  override async current(...asked: Parameters<LedgerStore['current']>) {
    if (this.#method === 'current') await this.#overtaken();
    return super.current(...asked);
  }

  override async commit(change: LedgerChange): Promise<CommitResult> {
    if (this.#method === 'commit') await this.#overtaken();
    return super.commit(change);
  }

  #overtaken(): Promise<HookAnswer> {
    this.twin ??= this.#overtake();
    return this.twin;
  }
}

/** A store whose process ends right after a commit: nothing comes back from it any more. */
class DyingStore extends LedgerStore {
  #die: () => void = () => {};
  readonly died = new Promise<void>((resolve) => {
    this.#die = resolve;
  });

  override async commit(change: LedgerChange): Promise<CommitResult> {
    const result = await super.commit(change);
    if (result !== 'committed') return result;
    this.#die();
    return new Promise<CommitResult>(() => {});
  }
}

/** A store that loses the connection to DynamoDB, before a commit arrives there or before its answer comes back. */
class FailingStore extends LedgerStore {
  readonly #written: boolean;

  constructor(access: ConstructorParameters<typeof LedgerStore>[0], written: boolean) {
    super(access);
    this.#written = written;
  }

  override async commit(change: LedgerChange): Promise<CommitResult> {
    if (this.#written) await super.commit(change);
    throw new Error('The connection was lost.');
  }
}

describe('A key', () => {
  test('with another request is refused, and the invoice is shown as it is', async () => {
    const { invoiceId } = await world.put(fresh('KEY'));
    const pay = (amount: string) =>
      world.call({
        target: `/hubspot/invoices/${invoiceId}/payments`,
        json: { idempotencyKey: 'one-key', amount, paidAt: '2026-11-22' },
      });
    expect((await pay('100.00')).status).toBe(200);
    expect(await pay('200.00')).toMatchObject({
      status: 409,
      body: { message: expect.stringContaining('already sent'), invoice: { amountPaid: '100.00' } },
    });
    expect((await world.current(invoiceId))?.payments).toHaveLength(1);
  });

  test('is the user’s own and the portal’s own', async () => {
    const call: HookCall = { target: '/hubspot/invoices', json: { ...FIELDS, idempotencyKey: 'shared' } };
    const answers = [
      await world.call(call),
      await world.call({ ...call, user: { userId: '78' } }),
      await world.call({ ...call, user: { portalId: '111' } }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(new Set(answers.map(({ body }) => body.invoice?.invoiceId)).size).toBe(3);
  });

  test('is not used up by a refusal', async () => {
    const json = { ...FIELDS, idempotencyKey: 'mended', dueDate: '2020-01-01' };
    expect((await world.call({ target: '/hubspot/invoices', json })).status).toBe(400);
    const mended = { ...json, dueDate: '2026-12-31' };
    expect((await world.call({ target: '/hubspot/invoices', json: mended })).status).toBe(201);
  });

  test('of a refused action is free once the state allows it', async () => {
    const { invoiceId } = await world.put(fresh('LATER'));
    const call: HookCall = {
      target: `/hubspot/invoices/${invoiceId}/issue`,
      json: { idempotencyKey: 'later' },
    };
    expect((await world.call(call)).status).toBe(409);
    await world.put(invoiceId, { status: 'draft' });
    expect((await world.call(call)).status).toBe(200);
  });

  test('is needed to create, and for a payment without an id', async () => {
    const { invoiceId } = await world.put(fresh('NEEDS'));
    const json = { amount: '1.00', paidAt: '2026-11-22' };
    for (const call of [
      { target: '/hubspot/invoices', json: FIELDS },
      { target: `/hubspot/invoices/${invoiceId}/payments`, json },
    ]) {
      expect(await world.call(call)).toMatchObject({
        status: 400,
        body: { message: expect.stringContaining('idempotencyKey') },
      });
    }
  });
});

test('a payment id counts once, whoever sends it, and with another amount it is refused', async () => {
  const { invoiceId } = await world.put(fresh('ONCE'));
  const pay = (userId: string, amount: string) =>
    world.call({
      target: `/hubspot/invoices/${invoiceId}/payments`,
      json: { paymentId: 'P-9', amount, paidAt: '2026-11-22' },
      user: { userId },
    });
  expect((await pay('77', '1190.00')).status).toBe(200);
  expect(await pay('78', '1190.00')).toMatchObject({
    status: 200,
    body: { message: expect.stringContaining('already recorded') },
  });
  expect((await pay('77', '50.00')).status).toBe(409);
  expect((await world.current(invoiceId))?.payments).toHaveLength(1);
});
