import { decimalText, fractionOfPercent } from './decimal-text.ts';

/** A line of the form, as typed. */
export interface LineFields {
  description: string;
  quantity: string;
  unitPrice: string;
  discount: string;
  discountKind: DiscountKind;
  /** In percent. */
  taxRate: string;
  productExternalId: string;
}

/** What the discount's number stands for: money, or percent. */
export type DiscountKind = 'amount' | 'rate';

/** The form of an invoice, as typed. Its controls are named as the fields of the input they become, such as `lines[0].unitPrice`. */
export interface InvoiceFields {
  customerName: string;
  customerEmail: string;
  /** One address line a line. */
  customerAddress: string;
  customerTaxId: string;
  /** Of the accounting system's customer that the invoice is for; empty where it is for none of them. */
  customerExternalId: string;
  known: KnownCustomer;
  currency: string;
  issueDate: string;
  dueDate: string;
  lines: LineFields[];
}

/** The accounting system's customer that the form came with, so that the form can offer it again; both empty where there was none. */
export interface KnownCustomer {
  externalId: string;
  name: string;
}

export const BLANK_LINE: LineFields = {
  description: '',
  quantity: '1',
  unitPrice: '',
  discount: '',
  discountKind: 'amount',
  taxRate: '',
  productExternalId: '',
};

/** Somewhat more lines than an invoice may have, so that too many are told as such. */
const MOST_LINES_READ = 600;

/** Reads the form's controls, from a request's body or from the page's own form. Names it doesn't know are left out. */
export function readInvoiceFields(entries: Iterable<readonly [string, string]>): InvoiceFields {
  const values = new Map<string, string>();
  const lines = new Map<number, Map<string, string>>();
  for (const [name, value] of entries) {
    const [, index, part = ''] = /^lines\[(\d{1,4})\]\.(\w+)$/.exec(name) ?? [];
    if (index === undefined) {
      values.set(name, value);
      continue;
    }
    const line = lines.get(Number(index)) ?? new Map<string, string>();
    if (lines.size < MOST_LINES_READ) lines.set(Number(index), line);
    line.set(part, value);
  }
  const value = (name: string): string => values.get(name) ?? '';
  return {
    customerName: value('customer.name'),
    customerEmail: value('customer.email'),
    customerAddress: value('customer.address'),
    customerTaxId: value('customer.taxId'),
    customerExternalId: value('customer.externalId'),
    known: { externalId: value('known.externalId'), name: value('known.name') },
    currency: value('currency'),
    issueDate: value('issueDate'),
    dueDate: value('dueDate'),
    lines: [...lines].sort(([a], [b]) => a - b).map(([, line]) => lineFields(line)),
  };
}

const lineFields = (line: ReadonlyMap<string, string>): LineFields => ({
  description: line.get('description') ?? '',
  quantity: line.get('quantity') ?? '',
  unitPrice: line.get('unitPrice') ?? '',
  discount: line.get('discount') ?? '',
  discountKind: line.get('discountKind') === 'rate' ? 'rate' : 'amount',
  taxRate: line.get('taxRate') ?? '',
  productExternalId: line.get('productExternalId') ?? '',
});

/** Whether nothing was entered on the line: such a line is not part of the invoice. */
export const isBlank = ({ description, unitPrice, discount }: LineFields): boolean =>
  [description, unitPrice, discount].every((text) => text.trim() === '');

/** The input that the fields stand for, and which control each of its lines came from. */
export interface FieldsAsInput {
  input: {
    customer: Record<string, unknown>;
    currency: string;
    issueDate: string;
    dueDate: string;
    lines: Record<string, string>[];
  };
  /** For each line of the input its index in the form. */
  lineIndexes: number[];
}

/** The fields as the input that the ledger's schema reads. What was left empty is left out; what can't be read is for the schema to say. */
export function invoiceInput(fields: InvoiceFields): FieldsAsInput {
  const address = fields.customerAddress
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const filled = [...fields.lines.entries()].filter(([, line]) => !isBlank(line));
  return {
    input: {
      customer: {
        ...given('name', fields.customerName),
        ...given('email', fields.customerEmail),
        ...given('externalId', fields.customerExternalId),
        ...given('taxId', fields.customerTaxId),
        ...(address.length > 0 ? { address } : {}),
      },
      currency: fields.currency,
      issueDate: fields.issueDate.trim(),
      dueDate: fields.dueDate.trim(),
      lines: filled.map(([, line]) => lineInput(line)),
    },
    lineIndexes: filled.map(([index]) => index),
  };
}

const lineInput = (line: LineFields): Record<string, string> => ({
  ...given('description', line.description.replaceAll('\r\n', '\n')),
  ...given('quantity', decimalText(line.quantity)),
  ...given('unitPrice', decimalText(line.unitPrice)),
  ...(line.discountKind === 'rate'
    ? given('discountRate', fractionOfPercent(line.discount))
    : given('discount', decimalText(line.discount))),
  ...given('taxRate', fractionOfPercent(line.taxRate)),
  ...given('productExternalId', line.productExternalId),
});

/** The field, unless it was left empty. */
const given = (name: string, typed: string): Record<string, string> => {
  const text = typed.trim();
  return text === '' ? {} : { [name]: text };
};

/** The name of the control that a problem of the input belongs to: `lines[1].discountRate` is shown at `lines[3].discount`. */
export function controlOf(field: string, lineIndexes: readonly number[]): string {
  const [, index, part = ''] = /^lines\[(\d+)\](?:\.(\w+))?/.exec(field) ?? [];
  if (index === undefined) return field.replace(/\[\d+\]$/, '');
  const control = part === 'discountRate' ? 'discount' : part || 'description';
  return `lines[${lineIndexes[Number(index)] ?? index}].${control}`;
}
