/** Types of the dynalite modules that the embedded DynamoDB builds on (dynalite ships none). */

declare module 'dynalite/db/index.js' {
  import type { AttributeValue } from 'aws-lambda';

  export type Item = Record<string, AttributeValue>;
  export type JsonObject = Record<string, unknown>;
  export type Callback<Result = unknown> = (error?: Error | null, result?: Result) => void;

  export interface KeySchemaElement {
    AttributeName: string;
    KeyType: 'HASH' | 'RANGE';
  }

  export interface SecondaryIndex {
    IndexName: string;
    KeySchema: KeySchemaElement[];
    Projection: { ProjectionType: 'ALL' | 'INCLUDE' | 'KEYS_ONLY'; NonKeyAttributes?: string[] };
  }

  export interface TableDescription {
    TableName: string;
    TableArn: string;
    TableStatus: string;
    CreationDateTime: number;
    KeySchema: KeySchemaElement[];
    AttributeDefinitions: { AttributeName: string; AttributeType: 'S' | 'N' | 'B' }[];
    LocalSecondaryIndexes?: SecondaryIndex[];
    GlobalSecondaryIndexes?: SecondaryIndex[];
  }

  /** What dynalite reports: an HTTP status and a body in DynamoDB's JSON protocol. */
  export interface ReportedError extends Error {
    statusCode: number;
    body: JsonObject;
  }

  export interface RangeOptions {
    gt?: string;
    gte?: string;
    lt?: string;
    lte?: string;
    reverse?: boolean;
    limit?: number;
  }

  export interface LevelIterator<Entry> {
    nextv(size: number): Promise<Entry[]>;
    all(): Promise<Entry[]>;
    close(): Promise<void>;
  }

  export type BatchOperation = { type: 'put'; key: string; value: unknown } | { type: 'del'; key: string };

  /** The level database as dynalite leaves it: promises when no callback is given. */
  export interface Level {
    open(): Promise<void>;
    close(): Promise<void>;
    get(key: string): Promise<unknown>;
    getMany(keys: string[]): Promise<unknown[]>;
    batch(operations: BatchOperation[]): Promise<void>;
    clear(range: RangeOptions): Promise<void>;
    keys(range: RangeOptions): LevelIterator<string>;
    values(range: RangeOptions): LevelIterator<unknown>;
    iterator(range: RangeOptions): LevelIterator<[string, unknown]>;
  }

  export interface StoreOptions {
    path?: string;
    createTableMs?: number;
    deleteTableMs?: number;
    updateTableMs?: number;
    maxItemSize?: number;
  }

  /** One prefix of the database, as dynalite's actions use it. */
  export interface Namespace {
    get(key: string, callback: Callback): void;
    put(key: string, value: unknown, callback: Callback): void;
    del(key: string, callback: Callback): void;
    batch(operations: BatchOperation[], callback: Callback): void;
    createKeyStream(range?: RangeOptions): NodeJS.ReadableStream;
    createValueStream(range?: RangeOptions): NodeJS.ReadableStream;
    lock(key: string, run: (release: (done: Callback) => Callback) => void): void;
  }

  /** What dynalite's actions need of a store. */
  export interface ActionStore {
    options: StoreOptions;
    tableDb: Namespace & { awsAccountId: string; awsRegion: string };
    getTable(name: string, checkStatus: boolean | Callback, callback?: Callback): void;
    getItemDb(table: string): Namespace;
    getIndexDb(kind: string, table: string, index: string): Namespace;
    getTagDb(table: string): Namespace;
    deleteItemDb(table: string, callback: Callback): void;
    deleteIndexDb(kind: string, table: string, index: string, callback: Callback): void;
    deleteTagDb(table: string, callback: Callback): void;
  }

  export interface Condition {
    _condition?: unknown;
  }

  interface Database {
    create(options: StoreOptions): { db: Level; tableDb: ActionStore['tableDb']; options: StoreOptions };
    createKey(item: Item, table: TableDescription): string;
    validateKey(key: Item, table: TableDescription): ReportedError | undefined;
    validateItem(item: Item, table: TableDescription): ReportedError | undefined;
    validationError(message: string): ReportedError;
    checkConditional(request: Condition, existing: Item | undefined): ReportedError | null | undefined;
    itemSize(item: Item): number;
    capacityUnits(item: Item | undefined, isRead: boolean, isConsistent: boolean): number;
    getIndexActions(
      indexes: SecondaryIndex[],
      existing: Item | undefined,
      item: Item | undefined,
      table: TableDescription,
    ): { puts: { index: string; key: string; item: Item }[] };
  }
  const database: Database;
  export default database;
}

declare module 'dynalite/validations/index.js' {
  import type { ActionStore, JsonObject } from 'dynalite/db/index.js';

  /** dynalite's own schema language: a type's name, or a type with constraints and children. */
  export interface FieldType {
    type: string;
    notNull?: boolean;
    enum?: string[];
    regex?: string;
    lengthGreaterThanOrEqual?: number;
    lengthLessThanOrEqual?: number;
    children?: string | FieldType | FieldTypes;
  }
  export type FieldTypes = { [field: string]: string | FieldType };
  export type CustomValidation = (
    request: JsonObject,
    store: Pick<ActionStore, 'options'>,
  ) => string | undefined;

  const validations: {
    checkTypes(request: JsonObject, types: FieldTypes): JsonObject;
    checkValidations(
      request: JsonObject,
      types: FieldTypes,
      custom: CustomValidation | undefined,
      store: Pick<ActionStore, 'options'>,
    ): void;
    validateAttributeValue(value: unknown): string | undefined;
    validateExpressions(request: JsonObject): string | undefined;
  };
  export default validations;
}

declare module 'dynalite/validations/*.js' {
  import type { CustomValidation, FieldTypes } from 'dynalite/validations/index.js';

  const validation: { types: FieldTypes; custom?: CustomValidation };
  export default validation;
}

declare module 'dynalite/actions/*.js' {
  import type { ActionStore, Callback, JsonObject } from 'dynalite/db/index.js';

  const action: (store: ActionStore, request: JsonObject, callback: Callback<JsonObject>) => void;
  export default action;
}
