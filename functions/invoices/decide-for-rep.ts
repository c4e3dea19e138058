import {
  amountTooLarge,
  boundedTotals,
  type Current,
  changed,
  type DecisionContext,
  missing,
  outcome,
  refused,
} from './decision.ts';
import { editedContent } from './edited-content.ts';
import type { Invoice } from './invoice.ts';
import type { Decision, RepCommand } from './ledger-command.ts';
import { settle } from './settlement.ts';

type OnlyForReps = Exclude<RepCommand, { type: 'record-payment' }>;

/**
 * What a rep's command comes to. From HubSpot only a draft can be changed or deleted; an invoice that was issued is voided. An
 * invoice is numbered when it is issued, so that drafts that are thrown away leave no gap.
 */
export function decideForRep(current: Current, command: OnlyForReps, context: DecisionContext): Decision {
  const { invoice } = current;
  if (command.type === 'create') {
    return invoice
      ? refused('already-exists', `There is an invoice ${context.invoiceId} already.`)
      : create(current, command, context);
  }
  if (!invoice) return missing(context);
  const { status } = settle(invoice);
  switch (command.type) {
    case 'edit':
      return status === 'draft' ? edit(invoice, command, context) : notADraft(invoice, 'changed');
    case 'issue':
      return status === 'draft' ? issue(invoice, context) : notADraft(invoice, 'issued');
    case 'delete-draft':
      return status === 'draft' ? { kind: 'change', next: undefined } : notADraft(invoice, 'deleted');
    case 'void':
      return status === 'open' || status === 'partially_paid'
        ? outcome(invoice, { ...invoice, state: 'void', markedPaid: false }, context)
        : refused(
            'status-forbids',
            `The invoice is ${STATUS_WORDS[status]}; only an open one can be voided.`,
          );
  }
}

function create(
  current: Current,
  { content, dealId, issue: issued }: Extract<RepCommand, { type: 'create' }>,
  context: DecisionContext,
): Decision {
  const totals = boundedTotals(content);
  if (!totals) return amountTooLarge();
  const draft: Invoice = {
    ...content,
    ...totals,
    number: null,
    invoiceId: context.invoiceId,
    dealId,
    state: 'draft',
    markedPaid: false,
    payments: [],
    version: current.version,
    updatedAt: context.at,
    origin: context.origin,
  };
  return issued ? issue(draft, context) : changed(draft, context);
}

function edit(
  invoice: Invoice,
  { content, issue: issued }: Extract<RepCommand, { type: 'edit' }>,
  context: DecisionContext,
): Decision {
  const stated = editedContent(invoice, content);
  const totals = boundedTotals(stated);
  if (!totals) return amountTooLarge();
  const { roundingAmount, statedTotal, link, pdfUrl, ...kept } = invoice;
  const edited: Invoice = { ...kept, ...stated, ...totals };
  return issued ? issue(edited, context) : outcome(invoice, edited, context);
}

function issue(draft: Invoice, context: DecisionContext): Decision {
  const number = draft.number ?? context.nextNumber;
  if (number === undefined) return { kind: 'needs-number' };
  return changed({ ...draft, number, state: 'open' }, context);
}

const STATUS_WORDS = {
  draft: 'a draft',
  open: 'open',
  partially_paid: 'partially paid',
  paid: 'paid',
  void: 'void',
} as const;

const notADraft = (invoice: Invoice, done: string): Decision => {
  const words = STATUS_WORDS[settle(invoice).status];
  return refused('status-forbids', `The invoice is ${words}; only a draft can be ${done}.`);
};
