import type { InvoiceFields, LineFields } from './invoice-fields.ts';
import type { Product } from './ports.ts';

/** What a product changes on its line, and what is to be told about that beside the line. */
export interface TakenProduct {
  changes: Pick<LineFields, 'description' | 'productExternalId'> & Partial<Pick<LineFields, 'unitPrice'>>;
  note?: string;
}

/** A product for a line. A price in another currency than the invoice's would be a wrong one, and so would the price that stood there. */
export function takenProduct(product: Product, currency: string): TakenProduct {
  const named = { description: product.name, productExternalId: product.externalId };
  if (product.unitPrice === undefined) return { changes: named };
  if (product.currency === currency) return { changes: { ...named, unitPrice: product.unitPrice } };
  return {
    changes: { ...named, unitPrice: '' },
    note: `This product is priced in ${product.currency}: enter a price in ${currency}.`,
  };
}

/** The form with a product on one of its lines, and what is to be told about that. */
export function withProduct(
  fields: InvoiceFields,
  index: number,
  product: Product,
): { fields: InvoiceFields; note?: string } {
  const line = fields.lines[index];
  if (!line) return { fields };
  const { changes, ...told } = takenProduct(product, fields.currency);
  return { fields: { ...fields, lines: fields.lines.with(index, { ...line, ...changes }) }, ...told };
}
