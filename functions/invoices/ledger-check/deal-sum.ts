import { createHash } from 'node:crypto';
import type { DealRow } from '../deal-row.ts';
import { addSummaries, contribution, type DealSummary, EMPTY_SUMMARY } from '../deal-summary.ts';
import { rowFromItem } from '../ledger-items.ts';
import { invoiceKey, rowPartition } from '../ledger-keys.ts';
import { type CheckStore, keyText } from './check-store.ts';
import { rowContribution } from './compare-summary.ts';
import type { DamagedDeal } from './damaged-deals.ts';
import { ledgerItemKind, type StoredItem } from './ledger-item.ts';
import { readStoredInvoice } from './read-stored-invoice.ts';

/** The sum over a deal's invoices, and a mark of which invoices in which versions it is over. */
export interface DealSum {
  kind: 'sum';
  summary: DealSummary;
  over: bigint;
}

/** No sum: one of the invoices can't be read. */
export interface NoSum {
  kind: 'no-sum';
  why: string;
}

/** Adds up a deal page by page: over its rows where they agree with the invoices, else over the invoices themselves. */
export async function sumDeal(store: CheckStore, deal: DamagedDeal): Promise<DealSum | NoSum> {
  const sum = new RunningSum();
  try {
    if (deal.hasWrongRows) await addInvoices(store, deal, sum);
    else await addRows(store, deal, sum);
  } catch (error) {
    if (error instanceof UnreadableError) return { kind: 'no-sum', why: error.message };
    throw error;
  }
  return { kind: 'sum', summary: sum.summary, over: sum.over };
}

class UnreadableError extends Error {
  override name = 'UnreadableError';
}

class RunningSum {
  summary: DealSummary = EMPTY_SUMMARY;
  over = 0n;

  add(invoiceId: string, version: number, added: DealSummary): void {
    this.summary = addSummaries(this.summary, added);
    // Adding makes the mark the same in whatever order the invoices come.
    const mark = createHash('sha256').update(`${invoiceId}:${version}`).digest().readBigUInt64BE();
    this.over = BigInt.asUintN(64, this.over + mark);
  }
}

async function addRows(store: CheckStore, { portalId, dealId }: DamagedDeal, sum: RunningSum): Promise<void> {
  for await (const items of store.rows(rowPartition(portalId, dealId))) {
    for (const item of items) {
      const row = readRow(item);
      sum.add(row.invoiceId, row.version, rowContribution(row));
    }
  }
}

function readRow(item: StoredItem): DealRow {
  try {
    return rowFromItem(item);
  } catch {
    throw new UnreadableError('a row of it can’t be read');
  }
}

async function addInvoices(store: CheckStore, deal: DamagedDeal, sum: RunningSum): Promise<void> {
  const { portalId, dealId } = deal;
  const withoutRow = new Set(deal.withoutRow);
  for await (const rows of store.rows(rowPartition(portalId, dealId))) {
    const ids = rows.flatMap((row) => {
      const kind = ledgerItemKind(row);
      return kind.kind === 'row' && kind.invoiceId ? [{ row, invoiceId: kind.invoiceId }] : [];
    });
    const invoices = await store.batch(ids.map(({ invoiceId }) => invoiceKey(portalId, invoiceId)));
    for (const { row, invoiceId } of ids) {
      const read = readable(deal, invoices.get(keyText(invoiceKey(portalId, invoiceId))));
      // A row at another place than its invoice's is not that invoice's row: the right one counts.
      if (!read || keyText(read.row) !== keyText(row)) continue;
      sum.add(invoiceId, read.invoice.version, contribution(read.invoice));
      withoutRow.delete(invoiceId);
    }
  }
  const left = await store.batch([...withoutRow].map((invoiceId) => invoiceKey(portalId, invoiceId)));
  for (const item of left.values()) {
    const read = readable(deal, item);
    if (read?.invoice.dealId !== dealId) continue;
    sum.add(read.invoice.invoiceId, read.invoice.version, contribution(read.invoice));
  }
}

function readable({ portalId }: DamagedDeal, item: StoredItem | undefined) {
  const read = readStoredInvoice(portalId, item);
  if (read.kind === 'unreadable') throw new UnreadableError(`an invoice of it can’t be read (${read.why})`);
  return read.kind === 'invoice' ? read : undefined;
}
