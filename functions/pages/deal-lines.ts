import type { DealLineItem, DealLineItems } from '../hubspot/deal-line-items.ts';
import { isCurrencyCode } from '../invoices/currency.ts';
import {
  canonicalDecimal,
  decimalProblem,
  formatUnits,
  MAX_DIGITS,
  multiply,
  parseDecimal,
} from '../invoices/decimal.ts';
import { BLANK_LINE, type LineFields } from './invoice-fields.ts';
import { lineItemsNotice } from './line-items-notice.ts';
import type { DealLines } from './ports.ts';

/**
 * A deal's line items as lines of the form. What HubSpot has in a way that the form doesn't know is left blank for the rep to fill in;
 * tax isn't among a line item's values. `externalIds` tells the accounting system's id of a HubSpot product.
 */
export function dealLines(read: DealLineItems, externalIds: ReadonlyMap<string, string>): DealLines {
  if (read.kind !== 'items') return { kind: 'unavailable', notice: lineItemsNotice(read) };
  const currency =
    read.currency !== undefined && isCurrencyCode(read.currency) ? { currency: read.currency } : {};
  return { kind: 'lines', lines: read.items.map((item) => lineFields(item, externalIds)), ...currency };
}

function lineFields(item: DealLineItem, externalIds: ReadonlyMap<string, string>): LineFields {
  const quantity = number(item.quantity) || '1';
  return {
    ...BLANK_LINE,
    description: item.name,
    quantity,
    unitPrice: number(item.price),
    ...discount(item, quantity),
    productExternalId: externalIds.get(item.productId) ?? '',
  };
}

/** HubSpot takes a discount off each unit; the form's is off the line. */
function discount(item: DealLineItem, quantity: string): Pick<LineFields, 'discount' | 'discountKind'> {
  const percentage = number(item.discountPercentage);
  if (percentage !== '' && percentage !== '0') return { discount: percentage, discountKind: 'rate' };
  const perUnit = number(item.unitDiscount);
  if (perUnit === '' || perUnit === '0') return { discount: '', discountKind: 'amount' };
  const { units, scale } = multiply(parseDecimal(perUnit), parseDecimal(quantity));
  return { discount: canonicalDecimal(formatUnits(units, scale)), discountKind: 'amount' };
}

/** A decimal text without zeros at its end; empty where it is none that the form could take. */
const number = (text: string): string =>
  decimalProblem(text, MAX_DIGITS) === undefined ? canonicalDecimal(text) : '';
