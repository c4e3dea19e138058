/** The tables of the kill test. */
export const KILL_TABLES = ['kill-invoices', 'kill-deals'];

/** Large enough that a transaction takes several blocks of the database's log. */
const TEXT = 'x'.repeat(8 * 1024);

/** The five items that a numbered transaction puts, in two tables, each with an entry in the index `byDue`. */
export function itemsOfTransaction(number: number): { TableName: string; Item: Record<string, unknown> }[] {
  return ['a', 'b', 'c', 'd', 'e'].map((sk, index) => ({
    TableName: String(KILL_TABLES[index % KILL_TABLES.length]),
    Item: { pk: `transaction-${number}`, sk, due: number, text: TEXT },
  }));
}
