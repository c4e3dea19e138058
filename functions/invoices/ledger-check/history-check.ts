import type { InvoiceId, PortalId } from '../identifiers.ts';
import { invoiceKey } from '../ledger-keys.ts';
import {
  AGAIN,
  type Attempt,
  type CheckContext,
  DONE,
  type ScanWatcher,
  untilQuiet,
} from './check-context.ts';
import { EMPTY_HISTORY, type History, historyFault, withEvent } from './history.ts';
import { ledgerItemKind, type StoredItem } from './ledger-item.ts';

interface Passing {
  portalId: PortalId;
  invoiceId: InvoiceId;
  history: History;
}

/** Holds each invoice's events to its version: 1 to n, all of them. What is missing can't be made again, so nothing is repaired. */
export class HistoryCheck implements ScanWatcher {
  readonly #context: CheckContext;
  /** A scan brings a partition's items one after the other; where it once doesn't, the second look settles it. */
  #passing: Passing | undefined;

  constructor(context: CheckContext) {
    this.#context = context;
  }

  async page(items: readonly StoredItem[]): Promise<void> {
    for (const item of items) {
      const kind = ledgerItemKind(item);
      if (kind.kind !== 'invoice' && kind.kind !== 'event') continue;
      const passing = await this.#passingOf(kind.portalId, kind.invoiceId);
      if (kind.kind === 'event') passing.history = withEvent(passing.history, kind.version);
      else passing.history = { ...passing.history, version: Number(item.version) };
    }
  }

  async end(): Promise<void> {
    await this.#leave();
  }

  async #passingOf(portalId: PortalId, invoiceId: InvoiceId): Promise<Passing> {
    const passing = this.#passing;
    if (passing?.portalId === portalId && passing.invoiceId === invoiceId) return passing;
    await this.#leave();
    const next = { portalId, invoiceId, history: EMPTY_HISTORY };
    this.#passing = next;
    return next;
  }

  async #leave(): Promise<void> {
    const passed = this.#passing;
    this.#passing = undefined;
    if (!passed || historyFault(passed.history) === undefined) return;
    await untilQuiet(this.#context, () => this.#settle(passed));
  }

  /** The invoice is read before and after its events: a change made meanwhile is then neither missing nor ahead. */
  async #settle({ portalId, invoiceId }: Passing): Promise<Attempt<undefined>> {
    const { store, report } = this.#context;
    const version = async () =>
      (await store.get(invoiceKey(portalId, invoiceId)))?.version as number | undefined;
    const before = await version();
    let [known, all, highest] = [0, 0, 0];
    for await (const versions of store.eventVersions(portalId, invoiceId)) {
      all += versions.length;
      known += versions.filter((each) => each <= (before ?? 0)).length;
      highest = Math.max(highest, ...versions);
    }
    const after = await version();
    if (after === undefined) {
      if (all > 0) {
        const problem = { kind: 'invoice-missing', portalId, invoiceId, events: all } as const;
        report(problem, { kind: 'left', why: 'only a backup has it as it was' });
      }
      return DONE;
    }
    if (before === undefined) return AGAIN;
    const missing =
      historyFault({ events: known, highest: 0, version: before }) ??
      historyFault({ events: after, highest, version: after });
    if (missing !== undefined) {
      const problem = { kind: 'history-incomplete', portalId, invoiceId, missing } as const;
      report(problem, { kind: 'left', why: 'only a backup has it as it was' });
    }
    return DONE;
  }
}
