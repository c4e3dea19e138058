import type { JsonObject } from 'dynalite/db/index.js';
import type { StorageEngine } from './storage-engine.ts';

/** One operation of the DynamoDB API: request in, answer out; throws a reported error for what it refuses. */
export type Operation = (engine: StorageEngine, request: JsonObject) => Promise<JsonObject>;
