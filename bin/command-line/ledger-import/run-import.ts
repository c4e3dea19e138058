import type { ImportBatch } from './batches.ts';
import { type Delivery, deliver, withCorrelationId } from './deliver.ts';
import type { ImportPoint } from './import-point.ts';
import type { ImportRecord } from './import-record.ts';
import type { InvoiceResult } from './ledger-client.ts';
import type { RejectedLine } from './rejected-file.ts';

export interface ImportRun {
  batches: AsyncIterable<ImportBatch>;
  delivery: Delivery;
  /** How many batches may be under way. */
  parallel: number;
  from: ImportPoint;
  /** The file's fingerprint up to a byte; asked for in ascending order. */
  fingerprint: (end: number) => string;
  /** Adds to the list of refused lines; answers how long it is now, in bytes. */
  reject: (lines: RejectedLine[]) => Promise<number>;
  save: (point: ImportPoint) => Promise<void>;
  /** No further batch is begun once it is aborted; those under way end. */
  stop: AbortSignal;
}

interface BatchUnderWay {
  batch: ImportBatch;
  results: InvoiceResult[] | undefined;
}

/**
 * Sends batches, several at a time, and notes how far it is in the order of the file: the point it answers has everything before it done, whatever
 * came back first. A batch with an invoice that is under way waits for it. Throws what stopped it, with everything done until then saved.
 */
export async function runImport(run: ImportRun): Promise<ImportPoint> {
  const inOrder: BatchUnderWay[] = [];
  const underWay = new Map<BatchUnderWay, Promise<void>>();
  let point = run.from;
  let failure: { error: unknown } | undefined;
  let committing = Promise.resolve();

  const commit = async (): Promise<void> => {
    for (let first = inOrder[0]; first?.results; first = inOrder[0]) {
      inOrder.shift();
      point = await committed(run, point, first.batch, first.results);
    }
  };
  const send = async (entry: BatchUnderWay): Promise<void> => {
    try {
      entry.results = await resultsOf(run, entry.batch);
      committing = committing.then(commit);
      await committing;
    } catch (error) {
      failure ??= { error };
    } finally {
      underWay.delete(entry);
    }
  };
  const mustWait = (batch: ImportBatch): boolean =>
    underWay.size >= run.parallel ||
    // What is done but not yet noted counts too, so that the file is not read far ahead of the resume point.
    inOrder.length >= run.parallel * 4 ||
    [...underWay.keys()].some((other) => [...batch.ids].some((id) => other.batch.ids.has(id)));

  try {
    for await (const batch of run.batches) {
      while (!failure && mustWait(batch)) await Promise.race(underWay.values());
      if (failure || run.stop.aborted) break;
      const entry: BatchUnderWay = { batch, results: undefined };
      inOrder.push(entry);
      underWay.set(entry, send(entry));
    }
  } catch (error) {
    failure ??= { error };
  }
  await Promise.all(underWay.values());
  if (failure) throw failure.error;
  return point;
}

async function resultsOf({ delivery }: ImportRun, { records }: ImportBatch): Promise<InvoiceResult[]> {
  const invoices = records.flatMap(({ content }) => (content.kind === 'invoice' ? [content.json] : []));
  const answers = (await deliver(delivery, invoices)).values();
  return records.map(({ content }): InvoiceResult => {
    if (content.kind === 'unreadable') {
      return { outcome: 'rejected', problem: { kind: 'unreadable', detail: content.problem } };
    }
    const { value } = answers.next();
    if (!value) throw new Error('A result is missing.');
    return value;
  });
}

/** The list of refused lines comes first: what it has beyond the point is cut off when the import goes on. */
async function committed(
  run: ImportRun,
  before: ImportPoint,
  { records, end }: ImportBatch,
  results: readonly InvoiceResult[],
): Promise<ImportPoint> {
  const counts = { ...before.counts };
  const rejected: RejectedLine[] = [];
  for (const [index, record] of records.entries()) {
    const result = results[index];
    if (!result) throw new Error('A result is missing.');
    counts[result.outcome] += 1;
    if (result.outcome === 'rejected') rejected.push(rejectedLine(record, result));
  }
  const point: ImportPoint = {
    version: 1,
    bytes: end,
    line: (records.at(-1)?.line ?? 0) + 1,
    fingerprint: run.fingerprint(end),
    counts,
    rejectedBytes: await run.reject(rejected),
  };
  await run.save(point);
  return point;
}

function rejectedLine({ line, content }: ImportRecord, { problem }: InvoiceResult): RejectedLine {
  const why = withCorrelationId(problem?.detail ?? 'No reason was given.', problem?.correlationId);
  return content.kind === 'invoice'
    ? { line, invoiceId: content.invoiceId, problem: why, sent: JSON.parse(content.json) }
    : { line, invoiceId: undefined, problem: why, sent: content.text };
}
