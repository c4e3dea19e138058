import { setTimeout as sleep } from 'node:timers/promises';
import type { BatchOperation, Level } from 'dynalite/db/index.js';
import type { ItemChange } from './item-change.ts';
import { LAST_SEQUENCE, OUTBOX } from './key-layout.ts';
import { keysWithPrefix, writeAtomically } from './level-database.ts';
import { type StreamRecord, sequenceNumber, streamRecord } from './stream-record.ts';
import type { TableSettingsIndex } from './table-settings.ts';

export type StreamListener = (records: StreamRecord[]) => Promise<void>;

const BATCH_SIZE = 50;
const RETRY_MILLISECONDS = 100;
/** How long closing waits for a listener that is at work; its records are delivered again at the next start. */
const CLOSE_GRACE_MILLISECONDS = 2_000;

/**
 * Change records on their way to their one reader. They are stored in the same atomic batch as the change itself,
 * delivered in commit order, and deleted only when the reader's promise resolves: at least once, none lost.
 */
export class StreamOutbox {
  readonly #level: Level;
  readonly #settings: TableSettingsIndex;
  readonly #region: string;
  readonly #closed = new AbortController();
  #lastSequence: number;
  #listener: StreamListener | undefined;
  #delivery: Promise<void> = Promise.resolve();
  #delivering = false;
  #maybeWaiting = false;

  private constructor(level: Level, settings: TableSettingsIndex, region: string, lastSequence: number) {
    this.#level = level;
    this.#settings = settings;
    this.#region = region;
    this.#lastSequence = lastSequence;
  }

  static async open(level: Level, settings: TableSettingsIndex, region: string): Promise<StreamOutbox> {
    const lastSequence = (await level.get(LAST_SEQUENCE)) as number | undefined;
    return new StreamOutbox(level, settings, region, lastSequence ?? 0);
  }

  /** The writes that store the records of these changes; commit them in the batch that makes the changes. */
  operationsFor(changes: ItemChange[], epochMilliseconds: number, expired: boolean): BatchOperation[] {
    const operations: BatchOperation[] = [];
    for (const change of changes) {
      const { stream } = this.#settings.of(change.table.TableName);
      if (stream === undefined) continue;
      const sequence = this.#lastSequence + 1;
      const record = streamRecord(change, {
        stream,
        sequence,
        epochMilliseconds,
        region: this.#region,
        expired,
      });
      if (record === undefined) continue;
      this.#lastSequence = sequence;
      operations.push({ type: 'put', key: OUTBOX + sequenceNumber(sequence), value: record });
    }
    if (operations.length > 0)
      operations.push({ type: 'put', key: LAST_SEQUENCE, value: this.#lastSequence });
    return operations;
  }

  /** Sets the one reader, in place of any earlier one, and begins with what is waiting. */
  listen(listener: StreamListener): void {
    this.#listener = listener;
    this.deliver();
  }

  /** Starts delivery of what is waiting, unless it is under way. Never waits for the reader. */
  deliver(): void {
    this.#maybeWaiting = true;
    if (this.#delivering) return;
    this.#delivering = true;
    this.#delivery = this.#deliverWaiting();
  }

  /** Stops delivering. What the reader has not confirmed stays stored. */
  async close(): Promise<void> {
    this.#closed.abort();
    const grace = new AbortController();
    const graceEnd = sleep(CLOSE_GRACE_MILLISECONDS, undefined, { signal: grace.signal }).catch(
      () => undefined,
    );
    await Promise.race([this.#delivery, graceEnd]);
    grace.abort();
  }

  async #deliverWaiting(): Promise<void> {
    while (this.#maybeWaiting && this.#listener !== undefined && !this.#closed.signal.aborted) {
      this.#maybeWaiting = false;
      try {
        await this.#deliverBatch(this.#listener);
      } catch {
        this.#maybeWaiting = true;
        await sleep(RETRY_MILLISECONDS, undefined, { signal: this.#closed.signal }).catch(() => undefined);
      }
    }
    this.#delivering = false;
  }

  /** Delivers the oldest records of one stream, as Lambda would; throws what the reader throws. */
  async #deliverBatch(listener: StreamListener): Promise<void> {
    const oldest = await this.#level.iterator({ ...keysWithPrefix(OUTBOX), limit: BATCH_SIZE }).all();
    const records = oldest.map(([, record]) => record as StreamRecord);
    const otherStream = records.findIndex(
      ({ eventSourceARN }) => eventSourceARN !== records[0]?.eventSourceARN,
    );
    const batch = otherStream === -1 ? records : records.slice(0, otherStream);
    if (batch.length === 0) return;
    this.#maybeWaiting = true;
    await listener(batch);
    await writeAtomically(
      this.#level,
      oldest.slice(0, batch.length).map(([key]) => ({ type: 'del', key })),
    );
  }
}
