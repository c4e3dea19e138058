import type { Invoice } from '../invoices/invoice.ts';

type Named = Pick<Invoice, 'number' | 'invoiceId'>;

const SHORT_ID_LENGTH = 6;

/** What a person calls the invoice: its number, or "Draft" with the end of its id while it has none. */
export const invoiceTitle = ({ number, invoiceId }: Named): string =>
  number ?? `Draft ${invoiceId.slice(-SHORT_ID_LENGTH)}`;

/** Rows that are shown together, each with its title: numbers may repeat, and where they do the id tells them apart. */
export function titledRows<Row extends Named>(rows: readonly Row[]): { row: Row; title: string }[] {
  const counts = new Map<string, number>();
  for (const title of rows.map(invoiceTitle)) counts.set(title, (counts.get(title) ?? 0) + 1);
  return rows.map((row) => {
    const title = invoiceTitle(row);
    return { row, title: counts.get(title) === 1 ? title : `${title} (${row.invoiceId})` };
  });
}
