import type { DealId, InvoiceId, PortalId } from '../identifiers.ts';

/** Something in the ledger's table that doesn't agree with the rest of it. */
export type LedgerProblem = { portalId: PortalId } & (
  | { kind: 'row-missing'; invoiceId: InvoiceId; dealId: DealId | undefined }
  | { kind: 'row-differs'; invoiceId: InvoiceId; dealId: DealId | undefined; fields: string[] }
  | { kind: 'row-stray'; invoiceId: InvoiceId | undefined; dealId: DealId | undefined; why: string }
  | { kind: 'summary-differs'; dealId: DealId; differences: string[] }
  | { kind: 'summary-unsettled'; dealId: DealId; because: string }
  | { kind: 'history-incomplete'; invoiceId: InvoiceId; missing: string }
  | { kind: 'invoice-missing'; invoiceId: InvoiceId; events: number }
  | { kind: 'invoice-unreadable'; invoiceId: InvoiceId; why: string }
  | { kind: 'event-unnumbered'; invoiceId: InvoiceId; version: number; at: string }
  | { kind: 'feed-entry-missing'; sequence: number; invoiceId: InvoiceId; version: number }
  | { kind: 'feed-gap'; from: number; to: number }
  | { kind: 'feed-entry-wrong'; sequence: number; why: string }
  | { kind: 'sequence-behind'; sequence: number; highest: number }
);

/** What became of a problem: only seen, put right, or beyond repair (with the reason). */
export type ProblemOutcome = { kind: 'found' } | { kind: 'repaired' } | { kind: 'left'; why: string };

/** The problem and what was done about it, in one plain line. */
export function describeProblem(problem: LedgerProblem, outcome: ProblemOutcome): string {
  return `Portal ${problem.portalId}, ${what(problem)}. ${done(problem, outcome)}`;
}

function what(problem: LedgerProblem): string {
  switch (problem.kind) {
    case 'row-missing':
      return `invoice ${problem.invoiceId}: its row ${place(problem.dealId)} is missing`;
    case 'row-differs':
      return `invoice ${problem.invoiceId}: its row ${place(problem.dealId)} disagrees with it in ${problem.fields.join(', ')}`;
    case 'row-stray': {
      const of = problem.invoiceId === undefined ? 'a row' : `a row of invoice ${problem.invoiceId}`;
      return `${of} ${place(problem.dealId)} should not be there: ${problem.why}`;
    }
    case 'summary-differs':
      return `deal ${problem.dealId}: its summary is not the sum of its invoices: ${problem.differences.join('; ')}`;
    case 'summary-unsettled':
      return `deal ${problem.dealId}: its summary could not be judged, because ${problem.because}`;
    case 'history-incomplete':
      return `invoice ${problem.invoiceId}: ${problem.missing}`;
    case 'invoice-missing':
      return `invoice ${problem.invoiceId}: there are ${problem.events} events of it, and the invoice itself is missing`;
    case 'invoice-unreadable':
      return `invoice ${problem.invoiceId}: what is stored can't be read (${problem.why})`;
    case 'event-unnumbered':
      return `invoice ${problem.invoiceId}: its change ${problem.version} of ${problem.at} has no number in the feed`;
    case 'feed-entry-missing':
      return `invoice ${problem.invoiceId}: its change ${problem.version} is number ${problem.sequence} of the feed, where it is missing`;
    case 'feed-gap': {
      const numbers =
        problem.from === problem.to
          ? `number ${problem.from} is`
          : `numbers ${problem.from} to ${problem.to} are`;
      return `the feed has a gap: ${numbers} missing`;
    }
    case 'feed-entry-wrong':
      return `number ${problem.sequence} of the feed ${problem.why}`;
    case 'sequence-behind':
      return `the feed's counter stands at ${problem.sequence}, but number ${problem.highest} is given already`;
  }
}

const place = (dealId: DealId | undefined): string =>
  dealId === undefined ? 'among those on no deal' : `on deal ${dealId}`;

function done(problem: LedgerProblem, outcome: ProblemOutcome): string {
  switch (outcome.kind) {
    case 'found':
      return 'Nothing was changed.';
    case 'left':
      return `Left as it is: ${outcome.why}.`;
    case 'repaired':
      return repaired(problem);
  }
}

function repaired(problem: LedgerProblem): string {
  switch (problem.kind) {
    case 'row-missing':
      return 'Repaired: the row was written from the invoice.';
    case 'row-differs':
      return 'Repaired: the row was written anew from the invoice.';
    case 'row-stray':
      return 'Repaired: the row was removed.';
    case 'summary-differs':
      return 'Repaired: the summary was set to the sum.';
    case 'event-unnumbered':
      return 'Repaired: it was numbered, and followers of the feed get it now.';
    case 'feed-entry-missing':
      return 'Repaired: the feed points to it again.';
    case 'sequence-behind':
      return 'Repaired: the counter was moved on.';
    default:
      return 'Repaired.';
  }
}
