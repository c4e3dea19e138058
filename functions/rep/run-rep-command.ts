import { dateInTimeZone } from '../invoices/calendar.ts';
import type { InvoiceId } from '../invoices/identifiers.ts';
import type { Invoice } from '../invoices/invoice.ts';
import { type Ledger, LedgerBusyError } from '../invoices/ledger.ts';
import type { Refusal, RepCommand } from '../invoices/ledger-command.ts';
import type { LedgerStore } from '../invoices/ledger-store.ts';
import { isPassingError } from '../invoices/passing-error.ts';
import type { ReadSettings } from '../invoices/settings-cache.ts';
import { readPolicy } from './policy.ts';
import type { Rep } from './rep.ts';
import {
  doneAnswer,
  noSuchInvoice,
  type RepAnswer,
  refusalAnswer,
  tooBusy,
  unavailable,
} from './rep-answer.ts';
import { type Circumstances, createCommand, invoiceCommand } from './rep-command.ts';
import { type RepRequest, type RequestKey, requestKey } from './rep-request.ts';

/** What reps' commands work with. */
export interface RepAccess {
  ledger: Ledger;
  store: Pick<LedgerStore, 'current' | 'outcome'>;
  settings: ReadSettings;
  /** Epoch milliseconds. */
  now: () => number;
  /** A new id for an invoice or a payment; see new-id.ts. */
  newId: () => string;
  /** Told why no answer came from the table; the rep is told only that none came. */
  report: (message: string, error: unknown) => void;
}

/** HubSpot gives up on a hook after five seconds, and the way there and back takes some of them. */
const PATIENCE_MS = 3_500;

/** How often a command that names no version is held to a policy again because others keep changing the invoice. */
const MOST_TRIES = 5;

/**
 * Runs what a rep asks for.
 * 1. The invoice must be in the rep's portal and on the deal that the request names. 2. State and policy are held against the invoice as it
 * is. 3. The ledger writes it, if the invoice is still that version; a repeat gets the first answer. 4. So does a repeat that was
 * refused on the way, such as that of a deletion: its invoice is gone.
 * Everything that can be expected is an answer, also that the table gave none. Throws what nobody expected, and what reading the portal's
 * settings throws: then nothing was asked of the ledger yet.
 */
export async function runRepCommand(access: RepAccess, rep: Rep, request: RepRequest): Promise<RepAnswer> {
  const { timeZone, policy } = await access.settings(rep.portalId);
  const run: Run = {
    access,
    request,
    key: requestKey(rep, request),
    giveUpAt: access.now() + PATIENCE_MS,
    circumstances: {
      rep,
      policy: readPolicy(policy),
      today: dateInTimeZone(access.now(), timeZone),
      newId: access.newId,
    },
  };
  const withoutAnswer = answerWithoutOne(access);
  const answer = await decidedAnswer(run).catch(withoutAnswer);
  if (answer.reason === undefined) return answer;
  // What stands in the way may be what this very request did before, or what a twin did a moment ago.
  return (await earlierAnswer(run).catch(withoutAnswer)) ?? answer;
}

/** What a rep is told where the ledger threw what can be expected of it. */
const answerWithoutOne =
  ({ report }: RepAccess) =>
  (error: unknown): RepAnswer => {
    if (error instanceof LedgerBusyError) return tooBusy();
    if (!isPassingError(error)) throw error;
    report('The ledger’s table gave no answer', error);
    return unavailable();
  };

interface Run {
  access: RepAccess;
  request: RepRequest;
  key: RequestKey | undefined;
  /** Epoch milliseconds. */
  giveUpAt: number;
  circumstances: Circumstances;
}

async function earlierAnswer(run: Run): Promise<RepAnswer | undefined> {
  const { access, request, key, circumstances } = run;
  if (!key) return undefined;
  const outcome = await access.store.outcome(circumstances.rep.portalId, key.key, access.now());
  if (!outcome) return undefined;
  if (outcome.requestHash === key.requestHash) return JSON.parse(outcome.answer) as RepAnswer;
  const refusal: Refusal = { code: 'key-reused', detail: 'The key was used for another request.' };
  return refusalAnswer(request, refusal, await invoiceAskedFor(run), circumstances.today);
}

/** The invoice asked for, if it is in the portal and on the deal that the request names. */
async function invoiceAskedFor({ access, request, circumstances }: Run): Promise<Invoice | undefined> {
  if (request.action === 'create') return undefined;
  const { invoice } = await access.store.current(circumstances.rep.portalId, request.invoiceId);
  const isElsewhere = request.dealId !== undefined && invoice?.dealId !== request.dealId;
  return isElsewhere ? undefined : invoice;
}

async function decidedAnswer(run: Run): Promise<RepAnswer> {
  const { request, circumstances, access } = run;
  if (request.action === 'create') {
    const reading = createCommand(request, circumstances);
    return reading.ok ? answerFromLedger(run, access.newId() as InvoiceId, reading.command) : reading.answer;
  }
  for (let attempt = 1; ; attempt++) {
    const answer = await answerOnInvoice(run, request);
    const mayTryAgain = request.version === undefined && attempt < MOST_TRIES;
    if (answer.reason !== 'version-moved' || !mayTryAgain) return answer;
  }
}

async function answerOnInvoice(
  run: Run,
  request: Exclude<RepRequest, { action: 'create' }>,
): Promise<RepAnswer> {
  const invoice = await invoiceAskedFor(run);
  if (!invoice) return noSuchInvoice();
  const { version } = invoice;
  if (request.version !== undefined && request.version !== version) {
    const refusal: Refusal = { code: 'version-moved', detail: `The invoice is at version ${version} now.` };
    return refusalAnswer(request, refusal, invoice, run.circumstances.today);
  }
  const reading = invoiceCommand(request, invoice, run.circumstances);
  // What was held to the deal and the policy is what is changed, or nothing is.
  return reading.ok ? answerFromLedger(run, invoice.invoiceId, reading.command, version) : reading.answer;
}

async function answerFromLedger(
  { access, request, key, giveUpAt, circumstances }: Run,
  invoiceId: InvoiceId,
  command: RepCommand,
  expectedVersion?: number,
): Promise<RepAnswer> {
  const { rep, today } = circumstances;
  const { portalId, userId, email } = rep;
  const result = await access.ledger.run({
    portalId,
    invoiceId,
    command,
    actor: { kind: 'user', userId, ...(email === undefined ? {} : { email }) },
    origin: 'hubspot',
    expectedVersion,
    giveUpAt,
    keyed: key && { ...key, answer: (done) => doneAnswer(request, done, today) },
  });
  switch (result.kind) {
    case 'repeated':
      return result.answer as RepAnswer;
    case 'refused':
      return refusalAnswer(request, result.refusal, result.current, today);
    default:
      return doneAnswer(request, result, today);
  }
}
