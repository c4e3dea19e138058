import { shardOf } from '../../functions/sync/records/shard.ts';
import type { HubSpotImitation } from '../../local/hubspot/imitation.ts';
import { type CallFunction, FunctionCallers, type Proofs } from './function-callers.ts';

export interface EverydayWorld {
  call: CallFunction;
  /** The event of a function in test/events. */
  readEvent: (id: string) => Promise<Record<string, unknown>>;
  hubspot: HubSpotImitation;
  proofs: Proofs;
}

/**
 * Has the functions do everything they are deployed for: invoices come in and are shown, issued and printed; contacts and products are
 * swept, brought to HubSpot, held to it and tried again. Throws where one of them does not answer with success.
 */
export async function everydayWork(world: EverydayWorld): Promise<void> {
  const { hubspot, proofs } = world;
  const deal = hubspot.seed(proofs.portal, 'deals', { dealname: 'Kitchen', deal_currency_code: 'EUR' });
  const callers = new FunctionCallers(world.call, proofs);
  await bringInvoices(callers, deal);
  await lookAtCard(callers, deal);
  await passEventsOn(world, callers);
  await syncRecords(world, callers);
  await openPages(world, callers, deal);
}

/** Another due date moves the invoice's row; a newer time alone is only noted. */
async function bringInvoices(callers: FunctionCallers, dealId: string): Promise<void> {
  const bring = (id: string, fields: Record<string, unknown>): Promise<string> =>
    callers.accounting('PUT', `/v1/invoices/${id}`, { ...INVOICE, dealId, ...fields });
  await bring('E-1', {});
  await bring('E-1', { dueDate: '2027-01-15' });
  await bring('E-1', { dueDate: '2027-01-15', sourceUpdatedAt: '2026-11-20T10:00:00Z' });
  await bring('E-2', { status: 'draft' });
  await bring('E-3', { status: 'draft' });
  // One that got the accounting system's id is deleted, and comes back under it.
  await bring('E-4', { status: 'draft' });
  await callers.accounting('PUT', '/v1/invoices/E-4/external-id', { externalId: 'BOOKED-4' });
  await callers.accounting('DELETE', '/v1/invoices/BOOKED-4');
  await bring('BOOKED-4', { status: 'draft' });
  await callers.accounting('GET', `/v1/invoices?number=${INVOICE.number}`);
  await callers.accounting('GET', `/v1/deals/${dealId}/invoices`);
}

async function lookAtCard(callers: FunctionCallers, deal: string): Promise<void> {
  await callers.hubspot('GET', '/hubspot/card', deal, { associatedObjectType: 'DEAL' });
  await callers.hubspot('POST', '/hubspot/invoices/E-2/issue', deal, { version: '1' });
  await callers.hubspot('GET', `/hubspot/deals/${deal}/invoices`, deal);
}

/** The stream's events are those of the invoice that the ledger API's event brings. */
async function passEventsOn({ call, readEvent }: EverydayWorld, callers: FunctionCallers): Promise<void> {
  for (const id of ['LedgerApiFunction', 'RelayFunction', 'PublisherFunction'])
    await call(id, { event: await readEvent(id) });
  await callers.accounting('GET', '/v1/events');
}

async function syncRecords(world: EverydayWorld, callers: FunctionCallers): Promise<void> {
  const { call, hubspot, proofs } = world;
  await callers.accounting('POST', '/v1/products', { records: PRODUCTS });
  await callers.accounting('POST', '/v1/contacts', { records: CONTACTS });
  await callers.accounting('POST', '/v1/contacts', { records: CORRECTED });
  await call('SyncSweeperFunction', { event: {} });
  await answerBells(world);
  await callers.accounting('GET', '/v1/products?externalId=A%2F100');
  await callers.accounting('GET', '/v1/sync/failures');
  await callers.accounting('GET', '/v1/sync/health');

  const [product] = hubspot.records(proofs.portal, 'products');
  hubspot.edit(proofs.portal, 'products', String(product?.id), { name: 'Changed by hand' });
  await call('SyncReconcileFunction', { event: { begin: 'now' } });
  await answerBells(world);

  // An address is let go, and who waited for it gets it.
  await callers.accounting('POST', '/v1/contacts', { records: MOVED });
  await answerBells(world);
  await answerBells(world);

  hubspot.faults.add({ kind: 'status', status: 429, path: '/products' });
  await callers.accounting('POST', '/v1/sync/replay', { all: true });
  await answerBells(world);
}

/** For every shard with records: by a worker that has no time left and rings again, and by one that has. */
async function answerBells({ call, readEvent, proofs }: EverydayWorld): Promise<void> {
  const { Records } = await readEvent('SyncWorkerFunction');
  const [record] = Records as object[];
  for (const [type, records] of Object.entries({ products: PRODUCTS, contacts: CONTACTS })) {
    for (const { externalId } of records) {
      const body = JSON.stringify({ portalId: proofs.portal, type, shard: shardOf(externalId) });
      for (const remainingMs of [5_000, 60_000]) {
        const event = { Records: [{ ...record, body }] };
        const answer = await call('SyncWorkerFunction', { event, remainingMs });
        const { batchItemFailures } = answer as { batchItemFailures: unknown[] };
        if (batchItemFailures.length > 0) throw new Error(`The worker gave back ${body}.`);
      }
    }
  }
}

/** A draft is edited and issued; the deal has a line of a product that we brought to HubSpot. */
async function openPages(
  { hubspot, proofs }: EverydayWorld,
  callers: FunctionCallers,
  deal: string,
): Promise<void> {
  const [product] = hubspot.records(proofs.portal, 'products');
  const line = { name: 'Oven', quantity: '1', price: '1850', hs_product_id: String(product?.id) };
  hubspot.seed(proofs.portal, 'line_items', line, { dealId: deal });
  await callers.page({ target: '/pages/invoices/new', page: 'new', deal });
  await callers.page({ target: '/pages/products?text=oven', page: 'new', deal });
  await callers.page({ target: `/pages/deals/${deal}/invoices`, page: 'list', deal });
  await callers.page({ target: '/pages/health', page: 'health', deal });
  const edit = { target: '/pages/invoices/E-3/edit', page: 'edit', deal, invoice: 'E-3' } as const;
  const form = await callers.page(edit);
  await callers.page({ ...edit, method: 'POST', form: { ...hiddenFields(form), ...TYPED } });
  await callers.page({ target: '/pages/invoices/E-3/pdf', page: 'pdf', deal, invoice: 'E-3' });
}

const INVOICE = {
  number: 'E-0001',
  customer: { name: 'Acme GmbH' },
  currency: 'EUR',
  issueDate: '2026-11-01',
  dueDate: '2026-12-01',
  status: 'open',
  lines: [{ description: 'Work', quantity: '10', unitPrice: '100.00', taxRate: '0.19' }],
};

const PRODUCT = { updatedAt: '2026-11-20T10:00:00Z', name: 'Combi oven', price: '1850.00', currency: 'EUR' };
/** HubSpot refuses the second. */
const PRODUCTS = [
  { ...PRODUCT, externalId: 'A/100', sku: 'OV-1' },
  { ...PRODUCT, externalId: 'A/101', sku: 'OV-2', properties: { no_such: 'property' } },
];

const CONTACT = { updatedAt: '2026-11-20T10:00:00Z', email: 'ada@example.com', firstName: 'Ada' };
/** The first two want one address. */
const CONTACTS = [
  { ...CONTACT, externalId: 'C-1' },
  { ...CONTACT, externalId: 'C-2' },
  { ...CONTACT, externalId: 'C-3', email: 'babage@example.com' },
];
/** An address is corrected before it went anywhere. */
const CORRECTED = [{ ...CONTACT, externalId: 'C-3', email: 'babbage@example.com' }];
const MOVED = [
  { ...CONTACT, externalId: 'C-1', updatedAt: '2026-11-21T10:00:00Z', email: 'lovelace@example.com' },
];

/** A draft of one line as it would be typed, to be issued. */
const TYPED = {
  'customer.name': 'Acme GmbH',
  currency: 'EUR',
  issueDate: '2026-11-22',
  dueDate: '2026-12-22',
  'lines[0].description': 'Work',
  'lines[0].quantity': '1',
  'lines[0].unitPrice': '100',
  'lines[0].discount': '',
  'lines[0].discountKind': 'amount',
  'lines[0].taxRate': '19',
  do: 'issue',
};

const hiddenFields = (page: string): Record<string, string> =>
  Object.fromEntries(
    [...page.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)].map(
      ([, name = '', value = '']) => [name, value],
    ),
  );
