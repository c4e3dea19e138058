/** `npm run sync:import -- products products.csv`: sends any number of contacts or products from a file to the sync. */
import { stat } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { isIsoDateTime } from '../functions/invoices/calendar.ts';
import { countArgument, noWords, userPath } from './command-line/argument-values.ts';
import type { ImportFormat } from './command-line/ledger-import/import-file.ts';
import {
  IMPORT_START,
  type ImportPoint,
  importPointSchema,
} from './command-line/ledger-import/import-point.ts';
import { interruption } from './command-line/ledger-import/interruption.ts';
import { ledgerAddress } from './command-line/ledger-import/ledger-address.ts';
import { RejectedFile } from './command-line/ledger-import/rejected-file.ts';
import { runImport } from './command-line/ledger-import/run-import.ts';
import { progressBar } from './command-line/progress-bar.ts';
import { resumeFile } from './command-line/resume-file.ts';
import { runTool, UsageError } from './command-line/run-tool.ts';
import { stopOnSignal } from './command-line/stop-on-signal.ts';
import { openRecords } from './command-line/sync-import/open-records.ts';
import { recordBatches } from './command-line/sync-import/record-batches.ts';
import { syncClient } from './command-line/sync-import/sync-client.ts';
import { refusedRecord, syncImportSummary } from './command-line/sync-import/sync-import-summary.ts';
import { typeArgument } from './command-line/sync-type.ts';

const HELP = `
Sends contacts or products from a file to the sync, however many there are.

  npm run sync:import -- products|contacts FILE [--updated-at TIME] [--url URL] [--from-start]
                         [--progress FILE] [--separator C] [--parallel N]

  FILE               records.jsonl: one record a line, as POST /v1/products takes it. records.csv:
                     one row a record, with the same names as columns and properties.<name> for
                     other HubSpot properties; docs/samples/products.csv is an example. An empty
                     cell is a field left out: the sync clears what it had set there before.
  --updated-at TIME  The time of records that have no updatedAt of their own, such as
                     2026-11-22T09:30:00Z.
  --url URL          The API's address. Default: LEDGER_URL, else http://127.0.0.1:3000
                     (the simulator).
  --from-start       Send the whole file, although an import of it was interrupted.
  --progress FILE    Where to note how far it is. Default: FILE.progress
  --separator C      What separates the cells of a CSV file. Default: a comma.
  --parallel N       How many calls of up to 1,000 records are under way at once, 1 to 8. Default: 2

The token comes from LEDGER_TOKEN. An interrupted import goes on where it was when it is called
again. Lines that are refused are listed, and written to FILE.rejected.jsonl.

Exit code 0: all is taken in. 1: lines were refused, or it was interrupted. 2: wrong arguments.
`;

await runTool({
  name: 'sync:import',
  help: HELP,
  options: {
    'updated-at': { type: 'string' },
    url: { type: 'string' },
    'from-start': { type: 'boolean', default: false },
    progress: { type: 'string' },
    separator: { type: 'string', default: ',' },
    parallel: { type: 'string', default: '2' },
  },
  run: async (values, words) => {
    const type = typeArgument(words);
    const path = fileArgument(words.slice(1));
    const format = formatOf(path, values.separator);
    const updatedAt = timeArgument(values['updated-at']);
    const parallel = countArgument('parallel', values.parallel, 1, 8);
    const { url, token, notice } = ledgerAddress(values.url, process.env);
    if (notice) console.error(notice);
    const size = await fileSize(path);
    const resumePath = values.progress ? userPath(values.progress) : `${path}.progress`;
    const resume = resumeFile(resumePath, importPointSchema);
    const from = (values['from-start'] ? undefined : await resume.read()) ?? IMPORT_START;
    const file = await openRecords({ path, type, format, updatedAt, from });
    const rejected = new RejectedFile(`${path}.rejected.jsonl`, from.rejectedBytes);
    await rejected.begin();
    if (from.bytes > 0) console.error(`Going on at line ${from.line}, where an earlier call left off.`);

    const progress = progressBar('bytes', size);
    const stopping = stopOnSignal('Stopping once the calls under way have their answers …');
    let listed = 0;
    let point: ImportPoint = from;
    try {
      await runImport({
        batches: recordBatches(file.records),
        delivery: {
          post: syncClient(url, token, type),
          names: { service: 'sync', records: type },
          timing: { wait: (ms) => wait(ms, undefined, { signal: stopping.signal }), random: Math.random },
          onRetry: (why) => progress.note(`${why} Trying again …`),
        },
        parallel,
        from,
        fingerprint: file.fingerprint,
        reject: async (lines) => {
          await rejected.add(lines.map((line) => ({ ...line, invoiceId: undefined })));
          for (const line of lines) {
            listed += 1;
            const text = refusedRecord(line, listed, rejected.path);
            if (text) progress.print(text);
          }
          return rejected.bytes;
        },
        save: async (saved) => {
          await resume.write(saved);
          point = saved;
          progress.update(saved.bytes);
        },
        stop: stopping.signal,
      });
    } catch (error) {
      if (!stopping.signal.aborted) throw interruption(error, point);
    } finally {
      progress.stop();
      stopping.end();
      await rejected.close();
    }
    if (stopping.signal.aborted) {
      console.error(`Stopped before line ${point.line}; the next call goes on there.`);
      return 1;
    }
    await resume.remove();
    console.log(syncImportSummary(point.counts, type, rejected.path));
    return point.counts.rejected === 0 ? 0 : 1;
  },
});

function fileArgument([path, ...more]: readonly string[]): string {
  if (path === undefined) throw new UsageError('Which file? Pass the path of a .jsonl or .csv file.');
  noWords(more);
  return userPath(path);
}

function timeArgument(text: string | undefined): string | undefined {
  if (text === undefined || isIsoDateTime(text)) return text;
  throw new UsageError(
    `--updated-at is ${JSON.stringify(text)}; expected a date-time with offset, such as 2026-11-22T09:30:00Z.`,
  );
}

async function fileSize(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) throw new UsageError(`${path}: there is no such file.`);
  return found.size;
}

function formatOf(path: string, separator: string): ImportFormat {
  if (separator.length !== 1) {
    throw new UsageError(`--separator is ${JSON.stringify(separator)}; expected one character.`);
  }
  if (/\.csv$/i.test(path)) return { kind: 'csv', separator };
  if (/\.(jsonl|ndjson)$/i.test(path)) return { kind: 'json-lines' };
  throw new UsageError(
    `${path}: expected a name that ends in .jsonl or .csv, which tells how it is written.`,
  );
}
