import type { InvoiceId, PortalId } from '../identifiers.ts';
import { invoiceKey } from '../ledger-keys.ts';
import {
  AGAIN,
  type Attempt,
  type CheckContext,
  DONE,
  type ScanWatcher,
  STILL_CHANGING,
  untilQuiet,
} from './check-context.ts';
import { keyText } from './check-store.ts';
import { rowDifferences, strayReason } from './compare-row.ts';
import type { DamagedDeals } from './damaged-deals.ts';
import { ledgerItemKind, type RowPlace, type StoredItem } from './ledger-item.ts';
import type { LedgerProblem } from './problem.ts';
import { readStoredInvoice, type StoredInvoice } from './read-stored-invoice.ts';

type ReadInvoice = Extract<StoredInvoice, { kind: 'invoice' }>;
type RowOfInvoice = { invoiceId: InvoiceId | undefined } & RowPlace;

/**
 * Holds rows to invoices: every invoice has its one row, equal to it, and no row is anywhere else. What a page shows is only suspected, since
 * others may write meanwhile; it is judged on invoice and row as they were at one moment.
 */
export class RowCheck implements ScanWatcher {
  readonly #context: CheckContext;
  readonly #damaged: DamagedDeals;

  constructor(context: CheckContext, damaged: DamagedDeals) {
    this.#context = context;
    this.#damaged = damaged;
  }

  async page(items: readonly StoredItem[]): Promise<void> {
    await this.#checkInvoices(items);
    await this.#checkRows(items);
  }

  async end(): Promise<void> {}

  async #checkInvoices(items: readonly StoredItem[]): Promise<void> {
    const invoices: { portalId: PortalId; stored: ReadInvoice }[] = [];
    for (const item of items) {
      const kind = ledgerItemKind(item);
      if (kind.kind !== 'invoice') continue;
      const { portalId, invoiceId } = kind;
      const stored = readStoredInvoice(portalId, item);
      if (stored.kind === 'invoice') invoices.push({ portalId, stored });
      if (stored.kind === 'unreadable') {
        const problem = { kind: 'invoice-unreadable', portalId, invoiceId, why: stored.why } as const;
        this.#context.report(problem, { kind: 'left', why: 'only a backup has it as it was' });
      }
    }
    const rows = await this.#context.store.batch(invoices.map(({ stored }) => stored.row));
    for (const { portalId, stored } of invoices) {
      const row = rows.get(keyText(stored.row));
      if (row && rowDifferences(row, portalId, stored.invoice).length === 0) continue;
      await this.#settleInvoice(portalId, stored.invoice.invoiceId);
    }
  }

  async #settleInvoice(portalId: PortalId, invoiceId: InvoiceId): Promise<void> {
    let last: LedgerProblem | undefined;
    const outcome = await untilQuiet(this.#context, async (): Promise<Attempt<undefined>> => {
      const { store, repair, report } = this.#context;
      const key = invoiceKey(portalId, invoiceId);
      const read = readStoredInvoice(portalId, await store.get(key));
      if (read.kind !== 'invoice') return DONE;
      const [invoiceNow, row] = (await store.snapshot([key, read.row])) ?? [];
      if (invoiceNow?.version !== read.invoice.version) return AGAIN;
      last = rowProblem(portalId, read, row);
      if (!last) return DONE;
      if (repair && !(await this.#writeRow(portalId, read))) return AGAIN;
      report(last, { kind: repair ? 'repaired' : 'found' });
      this.#noteRow(last, repair);
      return DONE;
    });
    if (outcome.kind === 'again' && last) {
      this.#context.report(last, { kind: 'left', why: STILL_CHANGING });
      this.#noteRow(last, false);
    }
  }

  /** A sum that was taken before the repair is not right either, so the deal is looked at in any case. */
  #noteRow(problem: LedgerProblem, repaired: boolean): void {
    if (!('dealId' in problem)) return;
    const { portalId, dealId } = problem;
    this.#damaged.note(portalId, dealId);
    if (repaired) return;
    this.#damaged.noteWrongRow(
      portalId,
      dealId,
      problem.kind === 'row-missing' ? problem.invoiceId : undefined,
    );
  }

  #writeRow(portalId: PortalId, { invoice, row }: ReadInvoice): Promise<boolean> {
    const { store } = this.#context;
    const TableName = store.tableName;
    return store.write([
      {
        ConditionCheck: {
          TableName,
          Key: invoiceKey(portalId, invoice.invoiceId),
          ...atVersion(invoice.version),
        },
      },
      { Put: { TableName, Item: row } },
    ]);
  }

  async #checkRows(items: readonly StoredItem[]): Promise<void> {
    const rows = items.flatMap((item) => {
      const kind = ledgerItemKind(item);
      return kind.kind === 'row' ? [{ item, of: kind }] : [];
    });
    const invoices = await this.#context.store.batch(
      rows.flatMap(({ of: { portalId, invoiceId } }) => (invoiceId ? [invoiceKey(portalId, invoiceId)] : [])),
    );
    for (const { item, of } of rows) {
      const invoice = of.invoiceId && invoices.get(keyText(invoiceKey(of.portalId, of.invoiceId)));
      if (this.#strayReason(item, of.portalId, invoice || undefined)) await this.#settleRow(item, of);
    }
  }

  /** A row of an invoice that can't be read is left: nobody knows where it should be. */
  #strayReason(row: StoredItem, portalId: PortalId, invoiceItem: StoredItem | undefined): string | undefined {
    const read = readStoredInvoice(portalId, invoiceItem);
    if (read.kind === 'unreadable') return undefined;
    return strayReason(row, portalId, read.kind === 'invoice' ? read.invoice : undefined);
  }

  async #settleRow({ pk, sk }: StoredItem, of: RowOfInvoice): Promise<void> {
    const { portalId, dealId, invoiceId } = of;
    const { store, repair, report } = this.#context;
    let last: LedgerProblem | undefined;
    const outcome = await untilQuiet(this.#context, async (): Promise<Attempt<undefined>> => {
      const keys = [{ pk, sk }, ...(invoiceId ? [invoiceKey(portalId, invoiceId)] : [])];
      const moment = await store.snapshot(keys);
      if (!moment) return AGAIN;
      const [row, invoiceItem] = moment;
      const why = row && this.#strayReason(row, portalId, invoiceItem);
      if (!why) return DONE;
      last = { kind: 'row-stray', portalId, dealId, invoiceId, why };
      if (repair && !(await this.#removeRow({ pk, sk }, of, invoiceItem))) return AGAIN;
      report(last, { kind: repair ? 'repaired' : 'found' });
      this.#noteRow(last, repair);
      return DONE;
    });
    if (outcome.kind === 'again' && last) {
      report(last, { kind: 'left', why: STILL_CHANGING });
      this.#noteRow(last, false);
    }
  }

  #removeRow(
    { pk, sk }: { pk: string; sk: string },
    { portalId, invoiceId }: RowOfInvoice,
    invoiceItem: StoredItem | undefined,
  ): Promise<boolean> {
    const { store } = this.#context;
    const TableName = store.tableName;
    const condition = invoiceItem ? atVersion(invoiceItem.version) : NOT_THERE;
    return store.write([
      ...(invoiceId
        ? [{ ConditionCheck: { TableName, Key: { ...invoiceKey(portalId, invoiceId) }, ...condition } }]
        : []),
      { Delete: { TableName, Key: { pk, sk } } },
    ]);
  }
}

function rowProblem(
  portalId: PortalId,
  { invoice }: ReadInvoice,
  row: StoredItem | undefined,
): LedgerProblem | undefined {
  const { invoiceId, dealId } = invoice;
  if (!row) return { kind: 'row-missing', portalId, invoiceId, dealId };
  const fields = rowDifferences(row, portalId, invoice);
  return fields.length > 0 ? { kind: 'row-differs', portalId, invoiceId, dealId, fields } : undefined;
}

const NOT_THERE = { ConditionExpression: 'attribute_not_exists(pk)' };

const atVersion = (version: unknown) => ({
  ConditionExpression: '#version = :version',
  ExpressionAttributeNames: { '#version': 'version' },
  ExpressionAttributeValues: { ':version': version },
});
