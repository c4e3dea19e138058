import { isCurrencyCode } from '../currency.ts';
import type { DealRow } from '../deal-row.ts';
import type { DealSummary } from '../deal-summary.ts';
import { summaryAttributes } from '../ledger-items.ts';
import { formatMoney } from '../money.ts';

/** What a row's invoice adds to its deal's summary, where the row agrees with it: the same as the invoice's own contribution. */
export function rowContribution(row: DealRow): DealSummary {
  const { status, currency, total, amountPaid, balance } = row;
  const counts = { invoiceCount: 1, draftCount: 0, voidCount: 0 };
  if (status === 'draft') return { ...counts, draftCount: 1, currencies: [] };
  if (status === 'void') return { ...counts, voidCount: 1, currencies: [] };
  return { ...counts, currencies: [{ currency, count: 1, total, amountPaid, balance }] };
}

const FIGURE = /^(?:(?:invoice|draft|void)Count|(count|total|amountPaid|balance)_(.+))$/;

/** What is stored as a figure and is no whole number. */
const NOT_A_FIGURE = 'not a whole number';
type Figure = bigint | typeof NOT_A_FIGURE;

/** The figures of a stored summary, by attribute; other attributes belong to somebody else. */
function storedFigures(item: Record<string, unknown> | undefined): Map<string, Figure> {
  const figures = Object.entries(item ?? {}).filter(([name]) => FIGURE.test(name));
  return new Map(figures.map(([name, value]): [string, Figure] => [name, figure(value)]));
}

const figure = (value: unknown): Figure =>
  typeof value === 'bigint' || (typeof value === 'number' && Number.isSafeInteger(value))
    ? BigInt(value)
    : NOT_A_FIGURE;

/** The attributes by which a repair sets a stored summary to the sum: zero for the currencies it has no more. */
export function summaryRepair(
  item: Record<string, unknown> | undefined,
  sum: DealSummary,
): Record<string, bigint | number> {
  const zeros = [...storedFigures(item).keys()].map((name): [string, number] => [name, 0]);
  return { ...Object.fromEntries(zeros), ...summaryAttributes(sum) };
}

/** In which figures a stored summary differs from the sum, as phrases; a figure that isn't stored is zero. */
export function summaryDifferences(item: Record<string, unknown> | undefined, sum: DealSummary): string[] {
  const stored = storedFigures(item);
  const expected = new Map(
    Object.entries(summaryAttributes(sum)).map(([name, value]) => [name, BigInt(value)]),
  );
  return [...new Set([...stored.keys(), ...expected.keys()])].sort().flatMap((name) => {
    const [is, should] = [stored.get(name) ?? 0n, expected.get(name) ?? 0n];
    return is === should ? [] : [`${name} is ${shown(name, is)}, should be ${shown(name, should)}`];
  });
}

function shown(name: string, value: Figure): string {
  if (value === NOT_A_FIGURE) return value;
  const [, kind, currency = ''] = FIGURE.exec(name) ?? [];
  const isMoney = kind !== undefined && kind !== 'count' && isCurrencyCode(currency);
  return isMoney ? formatMoney(value, currency) : String(value);
}
