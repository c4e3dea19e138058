import type { DealId, InvoiceId, PortalId } from '../identifiers.ts';

/** A deal whose summary has to be looked at by itself. */
export interface DamagedDeal {
  portalId: PortalId;
  dealId: DealId;
  /** Whether some of its rows are still not right, so that the sum has to be taken over the invoices themselves. */
  hasWrongRows: boolean;
  /** Invoices that no row of the deal points to. */
  withoutRow: Set<InvoiceId>;
}

/** The deals that a scan found something wrong with. Grows with the damage, not with the table. */
export class DamagedDeals {
  readonly #deals = new Map<string, DamagedDeal>();

  /** Remembers the deal as one to look at; no deal is none to remember. */
  note(portalId: PortalId, dealId: DealId | undefined): DamagedDeal | undefined {
    if (dealId === undefined) return undefined;
    const name = `${portalId}#${dealId}`;
    const known = this.#deals.get(name);
    if (known) return known;
    const deal = { portalId, dealId, hasWrongRows: false, withoutRow: new Set<InvoiceId>() };
    this.#deals.set(name, deal);
    return deal;
  }

  /** Remembers that a row of the deal is not right, and which invoice has none. */
  noteWrongRow(portalId: PortalId, dealId: DealId | undefined, withoutRow?: InvoiceId): void {
    const deal = this.note(portalId, dealId);
    if (!deal) return;
    deal.hasWrongRows = true;
    if (withoutRow !== undefined) deal.withoutRow.add(withoutRow);
  }

  all(): IterableIterator<DamagedDeal> {
    return this.#deals.values();
  }

  get size(): number {
    return this.#deals.size;
  }
}
