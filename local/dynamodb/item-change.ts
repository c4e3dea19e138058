import type { BatchOperation, Item, SecondaryIndex, TableDescription } from 'dynalite/db/index.js';
import dynalite from 'dynalite/db/index.js';
import { expiriesOf, indexOf, itemsOf } from './key-layout.ts';

/** One item before and after a request; `undefined` where there is none. */
export interface ItemChange {
  table: TableDescription;
  /** The key string that dynalite makes of the primary key. */
  key: string;
  before: Item | undefined;
  after: Item | undefined;
}

/** The writes that carry out a change: the item, its entries in every index, and its place in the order of expiry. */
export function operationsOfChange(
  change: ItemChange,
  timeToLiveAttribute: string | undefined,
): BatchOperation[] {
  const { table, key, before, after } = change;
  const itemKey = itemsOf(table.TableName) + key;
  const entriesBefore = derivedEntries(change, before, timeToLiveAttribute);
  const entriesAfter = derivedEntries(change, after, timeToLiveAttribute);
  return [
    after === undefined ? { type: 'del', key: itemKey } : { type: 'put', key: itemKey, value: after },
    ...[...entriesBefore.keys()].filter((entry) => !entriesAfter.has(entry)).map((entry) => del(entry)),
    ...[...entriesAfter].map(([entry, value]) => put(entry, value)),
  ];
}

/** Where an item stands in its table's order of expiry, or undefined if it never expires. */
export function expiryEntry(table: string, key: string, item: Item, attribute: string): string | undefined {
  const seconds = Number(item[attribute]?.N);
  if (!Number.isFinite(seconds) || seconds < 0 || seconds >= 1e12) return undefined;
  return `${expiriesOf(table)}${expiryPrefix(seconds)}${key}`;
}

/** The part of an expiry entry's key that orders it, for a time in epoch seconds. */
export function expiryPrefix(epochSeconds: number): string {
  return `${String(Math.floor(epochSeconds)).padStart(12, '0')}~`;
}

function derivedEntries(
  { table, key }: ItemChange,
  item: Item | undefined,
  timeToLiveAttribute: string | undefined,
): Map<string, unknown> {
  const entries = new Map<string, unknown>();
  if (item === undefined) return entries;
  for (const [kind, indexes] of secondaryIndexes(table)) {
    for (const { index, key: indexKey, item: projection } of dynalite.getIndexActions(
      indexes,
      undefined,
      item,
      table,
    ).puts)
      entries.set(`${indexOf(kind, table.TableName, index)}${indexKey}/${key}`, projection);
  }
  if (timeToLiveAttribute !== undefined) {
    const expiry = expiryEntry(table.TableName, key, item, timeToLiveAttribute);
    if (expiry !== undefined) entries.set(expiry, key);
  }
  return entries;
}

function secondaryIndexes(table: TableDescription): [kind: string, indexes: SecondaryIndex[]][] {
  return [
    ['local', table.LocalSecondaryIndexes ?? []],
    ['global', table.GlobalSecondaryIndexes ?? []],
  ];
}

function put(key: string, value: unknown): BatchOperation {
  return { type: 'put', key, value };
}

function del(key: string): BatchOperation {
  return { type: 'del', key };
}
