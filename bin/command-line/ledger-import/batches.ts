import type { ImportRecord } from './import-record.ts';

/** Records that go to the ledger in one request. */
export interface ImportBatch {
  records: ImportRecord[];
  /** Where the last of them ends in the file. */
  end: number;
  /** The invoices in it. */
  ids: Set<string>;
}

/** What `POST /v1/invoices/batch` takes at once. */
const MAX_INVOICES = 100;
/** It takes 4 MB; API Gateway hands a body to Lambda as JSON text, in which quotes take two characters, and 6 MB is the end there. */
const MAX_BYTES = 3_000_000;

/**
 * Puts records into batches, in their order. No batch has two of one invoice: sent again after a refusal that passes, the first would
 * overwrite the second.
 */
export async function* batchesOf(records: AsyncIterable<ImportRecord>): AsyncGenerator<ImportBatch> {
  let open: ImportBatch = emptyBatch();
  let bytes = 0;
  for await (const record of records) {
    const { content } = record;
    const size = content.kind === 'invoice' ? Buffer.byteLength(content.json) : 0;
    const id = content.kind === 'invoice' ? content.invoiceId : undefined;
    const isFull = open.records.length === MAX_INVOICES || bytes + size > MAX_BYTES;
    if (open.records.length > 0 && (isFull || (id !== undefined && open.ids.has(id)))) {
      yield open;
      open = emptyBatch();
      bytes = 0;
    }
    open.records.push(record);
    open.end = record.end;
    if (id !== undefined) open.ids.add(id);
    bytes += size;
  }
  if (open.records.length > 0) yield open;
}

const emptyBatch = (): ImportBatch => ({ records: [], end: 0, ids: new Set() });
