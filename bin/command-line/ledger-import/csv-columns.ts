/** The columns that describe the invoice: read from its first row, and in its other rows the same or empty. */
const INVOICE_COLUMNS = [
  'invoiceId',
  'number',
  'dealId',
  'customerName',
  'customerEmail',
  'customerExternalId',
  'customerAddress',
  'customerTaxId',
  'currency',
  'issueDate',
  'dueDate',
  'status',
  'total',
  'link',
  'pdfUrl',
  'sourceUpdatedAt',
] as const;

/** The columns of one line item. */
const LINE_COLUMNS = [
  'description',
  'quantity',
  'unitPrice',
  'discount',
  'discountRate',
  'taxRate',
  'productExternalId',
] as const;

const REQUIRED = ['invoiceId', 'number', 'customerName', 'currency', 'issueDate', 'dueDate', 'status'];

const KNOWN: readonly string[] = [...INVOICE_COLUMNS, ...LINE_COLUMNS];

/** A row's cells by column; empty cells are left out. */
export type CsvRow = ReadonlyMap<string, string>;

/** In a `dealId` cell: takes the invoice off its deal, where an empty cell leaves it as it was. */
const NO_DEAL = 'none';

/** What is wrong with a header row, as a sentence; undefined where it can be read. */
export function headerFault(header: readonly string[], separator: string): string | undefined {
  const known = `Known columns: ${KNOWN.join(', ')}.`;
  if (header.length === 1 && header[0] && /[;\t,|]/.test(header[0])) {
    return `The header row is one column, ${JSON.stringify(header[0].slice(0, 60))}: it is not separated by ${JSON.stringify(separator)}. Pass --separator.`;
  }
  const unknown = header.find((name) => !KNOWN.includes(name));
  if (unknown !== undefined) return `The header row has a column ${JSON.stringify(unknown)}. ${known}`;
  const twice = header.find((name, place) => header.indexOf(name) !== place);
  if (twice !== undefined) return `The header row has the column ${twice} twice.`;
  const missing = REQUIRED.filter((name) => !header.includes(name));
  if (missing.length > 0) return `The header row lacks ${missing.join(', ')}. ${known}`;
  return undefined;
}

/** The first invoice column in which a further row says something else than the first; undefined where there is none. */
export const contradiction = (first: CsvRow, further: CsvRow): string | undefined =>
  INVOICE_COLUMNS.find((name) => further.has(name) && further.get(name) !== first.get(name));

/** The rows of one invoice as the ledger API takes it. Values stay as they are written: the API says what is wrong with them. */
export function csvInvoice(rows: readonly CsvRow[]): object {
  const [first = new Map<string, string>()] = rows;
  const cell = (name: string) => first.get(name);
  const dealId = cell('dealId');
  return {
    invoiceId: cell('invoiceId'),
    number: cell('number'),
    dealId: dealId === NO_DEAL ? null : dealId,
    customer: {
      name: cell('customerName'),
      email: cell('customerEmail'),
      externalId: cell('customerExternalId'),
      address: cell('customerAddress')
        ?.split(/\r?\n/)
        .map((line) => line.trim())
        .filter((line) => line !== ''),
      taxId: cell('customerTaxId'),
    },
    currency: cell('currency'),
    issueDate: cell('issueDate'),
    dueDate: cell('dueDate'),
    status: cell('status'),
    lines: rows
      .map((row) => LINE_COLUMNS.flatMap((name) => (row.has(name) ? [[name, row.get(name)]] : [])))
      .filter((cells) => cells.length > 0)
      .map((cells) => Object.fromEntries(cells)),
    total: cell('total'),
    link: cell('link'),
    pdfUrl: cell('pdfUrl'),
    sourceUpdatedAt: cell('sourceUpdatedAt'),
  };
}
