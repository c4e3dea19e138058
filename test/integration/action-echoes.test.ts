import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Invoice } from '../../functions/invoices/invoice.ts';
import { invoiceJson } from '../../functions/invoices/invoice-json.ts';
import { readAccountingInvoice } from '../../functions/invoices/read-invoice-input.ts';
import { ActionWorld, DEAL } from './action-world.ts';

let world: ActionWorld;
beforeAll(async () => {
  world = await ActionWorld.start();
});
afterAll(() => world.stop());

const FIELDS = {
  customer: { name: 'Brightwater Hotels', address: ['Uferstraße 12'] },
  currency: 'EUR',
  issueDate: '2026-11-22',
  dueDate: '2026-12-22',
  lines: [{ description: 'Rooms', quantity: '10', unitPrice: '100.00', discount: '5.00', taxRate: '0.19' }],
};

/** What an accounting system sends once it has taken over the invoice of an event, with its own time of doing so. */
function echoOf(after: Invoice, sourceUpdatedAt: string) {
  const shown = JSON.parse(JSON.stringify(invoiceJson(after, '2026-11-22')));
  const { number, dealId, customer, currency, issueDate, dueDate, lines, payments } = shown;
  const status = shown.status === 'partially_paid' ? 'open' : shown.status;
  const content = { number, dealId, customer, currency, issueDate, dueDate, lines, payments, status };
  const reading = readAccountingInvoice({ ...content, total: shown.total, sourceUpdatedAt });
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  return reading.value;
}

const ACTIONS = ['created', 'edited', 'issued', 'paid in part', 'paid in full', 'voided'] as const;

/** An invoice that a rep has brought so far. */
async function broughtTo(action: (typeof ACTIONS)[number]): Promise<string> {
  const create = await world.call({
    target: '/hubspot/invoices',
    json: { ...FIELDS, dealId: DEAL, idempotencyKey: randomUUID() },
  });
  const id = String(create.body.invoice?.invoiceId);
  const target = `/hubspot/invoices/${id}`;
  const pay = (paymentId: string, amount: string) =>
    world.call({ target: `${target}/payments`, json: { paymentId, amount, paidAt: '2026-11-22' } });
  const steps: Record<(typeof ACTIONS)[number], () => Promise<unknown>> = {
    created: async () => undefined,
    edited: () => world.call({ method: 'PATCH', target, json: { dueDate: '2027-01-31' } }),
    issued: () => world.call({ target: `${target}/issue` }),
    'paid in part': async () => [await steps.issued(), await pay('P-1', '500.00')],
    'paid in full': async () => [await steps['paid in part'](), await pay('P-2', '684.05')],
    voided: async () => [await steps['paid in part'](), await world.call({ target: `${target}/void` })],
  };
  await steps[action]();
  return id;
}

describe('What comes back from the accounting system', () => {
  test.each(ACTIONS)('after a rep’s invoice was %s changes nothing and makes no event', async (action) => {
    const id = await broughtTo(action);
    const [before, events] = [await world.current(id), await world.events(id)];
    const after = events.at(-1)?.after;
    if (!before || !after) throw new Error('The invoice was not created.');
    const echoed = await world.run(before.invoiceId, echoOf(after, '2026-11-22T10:00:05Z'));
    expect(echoed).toMatchObject({ version: before.version, number: before.number, state: before.state });
    expect(await world.events(id)).toEqual(events);
  });

  test('after a rep deleted a draft finds nothing to delete, and makes no event', async () => {
    const id = await broughtTo('created');
    const before = await world.current(id);
    if (!before) throw new Error('The invoice was not created.');
    await world.call({ method: 'DELETE', target: `/hubspot/invoices/${id}` });
    const events = await world.events(id);
    await expect(world.run(before.invoiceId, { type: 'delete' })).rejects.toThrow('not-found');
    expect(await world.events(id)).toEqual(events);
  });

  test('of a time before a rep’s void doesn’t undo it', async () => {
    const id = await broughtTo('issued');
    const open = await world.current(id);
    if (!open) throw new Error('The invoice was not issued.');
    world.now += 60_000;
    await world.call({ target: `/hubspot/invoices/${id}/void` });
    const events = await world.events(id);
    await expect(world.run(open.invoiceId, echoOf(open, '2026-11-22T10:00:30Z'))).rejects.toThrow('stale');
    expect(await world.events(id)).toEqual(events);
    expect((await world.current(id))?.state).toBe('void');
    world.now -= 60_000;
  });
});
