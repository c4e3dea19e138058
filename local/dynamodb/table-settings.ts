import type { BatchOperation, Level } from 'dynalite/db/index.js';
import { SETTINGS } from './key-layout.ts';
import { keysWithPrefix } from './level-database.ts';

/** Which images of an item its stream records show. */
export type StreamViewType = 'KEYS_ONLY' | 'NEW_IMAGE' | 'OLD_IMAGE' | 'NEW_AND_OLD_IMAGES';

/** A table's change stream. */
export interface TableStream {
  arn: string;
  label: string;
  viewType: StreamViewType;
}

/** What a table has that dynalite doesn't know. */
export interface TableSettings {
  stream?: TableStream;
  /** The attribute whose number is the epoch second at which an item expires. */
  timeToLiveAttribute?: string;
}

/** All tables' settings, in memory; whoever changes a setting commits its record and then calls `set`. */
export class TableSettingsIndex {
  readonly #settings = new Map<string, TableSettings>();

  /** Reads what is stored. */
  static async load(level: Level): Promise<TableSettingsIndex> {
    const index = new TableSettingsIndex();
    for (const [key, value] of await level.iterator(keysWithPrefix(SETTINGS)).all())
      index.set(key.slice(SETTINGS.length), value as TableSettings);
    return index;
  }

  of(table: string): TableSettings {
    return this.#settings.get(table) ?? {};
  }

  /** Sets a table's settings, or forgets them when there are none. */
  set(table: string, settings: TableSettings | undefined): void {
    if (settings === undefined) this.#settings.delete(table);
    else this.#settings.set(table, settings);
  }

  /** The names of the tables whose items may expire, with the attribute that says when. */
  expiring(): { table: string; attribute: string }[] {
    return [...this.#settings].flatMap(([table, { timeToLiveAttribute }]) =>
      timeToLiveAttribute === undefined ? [] : [{ table, attribute: timeToLiveAttribute }],
    );
  }
}

/** The write that stores a table's settings, or removes them. */
export function settingsOperation(table: string, settings: TableSettings | undefined): BatchOperation {
  const key = SETTINGS + table;
  return settings === undefined ? { type: 'del', key } : { type: 'put', key, value: settings };
}
