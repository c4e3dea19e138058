import { currencyDecimals, isCurrencyCode } from '../invoices/currency.ts';
import { canonicalDecimal, formatUnits, parseDecimal, roundTo } from '../invoices/decimal.ts';
import type { Customer, Invoice, InvoiceLine, IsoDate } from '../invoices/invoice.ts';
import { formatMoney } from '../invoices/money.ts';
import { percentOfFraction } from './decimal-text.ts';
import { BLANK_LINE, type InvoiceFields, type LineFields } from './invoice-fields.ts';
import type { DealLines } from './ports.ts';

const USUAL_TERM_DAYS = 30;
const USUAL_CURRENCY = 'EUR';
const DAY_MS = 86_400_000;

/** The form of a new invoice: the customer and currency of the deal's latest one, and the deal's own lines where they can be had. */
export function newInvoiceFields(
  today: IsoDate,
  latest: Pick<Invoice, 'customer' | 'currency'> | undefined,
  dealLines: DealLines,
): InvoiceFields {
  const lines = dealLines.kind === 'lines' && dealLines.lines.length > 0 ? dealLines.lines : [BLANK_LINE];
  const dealCurrency = dealLines.kind === 'lines' ? dealLines.currency : undefined;
  const currency = dealCurrency ?? latest?.currency ?? USUAL_CURRENCY;
  return {
    ...customerFields(latest?.customer),
    currency,
    issueDate: today,
    dueDate: new Date(Date.parse(today) + USUAL_TERM_DAYS * DAY_MS).toISOString().slice(0, 10),
    lines: lines.map((line) => ({ ...line, discount: roundedDiscount(line, currency) })),
  };
}

/** A discount off some units may come to more decimals than the currency has, which no invoice could be saved with. */
function roundedDiscount({ discount, discountKind }: LineFields, currency: string): string {
  if (discount === '' || discountKind === 'rate' || !isCurrencyCode(currency)) return discount;
  const decimals = currencyDecimals(currency);
  return canonicalDecimal(formatUnits(roundTo(parseDecimal(discount), decimals), decimals));
}

/** The form of an invoice as it is. */
export const invoiceFields = (invoice: Invoice): InvoiceFields => ({
  ...customerFields(invoice.customer),
  currency: invoice.currency,
  issueDate: invoice.issueDate,
  dueDate: invoice.dueDate,
  lines:
    invoice.lines.length > 0 ? invoice.lines.map((line) => lineFields(line, invoice.currency)) : [BLANK_LINE],
});

const customerFields = (customer: Customer | undefined) => ({
  customerName: customer?.name ?? '',
  customerEmail: customer?.email ?? '',
  customerAddress: customer?.address?.join('\n') ?? '',
  customerTaxId: customer?.taxId ?? '',
  customerExternalId: customer?.externalId ?? '',
  known: { externalId: customer?.externalId ?? '', name: customer?.name ?? '' },
});

const lineFields = (line: InvoiceLine, currency: string): LineFields => ({
  description: line.description,
  quantity: line.quantity,
  unitPrice: line.unitPrice,
  ...discountFields(line, currency),
  taxRate: line.taxRate === undefined ? '' : percentOfFraction(line.taxRate),
  productExternalId: line.productExternalId ?? '',
});

function discountFields(line: InvoiceLine, currency: string): Pick<LineFields, 'discount' | 'discountKind'> {
  if (line.discountRate !== undefined) {
    return { discount: percentOfFraction(line.discountRate), discountKind: 'rate' };
  }
  const discount = line.discount === undefined ? '' : formatMoney(line.discount, currency);
  return { discount, discountKind: 'amount' };
}
