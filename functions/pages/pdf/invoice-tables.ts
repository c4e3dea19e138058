import type { Invoice, InvoiceLine } from '../../invoices/invoice.ts';
import { lineNet, taxGroups } from '../../invoices/totals.ts';
import { printedDate } from './printed-date.ts';
import { printedMoney, printedPrice, printedQuantity, printedRate } from './printed-number.ts';
import type { PrintedColumn, PrintedTable } from './printed-table.ts';

/** What a line without a tax rate shows: "0%" would be a rate of zero, which is another group. */
const NO_RATE = '–';

interface LineColumn extends PrintedColumn {
  of(line: InvoiceLine): string;
}

/** The invoice's lines; columns that would be empty throughout are left out. Undefined where there are no lines. */
export function linesTable({ lines, currency }: Invoice): PrintedTable | undefined {
  if (lines.length === 0) return undefined;
  const columns: LineColumn[] = [
    { title: 'Description', align: 'left', wraps: true, of: (line) => line.description },
    { title: 'Quantity', align: 'right', of: (line) => printedQuantity(line.quantity) },
    { title: 'Unit price', align: 'right', of: (line) => printedPrice(line.unitPrice, currency) },
    { title: 'Discount', align: 'right', of: (line) => discount(line, currency) },
    {
      title: 'Tax',
      align: 'right',
      of: ({ taxRate }) => (taxRate === undefined ? NO_RATE : printedRate(taxRate)),
    },
    {
      title: `Net (${currency})`,
      align: 'right',
      of: (line) => printedMoney(lineNet(line, currency), currency),
    },
  ];
  const shown = columns.filter(({ title, of }) => {
    if (title === 'Discount') return lines.some((line) => of(line) !== '');
    return title !== 'Tax' || lines.some((line) => line.taxRate !== undefined);
  });
  return {
    columns: shown.map(({ of, ...column }) => column),
    rows: lines.map((line) => shown.map((column) => column.of(line))),
  };
}

function discount(line: InvoiceLine, currency: string): string {
  if (line.discount !== undefined) return line.discount === 0n ? '' : printedMoney(line.discount, currency);
  if (line.discountRate === undefined) return '';
  const rate = printedRate(line.discountRate);
  return rate === '0%' ? '' : rate;
}

/** Net and tax of each rate (EN 16931, BG-23). Undefined where no line states a rate. */
export function taxTable({ lines, currency }: Invoice): PrintedTable | undefined {
  const groups = taxGroups(lines, currency);
  if (groups.every((group) => group.rate === undefined)) return undefined;
  return {
    title: 'Tax summary',
    columns: [
      { title: 'Rate', align: 'left', wraps: true },
      { title: `Net (${currency})`, align: 'right' },
      { title: `Tax (${currency})`, align: 'right' },
    ],
    rows: groups.map((group) => [
      group.rate === undefined ? 'No tax rate' : printedRate(group.rate),
      printedMoney(group.net, currency),
      printedMoney(group.tax, currency),
    ]),
  };
}

/** What was paid, in the order it was told. Undefined where there is no payment. */
export function paymentsTable({ payments, currency }: Invoice, timeZone: string): PrintedTable | undefined {
  if (payments.length === 0) return undefined;
  return {
    title: 'Payments',
    columns: [
      { title: 'Date', align: 'left' },
      { title: 'Reference', align: 'left', wraps: true },
      { title: `Amount (${currency})`, align: 'right' },
    ],
    rows: payments.map(({ paymentId, amount, paidAt }) => [
      printedDate(paidAt, timeZone),
      paymentId,
      printedMoney(amount, currency),
    ]),
  };
}
