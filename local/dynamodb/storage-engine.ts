import type { ActionStore, BatchOperation, Callback, Item, JsonObject, Level } from 'dynalite/db/index.js';
import { ExclusiveQueue } from './exclusive-queue.ts';
import { type ItemChange, operationsOfChange } from './item-change.ts';
import { keysWithPrefix, openLevelDatabase, writeAtomically } from './level-database.ts';
import { RequestTokens } from './request-tokens.ts';
import { StagedStore } from './staged-store.ts';
import { StreamOutbox } from './stream-outbox.ts';
import { TableSettingsIndex } from './table-settings.ts';

/** The region and account that appear in the names of tables and streams. */
export interface Place {
  region: string;
  account: string;
}

/** One of dynalite's actions. */
export type Action = (store: ActionStore, request: JsonObject, callback: Callback<JsonObject>) => void;

/** What one request commits. */
export interface Commit {
  changes?: ItemChange[];
  /** Further writes of the same batch. */
  operations?: BatchOperation[];
  /** Whether the changes are deletions of items whose time to live has ended. */
  expired?: boolean;
}

/** The database with everything that must hold together at each commit. */
export class StorageEngine {
  readonly level: Level;
  readonly settings: TableSettingsIndex;
  readonly outbox: StreamOutbox;
  readonly tokens: RequestTokens;
  readonly clock: () => number;
  readonly place: Place;
  /** Every write runs in here, and every read that must not see two states. */
  readonly writes = new ExclusiveQueue();

  private constructor(
    level: Level,
    settings: TableSettingsIndex,
    outbox: StreamOutbox,
    tokens: RequestTokens,
    clock: () => number,
    place: Place,
  ) {
    this.level = level;
    this.settings = settings;
    this.outbox = outbox;
    this.tokens = tokens;
    this.clock = clock;
    this.place = place;
  }

  /** Opens the database of a folder, or one in memory. `clock` gives epoch milliseconds. */
  static async open(
    directory: string | undefined,
    clock: () => number,
    place: Place,
  ): Promise<StorageEngine> {
    const level = await openLevelDatabase(directory);
    const settings = await TableSettingsIndex.load(level);
    const outbox = await StreamOutbox.open(level, settings, place.region);
    const tokens = await RequestTokens.load(level, clock);
    return new StorageEngine(level, settings, outbox, tokens, clock, place);
  }

  /** A store for one request; `startKey` is its ExclusiveStartKey, if it has one. */
  newStore(startKey?: Item): StagedStore {
    return new StagedStore(this.level, this.place, startKey);
  }

  /** Commits items, index entries, stream records and whatever else in one atomic write. Call it in `writes`. */
  async commit({ changes = [], operations = [], expired = false }: Commit): Promise<void> {
    await writeAtomically(this.level, [
      ...changes.flatMap((change) =>
        operationsOfChange(change, this.settings.of(change.table.TableName).timeToLiveAttribute),
      ),
      ...operations,
      ...this.outbox.operationsFor(changes, this.clock(), expired),
    ]);
    this.outbox.deliver();
  }

  /** Deletes every key that begins with the prefix. */
  async clear(prefix: string): Promise<void> {
    await this.level.clear(keysWithPrefix(prefix));
  }

  /** Closes the database once the last write is done. Close the outbox first, if it has a reader. */
  async close(): Promise<void> {
    await this.writes.idle();
    await this.level.close();
  }
}

/** Runs one of dynalite's actions on a store; throws what it reports. */
export function runAction(action: Action, store: StagedStore, request: JsonObject): Promise<JsonObject> {
  return new Promise((resolve, reject) => {
    store.fail = reject;
    action(store, request, (error, result) => {
      if (error) reject(error);
      else resolve(result ?? {});
    });
  });
}
