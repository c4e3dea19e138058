import { dateInTimeZone } from './calendar.ts';
import type { LedgerChange } from './change-transaction.ts';
import type { CommandOutcome } from './command-outcome.ts';
import { decide } from './decide.ts';
import type { Current, DecisionContext, Found } from './decision.ts';
import type { InvoiceId, PortalId } from './identifiers.ts';
import type { Invoice, Origin } from './invoice.ts';
import { invoiceNumber } from './invoice-number.ts';
import type { LedgerCommand, Refusal } from './ledger-command.ts';
import { type Actor, changeType, eventIdOf, type LedgerEvent } from './ledger-event.ts';
import type { CommitResult, LedgerStore } from './ledger-store.ts';
import { NumberLine } from './number-line.ts';
import type { ReadSettings } from './settings-cache.ts';

/** A command with everything that surrounds it. */
export interface CommandRequest {
  portalId: PortalId;
  invoiceId: InvoiceId;
  command: LedgerCommand;
  actor: Actor;
  origin: Origin;
  /** The version the caller has seen; `any` asks only that the invoice exists. Left out, the newest write wins. */
  expectedVersion?: number | 'any' | undefined;
  /** With a key, a repeat gets the first answer and has no second effect. */
  keyed?: KeyedCommand | undefined;
  /** Until when the caller can wait, in epoch milliseconds; ten seconds where left out. */
  giveUpAt?: number | undefined;
}

/** The key of a command, and how to answer it: what the answer says is kept in the transaction that makes the change. */
export interface KeyedCommand {
  key: string;
  /** SHA-256 of what was asked for: the key with another request is refused. */
  requestHash: string;
  answer: (done: Done) => unknown;
}

/** What a command that was carried out came to. */
export type Done =
  | { kind: 'created' | 'updated' | 'unchanged'; invoice: Invoice; before: Invoice | undefined }
  | { kind: 'deleted'; version: number; before: Invoice };

export type CommandResult =
  | Done
  /** The key was used before for the same request; this is what was answered then. */
  | { kind: 'repeated'; answer: unknown }
  /** `other` is the invoice of another id that stands in the way, if one does. */
  | { kind: 'refused'; refusal: Refusal; current: Invoice | undefined; other?: Invoice };

/** Others kept writing to the same deal, or taking numbers, for as long as a caller can wait. Nothing was changed. */
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

/** A try that lost: somebody else changed what was decided on, or was writing there. */
type Lost = Exclude<CommitResult, 'committed'>;
const isLost = (result: CommandResult | Lost): result is Lost => typeof result === 'string';

/**
 * Runs commands on the ledger.
 * 1. A repeat of a keyed command gets the first answer. 2. Read the invoice. 3. Hold its version to the caller's. 4. Decide.
 * 5. Write invoice, event, row, summary and outcome in one transaction.
 * Whoever loses a race, or meets others at the same deal or at the counter of numbers, waits a little and decides again on what is there then.
 */
export class Ledger {
  readonly #store: LedgerStore;
  readonly #settings: ReadSettings;
  readonly #timing: LedgerTiming;

  constructor(store: LedgerStore, settings: ReadSettings, timing: LedgerTiming) {
    this.#store = store;
    this.#settings = settings;
    this.#timing = timing;
  }

  /** Throws {@link LedgerBusyError} where it could not write in time; every other refusal is a result. */
  async run(request: CommandRequest): Promise<CommandResult> {
    const { giveUpAt = this.#timing.now() + GIVE_UP_AFTER_MS } = request;
    const line = new NumberLine(this.#store, this.#timing, request.portalId);
    for (let attempt = 0; this.#timing.now() < giveUpAt; attempt++) {
      const result = (await this.#earlierAnswer(request)) ?? (await this.#decideAndCommit(request, line));
      if (!isLost(result)) return result;
      if (result === 'number-taken') await line.wait(giveUpAt);
      else await this.#timing.wait(this.#timing.random() * Math.min(LONGEST_WAIT_MS, 20 * 2 ** attempt));
    }
    throw new LedgerBusyError(
      `Invoice ${request.invoiceId} could not be written: others kept writing to its deal, or taking numbers.`,
    );
  }

  async #earlierAnswer({ portalId, keyed }: CommandRequest): Promise<CommandResult | undefined> {
    if (!keyed) return undefined;
    const outcome = await this.#store.outcome(portalId, keyed.key, this.#timing.now());
    if (!outcome) return undefined;
    if (outcome.requestHash === keyed.requestHash) {
      return { kind: 'repeated', answer: JSON.parse(outcome.answer) };
    }
    const detail = 'The idempotency key was used for another request.';
    return { kind: 'refused', refusal: { code: 'key-reused', detail }, current: undefined };
  }

  async #decideAndCommit(request: CommandRequest, line: NumberLine): Promise<CommandResult | Lost> {
    const current = await this.#store.current(request.portalId, request.invoiceId);
    const before = current.invoice;
    if (!expectationHolds(request.expectedVersion, before)) {
      const detail = before
        ? `The invoice is at version ${before.version} now.`
        : 'The invoice does not exist.';
      return { kind: 'refused', refusal: { code: 'version-moved', detail }, current: before };
    }
    const alias = await this.#aliasFor(request, current);
    if (alias.kind === 'has-another') {
      const detail = `The invoice has the id ${alias.externalId} of the accounting system already.`;
      return { kind: 'refused', refusal: { code: 'external-id-taken', detail }, current: before };
    }
    if (alias.kind === 'taken') {
      const { detail, other } = alias;
      return { kind: 'refused', refusal: { code: 'external-id-taken', detail }, current: before, other };
    }
    const now = this.#timing.now();
    const context: DecisionContext = {
      invoiceId: current.invoiceId,
      at: new Date(now).toISOString(),
      origin: request.origin,
    };
    let decision = decide(current, alias.command, context);
    let numbering: LedgerChange['numbering'];
    if (decision.kind === 'needs-number') {
      const next = await this.#nextNumber(request.portalId, now, line);
      numbering = next.numbering;
      decision = decide(current, alias.command, { ...context, nextNumber: next.number });
    }
    switch (decision.kind) {
      case 'needs-number':
        throw new Error(`A number was not taken for invoice ${context.invoiceId}.`);
      case 'refused':
        return { kind: 'refused', refusal: decision.refusal, current: before };
      case 'unchanged':
        return this.#unchanged(request, before, decision.invoice);
      case 'change': {
        const done = doneBy(current, decision.next);
        const committed = await this.#store.commit({
          portalId: request.portalId,
          before,
          after: decision.next,
          decidedOn: current.version,
          event: eventOf(request, context, current, decision.next),
          numbering,
          alias: alias.over,
          broughtBackWith: current.deleted?.alias,
          outcome: outcomeOf(request, done),
          now,
        });
        return committed === 'committed' ? done : committed;
      }
    }
  }

  /** Where a command gives an invoice another id: what stands under that id until now. */
  async #aliasFor(
    { portalId, command }: CommandRequest,
    current: Found,
  ): Promise<
    | { kind: 'free'; command: LedgerCommand; over?: NonNullable<LedgerChange['alias']> }
    | { kind: 'taken'; other: Invoice; detail: string }
    | { kind: 'has-another'; externalId: InvoiceId }
  > {
    if (command.type !== 'give-external-id' || !current.invoice) return { kind: 'free', command };
    const { externalId } = command;
    const known = current.invoice.externalId;
    // The old id would go on leading here, and the accounting system could mean another invoice by it.
    if (known !== undefined && known !== externalId) return { kind: 'has-another', externalId: known };
    const there = await this.#store.current(portalId, externalId);
    if (there.invoiceId === current.invoiceId) return { kind: 'free', command };
    const over = { externalId, over: there };
    const other = there.invoice;
    if (!other) return { kind: 'free', command, over };
    if (!canBeMerged(other)) {
      const detail = `Invoice ${other.invoiceId} has the id ${externalId} already. It can't be merged: only an invoice that began in the accounting system, and has one id, can. Send another id.`;
      return { kind: 'taken', other, detail };
    }
    if (!command.merge) {
      const detail = `There is an invoice ${other.invoiceId} already. Send "merge": true to make one of the two.`;
      return { kind: 'taken', other, detail };
    }
    const { number } = command;
    return { kind: 'free', command: { type: 'merge', accounting: other, number }, over };
  }

  async #nextNumber(
    portalId: PortalId,
    now: number,
    line: NumberLine,
  ): Promise<{ number: string; numbering: NonNullable<LedgerChange['numbering']> }> {
    const { numberPattern, timeZone } = await this.#settings(portalId);
    const year = dateInTimeZone(now, timeZone).slice(0, 4);
    const counter = await line.counter(year);
    const number = invoiceNumber(numberPattern, year, counter.last + 1);
    return { number, numbering: { year, ...counter } };
  }

  /** What the source told beside the invoice moves on also where the invoice doesn't: a change older than that is stale from now on. */
  async #unchanged(
    request: CommandRequest,
    before: Invoice | undefined,
    invoice: Invoice,
  ): Promise<CommandResult | Lost> {
    const { portalId } = request;
    const moved =
      before?.sourceUpdatedAt !== invoice.sourceUpdatedAt || before?.markedPaid !== invoice.markedPaid;
    if (before && moved) {
      const touched = await this.#store.touch(portalId, before, invoice);
      if (touched !== 'committed') return touched;
    }
    const done: Done = { kind: 'unchanged', invoice, before };
    const outcome = outcomeOf(request, done);
    if (outcome) {
      const kept = await this.#store.keepOutcome(portalId, outcome, this.#timing.now());
      if (kept !== 'committed') return kept;
    }
    return done;
  }
}

/** A merged invoice leaves its one id to ours, which has room for no second: that would go on leading there beside it. */
const canBeMerged = ({ origin, externalId }: Invoice): boolean =>
  origin === 'accounting' && externalId === undefined;

const expectationHolds = (
  expected: CommandRequest['expectedVersion'],
  current: Invoice | undefined,
): boolean =>
  expected === undefined || (current !== undefined && (expected === 'any' || expected === current.version));

function doneBy({ invoice: before, version }: Current, after: Invoice | undefined): Done {
  if (after) return { kind: before ? 'updated' : 'created', invoice: after, before };
  if (!before) throw new Error('There is nothing to delete.');
  return { kind: 'deleted', version: version + 1, before };
}

const outcomeOf = ({ keyed }: CommandRequest, done: Done): CommandOutcome | undefined =>
  keyed && { key: keyed.key, requestHash: keyed.requestHash, answer: JSON.stringify(keyed.answer(done)) };

function eventOf(
  request: CommandRequest,
  context: DecisionContext,
  current: Current,
  after: Invoice | undefined,
): LedgerEvent {
  const version = current.version + 1;
  return {
    eventId: eventIdOf(context.invoiceId, version),
    type: changeType(current.invoice, after),
    at: context.at,
    invoiceId: context.invoiceId,
    version,
    dealId: after?.dealId ?? current.invoice?.dealId,
    actor: request.actor,
    origin: request.origin,
    before: current.invoice,
    after,
  };
}
