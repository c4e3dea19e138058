import type { Callback, Namespace, RangeOptions } from 'dynalite/db/index.js';
import type { ValueStream } from './value-stream.ts';

/** How one prefix of the database is read, and where its writes go until they are committed. */
export interface NamespaceAccess {
  read(key: string): Promise<unknown>;
  /** Notes a write; `undefined` deletes. */
  stage(key: string, value: unknown): void;
  keys(range: RangeOptions): ValueStream;
  values(range: RangeOptions): ValueStream;
  /** Told of what an action's own callback throws, which nothing else could catch. */
  fail(error: unknown): void;
}

/** A prefix of the database in the shape that dynalite's actions expect. */
export function stagedNamespace(access: NamespaceAccess): Namespace {
  return {
    get(key, callback) {
      access
        .read(key)
        .then((value) => callback(null, value), callback)
        .catch(access.fail);
    },
    put(key, value, callback) {
      access.stage(key, value);
      callback(null);
    },
    del(key, callback) {
      access.stage(key, undefined);
      callback(null);
    },
    batch(operations, callback) {
      for (const operation of operations)
        access.stage(operation.key, operation.type === 'put' ? operation.value : undefined);
      callback(null);
    },
    createKeyStream: (range = {}) => access.keys(range),
    createValueStream: (range = {}) => access.values(range),
    // Whoever writes holds the one write queue already, so dynalite's lock per key has nothing left to guard.
    lock: (_key, run) => run((done: Callback) => done),
  };
}

/** The range of a namespace's keys, moved to where its prefix puts them. */
export function prefixedRange(prefix: string, { reverse, limit, ...bounds }: RangeOptions): RangeOptions {
  const range: RangeOptions = { reverse: reverse === true, limit: limit ?? -1 };
  if (bounds.gt !== undefined) range.gt = prefix + bounds.gt;
  else range.gte = prefix + (bounds.gte ?? '');
  if (bounds.lt !== undefined) range.lt = prefix + bounds.lt;
  else if (bounds.lte !== undefined) range.lte = prefix + bounds.lte;
  else range.lt = `${prefix}\xFF`;
  return range;
}
