import type { Invoice } from '../../invoices/invoice.ts';
import type { MinorUnits } from '../../invoices/money.ts';
import { settle } from '../../invoices/settlement.ts';
import { invoiceTitle } from '../../rep/invoice-title.ts';
import { linesTable, paymentsTable, taxTable } from './invoice-tables.ts';
import { printedDate } from './printed-date.ts';
import { printedMoney } from './printed-number.ts';
import type { PrintedTable } from './printed-table.ts';
import type { Seller } from './seller.ts';

export type Watermark = 'DRAFT' | 'VOID';

export interface PrintedAmount {
  label: string;
  amount: string;
  strong: boolean;
}

/** Everything an invoice's document says, as the texts it says it in. */
export interface PrintedInvoice {
  title: string;
  /** The invoice's number, or "Draft" with a short id where it has none yet: what the card calls it. */
  number: string;
  watermark: Watermark | undefined;
  seller: { name: string; details: string[]; bank: string[]; footer: string | undefined };
  buyer: { name: string; details: string[] };
  facts: { label: string; value: string }[];
  lines: PrintedTable | undefined;
  taxes: PrintedTable | undefined;
  amounts: PrintedAmount[];
  payments: PrintedTable | undefined;
}

/** Puts an invoice in the words of its document. `timeZone` (IANA) decides on which day a payment with a time was made. */
export function printedInvoice(invoice: Invoice, seller: Seller, timeZone: string): PrintedInvoice {
  const { customer, state } = invoice;
  return {
    title: 'Invoice',
    number: invoiceTitle(invoice),
    watermark: watermarkOf(state),
    seller: {
      name: seller.name,
      details: [
        ...seller.address,
        ...taxId(seller.taxId),
        ...(seller.email === undefined ? [] : [seller.email]),
      ],
      // Nobody should pay a void invoice.
      bank: state === 'void' ? [] : seller.bank,
      footer: seller.footer,
    },
    buyer: { name: customer.name, details: [...(customer.address ?? []), ...taxId(customer.taxId)] },
    facts: [
      { label: 'Issue date', value: printedDate(invoice.issueDate, timeZone) },
      { label: 'Due date', value: printedDate(invoice.dueDate, timeZone) },
      { label: 'Currency', value: invoice.currency },
    ],
    lines: linesTable(invoice),
    taxes: taxTable(invoice),
    amounts: amounts(invoice),
    payments: paymentsTable(invoice, timeZone),
  };
}

const taxId = (id: string | undefined): string[] => (id === undefined ? [] : [`Tax ID: ${id}`]);

function watermarkOf(state: Invoice['state']): Watermark | undefined {
  switch (state) {
    case 'draft':
      return 'DRAFT';
    case 'void':
      return 'VOID';
    case 'open':
      return undefined;
  }
}

function amounts(invoice: Invoice): PrintedAmount[] {
  const { amountPaid, balance } = settle(invoice);
  const row = (label: string, amount: MinorUnits, strong = false): PrintedAmount => ({
    label,
    amount: `${printedMoney(amount, invoice.currency)} ${invoice.currency}`,
    strong,
  });
  // Without lines there is only the total that was stated: the rest would be zeros, and the whole total "rounding".
  const made =
    invoice.lines.length === 0 ? [] : [row('Subtotal', invoice.subtotal), row('Tax', invoice.taxTotal)];
  const rounding =
    made.length === 0 || invoice.roundingAmount === undefined
      ? []
      : [row('Rounding', invoice.roundingAmount)];
  return [
    ...made,
    ...rounding,
    row('Total', invoice.total, true),
    row('Amount paid', amountPaid),
    row('Balance', balance, true),
  ];
}
