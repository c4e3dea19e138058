import { addSummaries, type DealSummary, EMPTY_SUMMARY } from '../deal-summary.ts';
import type { DealId, PortalId } from '../identifiers.ts';
import { rowFromItem } from '../ledger-items.ts';
import { summaryKey } from '../ledger-keys.ts';
import {
  AGAIN,
  type Attempt,
  type CheckContext,
  DONE,
  type ScanWatcher,
  STILL_CHANGING,
  untilQuiet,
} from './check-context.ts';
import { rowContribution, summaryDifferences, summaryRepair } from './compare-summary.ts';
import type { DamagedDeal, DamagedDeals } from './damaged-deals.ts';
import { type DealSum, sumDeal } from './deal-sum.ts';
import { ledgerItemKind, type StoredItem } from './ledger-item.ts';
import type { LedgerProblem } from './problem.ts';

interface PassingDeal {
  portalId: PortalId;
  dealId: DealId;
  sum: DealSummary;
  summary: StoredItem | undefined;
  readable: boolean;
}

/**
 * Holds each deal's summary to the sum over its invoices. The scan adds up rows as they pass; where that doesn't come out, or a row of the
 * deal was wrong, the deal is looked at by itself when the scan is over and its rows are right.
 */
export class SummaryCheck implements ScanWatcher {
  readonly #context: CheckContext;
  readonly #damaged: DamagedDeals;
  #passing: PassingDeal | undefined;

  constructor(context: CheckContext, damaged: DamagedDeals) {
    this.#context = context;
    this.#damaged = damaged;
  }

  async page(items: readonly StoredItem[]): Promise<void> {
    for (const item of items) {
      const kind = ledgerItemKind(item);
      if (kind.kind !== 'summary' && kind.kind !== 'row') continue;
      const { portalId, dealId } = kind;
      if (dealId === undefined) continue;
      const passing = this.#passingOf(portalId, dealId);
      if (kind.kind === 'summary') passing.summary = item;
      else addRow(passing, item);
    }
  }

  async end(): Promise<void> {
    this.#leave();
    for (const deal of this.#damaged.all()) await this.#settle(deal);
  }

  #passingOf(portalId: PortalId, dealId: DealId): PassingDeal {
    const passing = this.#passing;
    if (passing?.portalId === portalId && passing.dealId === dealId) return passing;
    this.#leave();
    const next = { portalId, dealId, sum: EMPTY_SUMMARY, summary: undefined, readable: true };
    this.#passing = next;
    return next;
  }

  #leave(): void {
    const passed = this.#passing;
    this.#passing = undefined;
    if (!passed) return;
    const { portalId, dealId, summary, sum, readable } = passed;
    if (!readable || summaryDifferences(summary, sum).length > 0) this.#damaged.note(portalId, dealId);
  }

  async #settle(deal: DamagedDeal): Promise<void> {
    const { portalId, dealId } = deal;
    let last: LedgerProblem | undefined;
    const outcome = await untilQuiet(this.#context, async (): Promise<Attempt<undefined>> => {
      const { store, repair, report } = this.#context;
      const summary = await store.get(summaryKey(portalId, dealId));
      const looked = await this.#sumAtRevision(deal, summary?.revision);
      if (looked === 'moved') return AGAIN;
      if (looked.kind === 'no-sum') {
        const { why } = looked;
        report({ kind: 'summary-unsettled', portalId, dealId, because: why }, { kind: 'left', why });
        return DONE;
      }
      const differences = summaryDifferences(summary, looked.summary);
      if (differences.length === 0) return DONE;
      // An invoice whose row moved within the list was perhaps passed twice, or never: only the same sum over the same versions is believed.
      const second = await this.#sumAtRevision(deal, summary?.revision);
      if (second === 'moved' || second.kind === 'no-sum' || second.over !== looked.over) return AGAIN;
      last = { kind: 'summary-differs', portalId, dealId, differences };
      if (repair && !(await this.#setSummary(deal, summary, looked))) return AGAIN;
      report(last, { kind: repair ? 'repaired' : 'found' });
      return DONE;
    });
    if (outcome.kind === 'done') return;
    const unsettled = {
      kind: 'summary-unsettled',
      portalId,
      dealId,
      because: 'its invoices kept changing',
    } as const;
    this.#context.report(last ?? unsettled, { kind: 'left', why: STILL_CHANGING });
  }

  /** Every change to the deal's figures adds 1 to the revision; while it stays, the sum is over one state of the deal. */
  async #sumAtRevision(deal: DamagedDeal, revision: unknown) {
    const sum = await sumDeal(this.#context.store, deal);
    const after = await this.#context.store.get(summaryKey(deal.portalId, deal.dealId));
    return after?.revision === revision ? sum : 'moved';
  }

  #setSummary(
    { portalId, dealId }: DamagedDeal,
    summary: StoredItem | undefined,
    { summary: sum }: DealSum,
  ): Promise<boolean> {
    const figures = Object.entries(summaryRepair(summary, sum));
    const { store } = this.#context;
    const revision = summary?.revision;
    return store.write([
      {
        Update: {
          TableName: store.tableName,
          Key: summaryKey(portalId, dealId),
          UpdateExpression: `SET #revision = :next, ${figures.map((_figure, i) => `#f${i} = :f${i}`).join(', ')}`,
          ConditionExpression:
            revision === undefined ? 'attribute_not_exists(#revision)' : '#revision = :revision',
          ExpressionAttributeNames: {
            '#revision': 'revision',
            ...Object.fromEntries(figures.map(([name], i) => [`#f${i}`, name])),
          },
          ExpressionAttributeValues: {
            ':next': Number(revision ?? 0) + 1,
            ...(revision === undefined ? {} : { ':revision': revision }),
            ...Object.fromEntries(figures.map(([, value], i) => [`:f${i}`, value])),
          },
        },
      },
    ]);
  }
}

function addRow(passing: PassingDeal, item: StoredItem): void {
  try {
    passing.sum = addSummaries(passing.sum, rowContribution(rowFromItem(item)));
  } catch {
    // Its fields are damaged: the row check says so, and the deal is looked at by itself.
    passing.readable = false;
  }
}
