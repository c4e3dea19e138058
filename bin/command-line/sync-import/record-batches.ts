import type { ImportBatch } from '../ledger-import/batches.ts';
import type { ImportRecord } from '../ledger-import/import-record.ts';

/** What `POST /v1/products` and `POST /v1/contacts` take at once. */
const MAX_RECORDS = 1_000;
const MAX_BYTES = 950_000;

/** Puts records into calls, in their order. Of several of one id in a call the API takes the newest, and of equally new ones the last. */
export async function* recordBatches(records: AsyncIterable<ImportRecord>): AsyncGenerator<ImportBatch> {
  let open: ImportBatch = { records: [], end: 0, ids: new Set() };
  let bytes = 0;
  for await (const record of records) {
    const { content } = record;
    const size = content.kind === 'invoice' ? Buffer.byteLength(content.json) + 1 : 0;
    if (open.records.length === MAX_RECORDS || (open.records.length > 0 && bytes + size > MAX_BYTES)) {
      yield open;
      open = { records: [], end: 0, ids: new Set() };
      bytes = 0;
    }
    open.records.push(record);
    open.end = record.end;
    if (content.kind === 'invoice' && content.invoiceId !== undefined) open.ids.add(content.invoiceId);
    bytes += size;
  }
  if (open.records.length > 0) yield open;
}
