import type { PortalId } from '../identifiers.ts';
import type { CheckContext, ScanWatcher } from './check-context.ts';
import { DamagedDeals } from './damaged-deals.ts';
import { HistoryCheck } from './history-check.ts';
import { RowCheck } from './row-check.ts';
import { SummaryCheck } from './summary-check.ts';

export interface CheckScope {
  /** Undefined for all portals. */
  portalId: PortalId | undefined;
  /** Further parts of the check, which see the same scan. */
  watchers?: readonly ScanWatcher[];
  /** Told how many items have passed. */
  onPassed?: (items: number) => void;
}

/**
 * Holds everything that is derived in the ledger's table to the invoices: rows, summaries, history. One scan, page by page; what it shows is
 * suspected, judged again on consistent reads, and repaired (where the context says so) only while it is still as it was judged.
 */
export async function checkLedger(context: CheckContext, scope: CheckScope): Promise<void> {
  const damaged = new DamagedDeals();
  // Rows come before summaries: a summary is held to rows that are right.
  const watchers: ScanWatcher[] = [
    new RowCheck(context, damaged),
    new HistoryCheck(context),
    new SummaryCheck(context, damaged),
    ...(scope.watchers ?? []),
  ];
  let passed = 0;
  for await (const page of context.store.scan(scope.portalId)) {
    for (const watcher of watchers) await watcher.page(page.items);
    passed += page.passed;
    scope.onPassed?.(passed);
  }
  for (const watcher of watchers) await watcher.end();
}
