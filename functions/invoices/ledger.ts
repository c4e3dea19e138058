import { type Current, type DecisionContext, decide } from './decide.ts';
import type { InvoiceId, PortalId } from './identifiers.ts';
import type { Invoice, Origin } from './invoice.ts';
import type { LedgerCommand, Refusal } from './ledger-command.ts';
import { type Actor, changeType, eventIdOf, type LedgerEvent } from './ledger-event.ts';
import type { LedgerStore } from './ledger-store.ts';

/** A command with everything that surrounds it. */
export interface CommandRequest {
  portalId: PortalId;
  invoiceId: InvoiceId;
  command: LedgerCommand;
  actor: Actor;
  origin: Origin;
  /** The version the caller has seen; `any` asks only that the invoice exists. Left out, the newest write wins. */
  expectedVersion?: number | 'any' | undefined;
}

export type CommandResult =
  | { kind: 'created' | 'updated' | 'unchanged'; invoice: Invoice }
  | { kind: 'deleted'; version: number }
  | { kind: 'refused'; refusal: Refusal; current: Invoice | undefined };

/** Others kept writing to the same deal for as long as a caller can wait. Nothing was changed. */
export class LedgerBusyError extends Error {
  override name = 'LedgerBusyError';
}

export interface LedgerTiming {
  /** Epoch milliseconds. */
  now: () => number;
  wait: (milliseconds: number) => Promise<unknown>;
  /** From 0 to below 1. */
  random: () => number;
}

/** Well below API Gateway's 30 s, well above what a hundred writers on one deal need. */
const GIVE_UP_AFTER_MS = 10_000;
const LONGEST_WAIT_MS = 400;

/**
 * Runs commands on the ledger.
 * 1. Read the invoice. 2. Hold its version to the caller's. 3. Decide. 4. Write invoice, event, row and summary in one transaction.
 * Whoever loses a race decides again on what is there now; whoever meets others at the same deal waits a little and tries again.
 */
export class Ledger {
  readonly #store: LedgerStore;
  readonly #timing: LedgerTiming;

  constructor(store: LedgerStore, timing: LedgerTiming) {
    this.#store = store;
    this.#timing = timing;
  }

  /** Throws {@link LedgerBusyError} where it could not write in time; every other refusal is a result. */
  async run(request: CommandRequest): Promise<CommandResult> {
    const giveUpAt = this.#timing.now() + GIVE_UP_AFTER_MS;
    for (let attempt = 0; this.#timing.now() < giveUpAt; attempt++) {
      const current = await this.#store.current(request.portalId, request.invoiceId);
      const result = await this.#decideAndCommit(request, current);
      if (result !== 'version-moved' && result !== 'busy') return result;
      if (result === 'busy') {
        await this.#timing.wait(this.#timing.random() * Math.min(LONGEST_WAIT_MS, 20 * 2 ** attempt));
      }
    }
    throw new LedgerBusyError(
      `Invoice ${request.invoiceId} could not be written: others kept writing to its deal.`,
    );
  }

  async #decideAndCommit(
    request: CommandRequest,
    current: Current,
  ): Promise<CommandResult | 'version-moved' | 'busy'> {
    const { portalId, invoiceId, command } = request;
    const before = current.invoice;
    if (!expectationHolds(request.expectedVersion, before)) {
      const detail = before
        ? `The invoice is at version ${before.version} now.`
        : 'The invoice does not exist.';
      return { kind: 'refused', refusal: { code: 'version-moved', detail }, current: before };
    }
    const context: DecisionContext = {
      invoiceId,
      at: new Date(this.#timing.now()).toISOString(),
      origin: request.origin,
    };
    const decision = decide(current, command, context);
    switch (decision.kind) {
      case 'refused':
        return { kind: 'refused', refusal: decision.refusal, current: before };
      case 'unchanged':
        return this.#unchanged(portalId, before, decision.invoice);
      case 'change': {
        const event = eventOf(request, context, current, decision.next);
        const change = { portalId, before, after: decision.next, decidedOn: current.version, event };
        const committed = await this.#store.commit(change);
        if (committed !== 'committed') return committed;
        if (!decision.next) return { kind: 'deleted', version: event.version };
        return { kind: before ? 'updated' : 'created', invoice: decision.next };
      }
    }
  }

  /** The source's own time moves on also where the invoice doesn't: a change older than that is stale from now on. */
  async #unchanged(
    portalId: PortalId,
    before: Invoice | undefined,
    invoice: Invoice,
  ): Promise<CommandResult | 'version-moved' | 'busy'> {
    const told = invoice.sourceUpdatedAt;
    if (before && told !== undefined && told !== before.sourceUpdatedAt) {
      const touched = await this.#store.touchSource(portalId, before, told);
      if (touched !== 'committed') return touched;
    }
    return { kind: 'unchanged', invoice };
  }
}

const expectationHolds = (
  expected: CommandRequest['expectedVersion'],
  current: Invoice | undefined,
): boolean =>
  expected === undefined || (current !== undefined && (expected === 'any' || expected === current.version));

function eventOf(
  request: CommandRequest,
  context: DecisionContext,
  current: Current,
  after: Invoice | undefined,
): LedgerEvent {
  const version = current.version + 1;
  return {
    eventId: eventIdOf(request.invoiceId, version),
    type: changeType(current.invoice, after),
    at: context.at,
    invoiceId: request.invoiceId,
    version,
    dealId: after?.dealId ?? current.invoice?.dealId,
    actor: request.actor,
    origin: request.origin,
    before: current.invoice,
    after,
  };
}
