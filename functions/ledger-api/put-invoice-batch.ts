import * as z from 'zod/mini';
import type { AccountingCaller } from '../http/bearer-token.ts';
import { withoutExpectedVersion } from '../http/entity-version.ts';
import type { Operation } from '../http/http-handler.ts';
import { jsonBody } from '../http/json-body.ts';
import { onlyParameters } from '../http/paging.ts';
import { fieldSentence, invalidBody, Problem, shownErrors } from '../http/problem.ts';
import { asProblem } from '../http/problem-details.ts';
import { describe, type FieldProblem, fieldProblems } from '../input/field-problem.ts';
import { asInvoiceId, INVOICE_ID_RULE, type InvoiceId, type PortalId } from '../invoices/identifiers.ts';
import type { CommandResult, Ledger } from '../invoices/ledger.ts';
import type { ReplaceInvoice } from '../invoices/ledger-command.ts';
import { readAccountingInvoice } from '../invoices/read-invoice-input.ts';

const MAX_BATCH = 100;
const MAX_BATCH_BYTES = 4_194_304;
const LONGEST_ID_SHOWN = 140;
/** Deals written at the same time; invoices of one deal go one after the other, since they share its summary. */
const DEALS_AT_ONCE = 10;
/**
 * What is not begun by then is told to come again: an invoice on a busy deal may take ten seconds more, and API Gateway gives up after
 * thirty in all.
 */
const BEGIN_WITHIN_MS = 18_000;

/** What a batch works with. */
export interface BatchAccess {
  ledger: Pick<Ledger, 'run'>;
  /** Epoch milliseconds. */
  now: () => number;
  report: (message: string, error: unknown) => void;
}

const batchInput = z.strictObject(
  { invoices: z.array(z.unknown(), 'a list of invoices').check(z.minLength(1, 'at least one invoice')) },
  'an object with invoices',
);

interface BatchProblem {
  kind: string;
  detail: string;
  errors?: FieldProblem[];
}

interface BatchResult {
  /** As it was sent, cut where it is far too long; null where none could be read. */
  invoiceId: string | null;
  outcome: 'created' | 'updated' | 'unchanged' | 'stale' | 'rejected';
  version?: number;
  problem?: BatchProblem;
}

interface BatchEntry {
  index: number;
  invoiceId: InvoiceId;
  command: ReplaceInvoice;
}

/** `POST /v1/invoices/batch`: up to 100 invoices, each on its own; one bad invoice spoils no other. */
export const putInvoiceBatch =
  (access: BatchAccess): Operation<AccountingCaller> =>
  async (request, { portalId }) => {
    const beginBefore = access.now() + BEGIN_WITHIN_MS;
    onlyParameters(request, []);
    withoutExpectedVersion(request);
    const body = jsonBody(request, MAX_BATCH_BYTES);
    const parsed = batchInput.safeParse(body);
    if (!parsed.success) throw invalidBody(fieldProblems(parsed.error.issues, body));
    const sent = parsed.data.invoices;
    if (sent.length > MAX_BATCH) throw tooMany(sent.length);
    const results: BatchResult[] = [];
    const entries: BatchEntry[] = [];
    for (const [index, invoice] of sent.entries()) {
      const read = readEntry(invoice, index);
      if ('command' in read) entries.push(read);
      else results[index] = read;
    }
    // One iterator for all: each worker takes the next chain.
    const chains = chainsOf(entries);
    const worker = async (): Promise<void> => {
      for (const chain of chains) {
        for (const entry of chain) {
          results[entry.index] =
            access.now() < beginBefore
              ? await runEntry(access, portalId, entry)
              : notDone(entry, 'busy', 'The batch took too long before its turn came; send it again.');
        }
      }
    };
    await Promise.all(Array.from({ length: DEALS_AT_ONCE }, worker));
    return { status: 200, body: { results } };
  };

const tooMany = (count: number): Problem =>
  new Problem({
    status: 413,
    kind: 'batch-too-large',
    title: 'The batch has too many invoices.',
    detail: `The batch has ${count} invoices; at most ${MAX_BATCH} go into one.`,
  });

function readEntry(sent: unknown, index: number): BatchEntry | BatchResult {
  if (sent === null || typeof sent !== 'object' || Array.isArray(sent)) {
    return rejected(null, [{ field: '', problem: describe(sent), expected: 'an object with the invoice' }]);
  }
  const { invoiceId: sentId, ...invoice } = sent as Record<string, unknown>;
  const invoiceId = typeof sentId === 'string' ? asInvoiceId(sentId) : undefined;
  const reading = readAccountingInvoice(invoice);
  const problems = reading.ok ? [] : reading.problems;
  if (!invoiceId) {
    const problem = { field: 'invoiceId', problem: describe(sentId), expected: INVOICE_ID_RULE };
    return rejected(typeof sentId === 'string' ? sentId.slice(0, LONGEST_ID_SHOWN) : null, [
      problem,
      ...problems,
    ]);
  }
  return reading.ok ? { index, invoiceId, command: reading.value } : rejected(invoiceId, problems);
}

const rejected = (invoiceId: string | null, errors: FieldProblem[]): BatchResult => ({
  invoiceId,
  outcome: 'rejected',
  problem: {
    kind: 'invalid-body',
    detail: fieldSentence(errors, 'The invoice'),
    errors: shownErrors(errors),
  },
});

/** Entries that must keep their order in one chain: those of one invoice, and those that name one deal. */
function chainsOf(entries: readonly BatchEntry[]): IterableIterator<BatchEntry[]> {
  const chains = new Map<string, BatchEntry[]>();
  const chainOfInvoice = new Map<string, string>();
  for (const entry of entries) {
    const own = entry.command.dealId ? `deal ${entry.command.dealId}` : `invoice ${entry.invoiceId}`;
    // The same invoice again, now naming another deal, still goes after its first entry.
    const name = chainOfInvoice.get(entry.invoiceId) ?? own;
    chainOfInvoice.set(entry.invoiceId, name);
    const chain = chains.get(name);
    if (chain) chain.push(entry);
    else chains.set(name, [entry]);
  }
  return chains.values();
}

async function runEntry(access: BatchAccess, portalId: PortalId, entry: BatchEntry): Promise<BatchResult> {
  const { invoiceId, command } = entry;
  try {
    const result = await access.ledger.run({
      portalId,
      invoiceId,
      command,
      actor: { kind: 'accounting' },
      origin: 'accounting',
    });
    return batchResult(invoiceId, result);
  } catch (error) {
    const { kind, title, detail = title } = asProblem(error).details;
    if (kind !== 'busy') access.report('An invoice of a batch failed', error);
    return notDone(entry, kind, detail);
  }
}

const notDone = ({ invoiceId }: BatchEntry, kind: string, detail: string): BatchResult => ({
  invoiceId,
  outcome: 'rejected',
  problem: { kind, detail },
});

function batchResult(invoiceId: InvoiceId, result: CommandResult): BatchResult {
  switch (result.kind) {
    case 'deleted':
    case 'repeated':
      throw new Error('A replacement deletes nothing and has no key.');
    case 'refused': {
      const { code, detail } = result.refusal;
      const outcome = code === 'stale' ? 'stale' : 'rejected';
      return { invoiceId, outcome, version: result.current?.version, problem: { kind: code, detail } };
    }
    default:
      return { invoiceId, outcome: result.kind, version: result.invoice.version };
  }
}
