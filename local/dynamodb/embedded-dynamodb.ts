import { setTimeout as sleep } from 'node:timers/promises';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { loadItems } from './bulk-load.ts';
import { type FaultInjector, InjectedFaults } from './fault-injector.ts';
import { closeServer, createProtocolServer, listenOnLoopback } from './http-server.ts';
import { itemOperations } from './item-operations.ts';
import type { Operation } from './operation.ts';
import { coralError } from './service-error.ts';
import { StorageEngine } from './storage-engine.ts';
import type { StreamListener } from './stream-outbox.ts';
import { tableOperations } from './table-operations.ts';
import { deleteExpiredItems, timeToLiveOperations } from './time-to-live.ts';
import { transactGetItems } from './transact-get.ts';
import { transactWriteItems } from './transact-write.ts';

export type { FaultInjector } from './fault-injector.ts';
export type { StreamRecord } from './stream-record.ts';

const OPERATIONS: Record<string, Operation> = {
  ...itemOperations,
  ...tableOperations,
  ...timeToLiveOperations,
  TransactWriteItems: transactWriteItems,
  TransactGetItems: transactGetItems,
};

const PLACE = {
  region: process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION ?? 'us-east-1',
  account: '000000000000',
};

const SWEEP_MILLISECONDS = 5_000;

export interface EmbeddedDynamoDBOptions {
  /** 0 (the default) takes any free port. */
  port?: number;
  /** Where the data is kept; in memory when left out. */
  directory?: string;
  /** Epoch milliseconds; for time to live, stream records and request tokens. */
  clock?: () => number;
}

/** A DynamoDB in this process, for the simulator and for tests. */
export interface EmbeddedDynamoDB {
  /** For the SDK's `endpoint`; any region and credentials do. */
  endpoint: string;
  port: number;
  faults: FaultInjector;
  /** How many requests have come, by operation. */
  requests: Readonly<Record<string, number>>;
  resetRequests(): void;
  /**
   * Sets the one reader of all tables' streams. Records come in commit order, at least once: what the reader's promise
   * rejects comes again shortly after, and what a crash left undelivered comes at the next start.
   */
  onStreamRecords(listener: StreamListener): void;
  /**
   * Puts many items fast, index entries included, replacing what has the same key. Each batch of some thousand is
   * atomic, the whole is not. Emits nothing to the table's stream.
   */
  loadItems(tableName: string, items: Record<string, AttributeValue>[]): Promise<void>;
  /** Deletes what has expired now instead of at the next pass; answers how many items. */
  deleteExpiredItems(): Promise<number>;
  /** Leaves no timer, socket or port behind; a second call waits for the first. */
  close(): Promise<void>;
}

/**
 * Starts DynamoDB's HTTP API on the loopback interface. Throws `DatabaseOpenError` when another process holds the
 * folder, and the system's error when the port is taken.
 */
export async function startEmbeddedDynamoDB(
  options: EmbeddedDynamoDBOptions = {},
): Promise<EmbeddedDynamoDB> {
  const engine = await StorageEngine.open(options.directory, options.clock ?? Date.now, PLACE);
  const closing = new AbortController();
  const requests: Record<string, number> = {};
  const server = createProtocolServer(async (name, request) => {
    const operation = OPERATIONS[name];
    if (operation === undefined) throw coralError('UnknownOperationException', '');
    requests[name] = (requests[name] ?? 0) + 1;
    const delay = faults.takeDelay();
    if (delay > 0) await sleep(delay, undefined, { signal: closing.signal });
    faults.throwNext(name, request);
    return operation(engine, request);
  });
  const faults = new InjectedFaults(() => server.closeAllConnections());
  server.on('connection', (socket) => {
    if (faults.isUnreachable) socket.destroy();
  });

  const port = await listenOnLoopback(server, options.port ?? 0).catch(async (error: unknown) => {
    await engine.close();
    throw error;
  });
  const housekeeping = setInterval(() => {
    Promise.all([deleteExpiredItems(engine), engine.tokens.removeExpired()]).catch((error: unknown) => {
      if (!closing.signal.aborted) console.error('Expired items could not be deleted:', error);
    });
  }, SWEEP_MILLISECONDS);

  let closed: Promise<void> | undefined;
  const close = async () => {
    closing.abort();
    clearInterval(housekeeping);
    // A reader that is at work may still need the server to finish.
    await engine.outbox.close();
    await closeServer(server);
    await engine.close();
  };

  return {
    endpoint: `http://127.0.0.1:${port}`,
    port,
    faults,
    requests,
    resetRequests: () => {
      for (const name of Object.keys(requests)) delete requests[name];
    },
    onStreamRecords: (listener) => engine.outbox.listen(listener),
    loadItems: (tableName, items) => loadItems(engine, tableName, items),
    deleteExpiredItems: () => deleteExpiredItems(engine),
    close: () => {
      closed ??= close();
      return closed;
    },
  };
}
