import { feedEntryFromItem } from '../../../functions/feed/feed-entry.ts';
import type { UnnumberedEntry } from '../../../functions/feed/feed-store.ts';
import type { PortalId } from '../../../functions/invoices/identifiers.ts';
import type { CheckContext } from '../../../functions/invoices/ledger-check/check-context.ts';
import { UNNUMBERED_FOR_MS } from './feed-of-portal.ts';

/** Gives events their numbers, in the order given, as the relay does. Throws where it could not. */
export type NumberEvents = (
  portalId: PortalId,
  entries: readonly UnnumberedEntry[],
  retentionDays: number,
) => Promise<void>;

/** Numbers what the relay left: a second scan, which brings each invoice's changes in their order. */
export async function numberLeftEvents(
  { store, timing, report }: CheckContext,
  portalId: PortalId,
  numberEvents: NumberEvents,
  retentionDays: number,
): Promise<void> {
  for await (const { items } of store.unnumberedEvents(portalId)) {
    const waiting = items
      .map((item): UnnumberedEntry => {
        const { invoiceId, version, at, origin } = feedEntryFromItem(item);
        return { invoiceId, version, at, origin };
      })
      .filter(({ at }) => Date.parse(at) <= timing.now() - UNNUMBERED_FOR_MS);
    const outcome = await numberEvents(portalId, waiting, retentionDays).then(
      () => ({ kind: 'repaired' as const }),
      (error: unknown) => ({ kind: 'left' as const, why: reasonOf(error) }),
    );
    for (const { invoiceId, version, at } of waiting) {
      report({ kind: 'event-unnumbered', portalId, invoiceId, version, at }, outcome);
    }
  }
}

const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
