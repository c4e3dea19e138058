import type {
  ActionStore,
  BatchOperation,
  Callback,
  Item,
  Level,
  Namespace,
  RangeOptions,
  TableDescription,
} from 'dynalite/db/index.js';
import dynalite from 'dynalite/db/index.js';
import type { ItemChange } from './item-change.ts';
import { indexOf, itemsOf, TABLES, tagsOf } from './key-layout.ts';
import { dynamoDBError } from './service-error.ts';
import { type NamespaceAccess, prefixedRange, stagedNamespace } from './staged-namespace.ts';
import { ValueStream } from './value-stream.ts';

/** DynamoDB's limit for one item. */
export const MAX_ITEM_BYTES = 400 * 1024;

/**
 * What dynalite's actions take for their store while they serve one request. Reads see the database as it is; writes
 * stay here until the caller commits them all in one atomic batch. Index writes are dropped: whoever commits derives
 * the index entries from the items.
 */
export class StagedStore implements ActionStore {
  readonly options = { createTableMs: 0, deleteTableMs: 0, updateTableMs: 0, maxItemSize: MAX_ITEM_BYTES };
  readonly tableDb: ActionStore['tableDb'];
  /** Is told of what an action throws inside a callback. */
  fail: (error: unknown) => void = () => undefined;
  readonly #level: Level;
  readonly #startKey: Item | undefined;
  readonly #tables = new Map<string, TableDescription>();
  readonly #items = new Map<string, ItemChange>();
  readonly #records = new Map<string, unknown>();
  readonly #secondTableWrite = Promise.withResolvers<void>();
  #tableWrites = 0;

  /** `startKey` is the request's ExclusiveStartKey, if it has one. */
  constructor(level: Level, place: { region: string; account: string }, startKey?: Item) {
    this.#level = level;
    this.#startKey = startKey;
    this.tableDb = {
      ...this.#namespaceOfRecords(TABLES, () => this.#countTableWrite()),
      awsAccountId: place.account,
      awsRegion: place.region,
    };
  }

  /** The items that the actions changed, in the order they were changed. */
  get changes(): ItemChange[] {
    return [...this.#items.values()].filter((change) => change.before !== change.after);
  }

  /** The writes of table descriptions and tags. */
  get recordOperations(): BatchOperation[] {
    return [...this.#records].map(([key, value]) =>
      value === undefined ? { type: 'del', key } : { type: 'put', key, value },
    );
  }

  /**
   * Settles when a table that is being created, updated or deleted has arrived: dynalite writes its description twice,
   * first on its way and then as it stays.
   */
  get tableSettled(): Promise<void> {
    return this.#secondTableWrite.promise;
  }

  getTable(name: string, checkStatus: boolean | Callback, callback?: Callback): void {
    const answer = typeof checkStatus === 'function' ? checkStatus : callback;
    const activeOnly = checkStatus !== false;
    this.readTable(name)
      .then(
        (table) => {
          if (table === undefined || (activeOnly && !['ACTIVE', 'UPDATING'].includes(table.TableStatus)))
            answer?.(tableNotFound(name, activeOnly));
          else answer?.(null, table);
        },
        (error: Error) => answer?.(error),
      )
      .catch((error: unknown) => this.fail(error));
  }

  /** A table's description, or undefined. */
  async readTable(name: string): Promise<TableDescription | undefined> {
    const known = this.#tables.get(name);
    if (known !== undefined) return known;
    const table = (await this.#readRecord(TABLES + name)) as TableDescription | undefined;
    if (table !== undefined) this.#tables.set(name, table);
    return table;
  }

  /** An item by its table and the key string that dynalite makes of its primary key. */
  async readItem(table: string, key: string): Promise<Item | undefined> {
    return (await this.readChange(table, key)).after;
  }

  /** An item as it was found and as the actions so far have left it. */
  async readChange(table: string, key: string): Promise<ItemChange> {
    const fullKey = itemsOf(table) + key;
    const known = this.#items.get(fullKey);
    if (known !== undefined) return known;
    const [item, description] = await Promise.all([this.#level.get(fullKey), this.readTable(table)]);
    if (description === undefined) throw tableNotFound(table, true);
    const before = item as Item | undefined;
    const change: ItemChange = { table: description, key, before, after: before };
    this.#items.set(fullKey, change);
    return change;
  }

  getItemDb(table: string): Namespace {
    return this.#namespace(itemsOf(table), {
      read: (key) => this.readItem(table, key),
      stage: (key, value) => {
        const change = this.#items.get(itemsOf(table) + key);
        if (change === undefined) throw new Error(`An item of ${table} was written before it was read`);
        change.after = value as Item | undefined;
      },
    });
  }

  getIndexDb(kind: string, table: string, index: string): Namespace {
    const prefix = indexOf(kind, table, index);
    return this.#namespace(prefix, {
      read: (key) => this.#level.get(prefix + key),
      stage: () => undefined,
      values: (range) => this.#valueStream(prefix, this.#startAtWholeKey(table, range)),
    });
  }

  getTagDb(table: string): Namespace {
    return this.#namespaceOfRecords(tagsOf(table), () => undefined);
  }

  // A deleted table's contents are cleared by whoever commits the deletion.
  deleteItemDb(_table: string, callback: Callback): void {
    callback(null);
  }

  deleteIndexDb(_kind: string, _table: string, _index: string, callback: Callback): void {
    callback(null);
  }

  deleteTagDb(_table: string, callback: Callback): void {
    callback(null);
  }

  async #readRecord(fullKey: string): Promise<unknown> {
    return this.#records.has(fullKey) ? this.#records.get(fullKey) : this.#level.get(fullKey);
  }

  #countTableWrite(): void {
    this.#tableWrites += 1;
    if (this.#tableWrites === 2) this.#secondTableWrite.resolve();
  }

  #namespaceOfRecords(prefix: string, onWrite: () => void): Namespace {
    return this.#namespace(prefix, {
      read: (key) => this.#readRecord(prefix + key),
      stage: (key, value) => {
        this.#records.set(prefix + key, value);
        onWrite();
      },
    });
  }

  #namespace(
    prefix: string,
    access: Pick<NamespaceAccess, 'read' | 'stage'> & Partial<NamespaceAccess>,
  ): Namespace {
    return stagedNamespace({
      keys: (range) => this.#keyStream(prefix, range),
      values: (range) => this.#valueStream(prefix, range),
      fail: (error) => this.fail(error),
      ...access,
    });
  }

  #valueStream(prefix: string, range: RangeOptions): ValueStream {
    return new ValueStream(this.#level.values(prefixedRange(prefix, range)), range.limit);
  }

  #keyStream(prefix: string, range: RangeOptions): ValueStream {
    const keys = this.#level.keys(prefixedRange(prefix, range));
    return new ValueStream(keys, range.limit, (key) => String(key).slice(prefix.length));
  }

  /**
   * dynalite's index keys end in 24 bits of a hash, so two items with the same index key can collide. Ours go on with
   * the whole primary key, and a page must start behind the whole key too.
   */
  #startAtWholeKey(table: string, range: RangeOptions): RangeOptions {
    const description = this.#tables.get(table);
    if (this.#startKey === undefined || description === undefined) return range;
    const primaryKey = `/${dynalite.createKey(this.#startKey, description)}`;
    if (range.reverse === true) return { ...range, lt: `${range.lt}${primaryKey}` };
    return { ...range, gt: `${range.gt}${primaryKey}` };
  }
}

/** The error for a table that isn't there; the service words it differently for calls on the table itself. */
function tableNotFound(name: string, forItems: boolean): Error {
  const message = forItems
    ? 'Requested resource not found'
    : `Requested resource not found: Table: ${name} not found`;
  const error = dynamoDBError('ResourceNotFoundException', message);
  // dynalite's actions recognise a missing table by this name.
  error.name = 'NotFoundError';
  return error;
}
