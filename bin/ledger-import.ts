/** `npm run ledger:import -- invoices.jsonl`: sends any number of invoices from a file to the ledger. */
import { stat } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { countArgument, userPath } from './command-line/argument-values.ts';
import { batchesOf } from './command-line/ledger-import/batches.ts';
import { type ImportFormat, openImportFile } from './command-line/ledger-import/import-file.ts';
import {
  IMPORT_START,
  type ImportPoint,
  importPointSchema,
} from './command-line/ledger-import/import-point.ts';
import { importSummary, refusedLine } from './command-line/ledger-import/import-summary.ts';
import { interruption } from './command-line/ledger-import/interruption.ts';
import { ledgerAddress } from './command-line/ledger-import/ledger-address.ts';
import { ledgerClient } from './command-line/ledger-import/ledger-client.ts';
import { RejectedFile } from './command-line/ledger-import/rejected-file.ts';
import { runImport } from './command-line/ledger-import/run-import.ts';
import { progressBar } from './command-line/progress-bar.ts';
import { resumeFile } from './command-line/resume-file.ts';
import { runTool, UsageError } from './command-line/run-tool.ts';
import { stopOnSignal } from './command-line/stop-on-signal.ts';

const HELP = `
Sends invoices from a file to the ledger, however many there are.

  npm run ledger:import -- FILE [--url URL] [--from-start] [--progress FILE]
                                [--separator C] [--parallel N]

  FILE               invoices.jsonl: one invoice a line, as PUT /v1/invoices/{invoiceId} takes it,
                     with its invoiceId. invoices.csv: one row a line item; docs/tools.md has the
                     columns, and docs/samples/invoices.csv is an example.
  --url URL          The ledger's address. Default: LEDGER_URL, else http://127.0.0.1:3000
                     (the simulator).
  --from-start       Send the whole file, although an import of it was interrupted.
  --progress FILE    Where to note how far it is. Default: FILE.progress
  --separator C      What separates the cells of a CSV file. Default: a comma.
  --parallel N       How many batches of up to 100 are under way at once, 1 to 16. Default: 3

The token comes from LEDGER_TOKEN. An interrupted import goes on where it was when it is called
again. Lines that the ledger refuses are listed, and written to FILE.rejected.jsonl.

Exit code 0: the ledger has all. 1: lines were refused, or it was interrupted. 2: wrong arguments.
`;

await runTool({
  name: 'ledger:import',
  help: HELP,
  options: {
    url: { type: 'string' },
    'from-start': { type: 'boolean', default: false },
    progress: { type: 'string' },
    separator: { type: 'string', default: ',' },
    parallel: { type: 'string', default: '3' },
  },
  run: async (values, words) => {
    const path = fileArgument(words);
    const format = formatOf(path, values.separator);
    const parallel = countArgument('parallel', values.parallel, 1, 16);
    const { url, token, notice } = ledgerAddress(values.url, process.env);
    if (notice) console.error(notice);
    const size = await fileSize(path);

    const resume = resumeFile(
      values.progress ? userPath(values.progress) : `${path}.progress`,
      importPointSchema,
    );
    const from = (values['from-start'] ? undefined : await resume.read()) ?? IMPORT_START;
    const file = await openImportFile(path, format, from);
    const rejected = new RejectedFile(`${path}.rejected.jsonl`, from.rejectedBytes);
    await rejected.begin();
    if (from.bytes > 0) console.error(`Going on at line ${from.line}, where an earlier call left off.`);

    const progress = progressBar('bytes', size);
    const stopping = stopOnSignal('Stopping once the batches under way have their answers …');
    let listed = 0;
    let outage = '';
    let point: ImportPoint = from;
    try {
      await runImport({
        batches: batchesOf(file.records),
        delivery: {
          post: ledgerClient(url, token),
          names: { service: 'ledger', records: 'invoices' },
          timing: { wait: (ms) => wait(ms, undefined, { signal: stopping.signal }), random: Math.random },
          onRetry: (why) => {
            if (why !== outage) progress.note(`${why} Trying again …`);
            outage = why;
          },
        },
        parallel,
        from,
        fingerprint: file.fingerprint,
        reject: async (lines) => {
          await rejected.add(lines);
          for (const line of lines) {
            listed += 1;
            const text = refusedLine(line, listed, rejected.path);
            if (text) progress.print(text);
          }
          return rejected.bytes;
        },
        save: async (saved) => {
          await resume.write(saved);
          point = saved;
          progress.update(saved.bytes);
          outage = '';
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
    console.log(importSummary(point.counts, rejected.path));
    return point.counts.rejected === 0 ? 0 : 1;
  },
});

function fileArgument(words: readonly string[]): string {
  const [path, more] = words;
  if (path === undefined) throw new UsageError('Which file? Pass the path of a .jsonl or .csv file.');
  if (more !== undefined)
    throw new UsageError(`One file at a time; ${JSON.stringify(more)} is one too many.`);
  return userPath(path);
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
