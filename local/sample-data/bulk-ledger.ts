import { type FeedEntry, feedEntryItem } from '../../functions/feed/feed-entry.ts';
import { addSummaries, type DealSummary, EMPTY_SUMMARY } from '../../functions/invoices/deal-summary.ts';
import { decide } from '../../functions/invoices/decide.ts';
import type { Current } from '../../functions/invoices/decision.ts';
import type { DealId, InvoiceId, PortalId } from '../../functions/invoices/identifiers.ts';
import type { IsoDateTime } from '../../functions/invoices/invoice.ts';
import type { LedgerCommand } from '../../functions/invoices/ledger-command.ts';
import { changeType, eventIdOf } from '../../functions/invoices/ledger-event.ts';
import {
  eventItem,
  invoiceItem,
  type LedgerItem,
  rowItem,
  summaryAttributes,
  summaryChanges,
} from '../../functions/invoices/ledger-items.ts';
import { sequenceKey, summaryKey } from '../../functions/invoices/ledger-keys.ts';

/** A command of the accounting system, as it would have come at that time. */
export interface TimedCommand {
  invoiceId: InvoiceId;
  command: LedgerCommand;
  at: IsoDateTime;
}

/**
 * Everything the ledger's table would hold after these commands (in the order of their times) on an empty portal: computed by the
 * ledger's own pure functions, for loading in bulk. Deleting is not supported here. Throws where the ledger would refuse a command.
 */
export function bulkLedger(
  portalId: PortalId,
  commands: readonly TimedCommand[],
  retentionDays: number,
): LedgerItem[] {
  const invoices = new Map<InvoiceId, Current>();
  const summaries = new Map<DealId, DealSummary>();
  const items: LedgerItem[] = [];
  let sequence = 0;
  for (const { invoiceId, command, at } of commands) {
    const current = invoices.get(invoiceId) ?? { invoice: undefined, version: 0 };
    const decision = decide(current, command, { invoiceId, at, origin: 'accounting' });
    if (decision.kind !== 'change' || !decision.next) {
      throw new Error(
        `Sample command on ${invoiceId}: ${JSON.stringify(decision, (_k, v) => (typeof v === 'bigint' ? `${v}` : v))}`,
      );
    }
    const [before, after] = [current.invoice, decision.next];
    const { version } = after;
    invoices.set(invoiceId, { invoice: after, version });
    for (const [dealId, added] of summaryChanges([before], after)) {
      summaries.set(dealId, addSummaries(summaries.get(dealId) ?? EMPTY_SUMMARY, added));
    }
    sequence += 1;
    const entry: FeedEntry = { sequence, invoiceId, version, at, origin: 'accounting' };
    const event = eventItem(portalId, {
      eventId: eventIdOf(invoiceId, version),
      type: changeType(before, after),
      at,
      invoiceId,
      version,
      dealId: after.dealId ?? before?.dealId,
      actor: { kind: 'accounting' },
      origin: 'accounting',
      before,
      after,
    });
    items.push({ ...event, sequence }, feedEntryItem(portalId, entry, retentionDays));
  }
  for (const { invoice } of invoices.values()) {
    if (invoice) items.push(invoiceItem(portalId, invoice), rowItem(portalId, invoice));
  }
  for (const [dealId, summary] of summaries) {
    items.push({
      ...summaryKey(portalId, dealId),
      ...summaryAttributes(summary),
      revision: summary.invoiceCount,
    });
  }
  if (sequence > 0) items.push({ ...sequenceKey(portalId), sequence });
  return items;
}
