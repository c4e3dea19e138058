import { type DealRow, dealRow, rowSortKey } from './deal-row.ts';
import { addSummaries, contribution, type DealSummary, EMPTY_SUMMARY } from './deal-summary.ts';
import type { Alias } from './decision.ts';
import type { DealId, InvoiceId, PortalId } from './identifiers.ts';
import type { Invoice, InvoiceLine, Payment } from './invoice.ts';
import type { LedgerEvent } from './ledger-event.ts';
import { eventKey, invoiceKey, type LedgerKey, numberKey, rowPartition } from './ledger-keys.ts';
import type { MinorUnits } from './money.ts';

/** An item of the ledger's table, in the document client's form. */
export type LedgerItem = LedgerKey & Record<string, unknown>;

/** Money read back from the table: the document client gives a number, or a bigint where a number would lose digits. */
type Stored<T> = { [K in keyof T]: T[K] extends MinorUnits ? MinorUnits | number : T[K] };
type StoredInvoice = Omit<Stored<Invoice>, 'lines' | 'payments'> & {
  lines: Stored<InvoiceLine>[];
  payments: Stored<Payment>[];
};

const optionalMoney = (value: unknown): MinorUnits | undefined =>
  value === undefined ? undefined : BigInt(value as number | bigint);

export const invoiceItem = (portalId: PortalId, invoice: Invoice): LedgerItem => ({
  ...invoiceKey(portalId, invoice.invoiceId),
  entity: 'invoice',
  ...(invoice.number === null ? {} : { numberKey: numberKey(portalId, invoice.number) }),
  ...invoice,
});

/** What stays of a deleted invoice: the version from which a returning id goes on, its other id, and when each side last changed it. */
export const tombstoneItem = (
  portalId: PortalId,
  deleted: Invoice,
  { version, at, origin }: Pick<LedgerEvent, 'version' | 'at' | 'origin'>,
): LedgerItem => ({
  ...invoiceKey(portalId, deleted.invoiceId),
  entity: 'deleted-invoice',
  invoiceId: deleted.invoiceId,
  externalId: deleted.externalId,
  version,
  sourceUpdatedAt: deleted.sourceUpdatedAt,
  repChangedAt: origin === 'hubspot' ? at : deleted.repChangedAt,
});

/** Leads from the accounting system's id to the invoice that began in HubSpot. `version` is the last that the id had by itself. */
export const aliasItem = (
  portalId: PortalId,
  externalId: InvoiceId,
  aliasOf: InvoiceId,
  version: number,
): LedgerItem => ({
  ...invoiceKey(portalId, externalId),
  entity: 'alias',
  aliasOf,
  version,
});

export const aliasFromItem = (externalId: InvoiceId, item: Record<string, unknown>): Alias => ({
  externalId,
  leadsTo: item.aliasOf as InvoiceId,
  version: Number(item.version),
});

/** Reads an invoice item, or an invoice inside an event, back into the domain. */
export function invoiceFromStored(stored: Record<string, unknown>): Invoice {
  const {
    pk,
    sk,
    entity,
    numberKey: _index,
    ...fields
  } = stored as unknown as StoredInvoice & Record<'pk' | 'sk' | 'entity' | 'numberKey', unknown>;
  return {
    ...fields,
    subtotal: BigInt(fields.subtotal),
    taxTotal: BigInt(fields.taxTotal),
    total: BigInt(fields.total),
    roundingAmount: optionalMoney(fields.roundingAmount),
    statedTotal: optionalMoney(fields.statedTotal),
    lines: fields.lines.map((line) => ({ ...line, discount: optionalMoney(line.discount) })),
    payments: fields.payments.map((payment) => ({ ...payment, amount: BigInt(payment.amount) })),
  };
}

export const eventItem = (portalId: PortalId, event: LedgerEvent): LedgerItem => ({
  ...eventKey(portalId, event.invoiceId, event.version),
  entity: 'event',
  portalId,
  ...event,
});

export function eventFromItem(item: Record<string, unknown>): LedgerEvent {
  const { pk, sk, entity, portalId, sequence, before, after, ...event } = item;
  return {
    ...(event as unknown as LedgerEvent),
    ...(before === undefined ? {} : { before: invoiceFromStored(before as Record<string, unknown>) }),
    ...(after === undefined ? {} : { after: invoiceFromStored(after as Record<string, unknown>) }),
  };
}

export const rowItem = (portalId: PortalId, invoice: Invoice): LedgerItem => ({
  pk: rowPartition(portalId, invoice.dealId),
  sk: rowSortKey(invoice),
  ...dealRow(invoice),
});

export function rowFromItem(item: Record<string, unknown>): DealRow {
  const { pk, sk, ...row } = item as unknown as Stored<DealRow> & LedgerKey;
  return {
    ...row,
    total: BigInt(row.total),
    amountPaid: BigInt(row.amountPaid),
    balance: BigInt(row.balance),
  };
}

/**
 * A summary's attributes are flat, one a figure and currency (`total_EUR`), so that a change adds to them without having read them.
 */
export function summaryAttributes(summary: DealSummary): Record<string, MinorUnits | number> {
  const { invoiceCount, draftCount, voidCount } = summary;
  const attributes: Record<string, MinorUnits | number> = { invoiceCount, draftCount, voidCount };
  for (const { currency, count, total, amountPaid, balance } of summary.currencies) {
    attributes[`count_${currency}`] = count;
    attributes[`total_${currency}`] = total;
    attributes[`amountPaid_${currency}`] = amountPaid;
    attributes[`balance_${currency}`] = balance;
  }
  return attributes;
}

export function summaryFromItem(item: Record<string, unknown> | undefined): DealSummary {
  if (!item) return EMPTY_SUMMARY;
  const amount = (name: string): MinorUnits => optionalMoney(item[name]) ?? 0n;
  const count = (name: string): number => Number(item[name] ?? 0);
  const currencies = Object.keys(item)
    .filter((name) => name.startsWith('count_') && count(name) !== 0)
    .map((name) => name.slice('count_'.length))
    .sort();
  return {
    invoiceCount: count('invoiceCount'),
    draftCount: count('draftCount'),
    voidCount: count('voidCount'),
    currencies: currencies.map((currency) => ({
      currency,
      count: count(`count_${currency}`),
      total: amount(`total_${currency}`),
      amountPaid: amount(`amountPaid_${currency}`),
      balance: amount(`balance_${currency}`),
    })),
  };
}

/** What a change adds to each deal's summary: one entry for a change in place, two for a move. Several invoices may go away in it. */
export function summaryChanges(
  before: readonly (Invoice | undefined)[],
  after: Invoice | undefined,
): Map<DealId, DealSummary> {
  const changes = new Map<DealId, DealSummary>();
  const add = (invoice: Invoice | undefined, sign: 1 | -1): void => {
    if (!invoice?.dealId) return;
    const known = changes.get(invoice.dealId) ?? EMPTY_SUMMARY;
    changes.set(invoice.dealId, addSummaries(known, contribution(invoice), sign));
  };
  for (const invoice of before) add(invoice, -1);
  add(after, 1);
  return changes;
}
