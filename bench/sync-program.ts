import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The path of a file of this repository. */
export const inRepository = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

export interface Program {
  path: string;
  words: string[];
  environment: Record<string, string>;
}

/** Runs one of this repository's programs in a process of its own. Throws where it does not end well, with what it said. */
export async function runProgram({ path, words, environment }: Program, nodeOptions: string[] = []) {
  const child = spawn(
    process.execPath,
    [...nodeOptions, '--import', inRepository('bin/typescript.mjs'), inRepository(path), ...words],
    { env: { PATH: process.env.PATH, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let said = '';
  for (const output of [child.stdout, child.stderr]) {
    output.setEncoding('utf8').on('data', (text: string) => {
      said = `${said}${text}`.slice(-10_000);
    });
  }
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${path} ended with exit code ${code}: ${said}`);
}

/** Runs a program and answers the most that was alive of its memory, buffers included, in megabytes. */
export async function livingHeap({ path, words, environment }: Program): Promise<number> {
  return withFolder(async (folder) => {
    const file = join(folder, 'heap.json');
    await runProgram({ path, words, environment: { ...environment, BENCH_HEAP_FILE: file } }, [
      '--expose-gc',
      '--import',
      inRepository('bench/sync-heap-probe.mjs'),
    ]);
    return (JSON.parse(await readFile(file, 'utf8')) as { megabytes: number }).megabytes;
  });
}

/** Runs with a folder that is gone afterwards. */
export async function withFolder<T>(run: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'ledgerbridge-bench-'));
  try {
    return await run(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
