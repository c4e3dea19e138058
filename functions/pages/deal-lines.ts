import type { DealLineItem, DealLineItems } from '../hubspot/deal-line-items.ts';
import { isCurrencyCode } from '../invoices/currency.ts';
import {
  canonicalDecimal,
  decimalProblem,
  formatUnits,
  MAX_DIGITS,
  multiply,
  parseDecimal,
  roundTo,
} from '../invoices/decimal.ts';
import { MAX_QUANTITY_DECIMALS, MAX_UNIT_PRICE_DECIMALS } from '../invoices/invoice-input.ts';
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
  const quantity = number(item.quantity, MAX_QUANTITY_DECIMALS) || '1';
  return {
    ...BLANK_LINE,
    description: item.name,
    quantity,
    unitPrice: number(item.price, MAX_UNIT_PRICE_DECIMALS),
    ...discount(item, quantity),
    productExternalId: externalIds.get(item.productId) ?? '',
  };
}

/** HubSpot takes a discount off each unit; the form's is off the line. It is exact: the form rounds it to its currency. */
function discount(item: DealLineItem, quantity: string): Pick<LineFields, 'discount' | 'discountKind'> {
  const percentage = number(item.discountPercentage);
  if (percentage !== '' && percentage !== '0') return { discount: percentage, discountKind: 'rate' };
  const perUnit = number(item.unitDiscount);
  if (perUnit === '' || perUnit === '0') return { discount: '', discountKind: 'amount' };
  const { units, scale } = multiply(parseDecimal(perUnit), parseDecimal(quantity));
  return { discount: canonicalDecimal(formatUnits(units, scale)), discountKind: 'amount' };
}

/** A decimal text without zeros at its end and with no more decimals than the form takes; empty where it is none. */
const number = (text: string, mostDecimals = MAX_DIGITS): string =>
  decimalProblem(text, MAX_DIGITS) === undefined
    ? canonicalDecimal(formatUnits(roundTo(parseDecimal(text), mostDecimals), mostDecimals))
    : '';
