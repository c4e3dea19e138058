import type { PortalId } from '../identifiers.ts';
import type { Invoice } from '../invoice.ts';
import { rowItem } from '../ledger-items.ts';
import type { StoredItem } from './ledger-item.ts';

/** The names of the attributes in which a stored row differs from the one its invoice should have. */
export function rowDifferences(stored: StoredItem, portalId: PortalId, invoice: Invoice): string[] {
  const expected: Record<string, unknown> = rowItem(portalId, invoice);
  const names = new Set([...Object.keys(stored), ...Object.keys(expected)]);
  return [...names].filter((name) => comparable(stored[name]) !== comparable(expected[name])).sort();
}

/** The document client gives an amount as a number or as a bigint: the same amount is the same. */
function comparable(value: unknown): string {
  if (typeof value === 'bigint') return value.toString();
  return value === undefined ? '' : JSON.stringify(value);
}

/** Why a row may not stand where it does, given its invoice as it is now. */
export function strayReason(
  row: StoredItem,
  portalId: PortalId,
  invoice: Invoice | undefined,
): string | undefined {
  if (!invoice) return 'there is no such invoice';
  const expected = rowItem(portalId, invoice);
  if (expected.pk !== row.pk) {
    return invoice.dealId === undefined
      ? 'the invoice is on no deal'
      : `the invoice is on deal ${invoice.dealId}`;
  }
  return expected.sk === row.sk ? undefined : 'the invoice has its row at another place of the list';
}
