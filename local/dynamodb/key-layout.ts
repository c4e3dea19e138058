/** Where things lie in the one level database. Table and index names never contain `~`. */

/** A table's description. */
export const TABLES = 'table~';
/** A table's stream and time-to-live settings. */
export const SETTINGS = 'settings~';
/** Change records that are committed and not yet delivered, by sequence number. */
export const OUTBOX = 'outbox~';
/** The last sequence number given out. */
export const LAST_SEQUENCE = 'sequence~last';
/** Client request tokens of committed transactions. */
export const REQUEST_TOKENS = 'token~';

/** A table's items, by their primary key. */
export function itemsOf(table: string): string {
  return `item-${table}~`;
}

/** The entries of a local or global secondary index. */
export function indexOf(kind: string, table: string, index: string): string {
  return `index-${kind.toLowerCase()}~${table}~${index}~`;
}

/** A table's tags. */
export function tagsOf(table: string): string {
  return `tag-${table}~`;
}

/** A table's items that have a time to live, by expiry. */
export function expiriesOf(table: string): string {
  return `expiry-${table}~`;
}

/** Everything that goes with a table when it is deleted, as prefixes. */
export function contentsOf(table: string): string[] {
  return [
    itemsOf(table),
    `index-local~${table}~`,
    `index-global~${table}~`,
    tagsOf(table),
    expiriesOf(table),
  ];
}
