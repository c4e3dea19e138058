import type { DealRow } from '../invoices/deal-row.ts';
import type { InvoiceStatus } from '../invoices/settlement.ts';
import { mayDo, type Policy, type RepAction } from './policy.ts';

/** What can be done with one invoice: what a policy rules, and reading its PDF. */
export type InvoiceAction = 'pdf' | Exclude<RepAction, 'create'>;

/** From HubSpot only a draft can be changed or deleted; an invoice that was issued is voided. Overdue ones are open or partially paid. */
const BY_STATUS: Record<InvoiceStatus, readonly Exclude<InvoiceAction, 'pdf'>[]> = {
  draft: ['edit', 'issue', 'delete'],
  open: ['payment', 'void'],
  partially_paid: ['payment', 'void'],
  paid: [],
  void: [],
};

/** Whether an invoice in this status takes the action, whoever asks. */
export const statusAllows = (status: InvoiceStatus, action: Exclude<InvoiceAction, 'pdf'>): boolean =>
  BY_STATUS[status].includes(action);

/** The actions an invoice offers this user, and no other: those of its status that the policy allows for its total. */
export const availableActions = (
  invoice: Pick<DealRow, 'status' | 'total' | 'currency'>,
  policy: Policy,
  email: string | undefined,
): InvoiceAction[] => [
  'pdf',
  ...BY_STATUS[invoice.status].filter((action) => mayDo(policy, email, action, invoice)),
];
