import { build } from 'esbuild';
import { functionBundling } from '../lib/function-bundling.ts';
import { atMost, type Figure } from './figure.ts';
import { inRepository } from './sync-program.ts';

/** The worker as it is deployed. */
export async function syncBundle(): Promise<Figure[]> {
  const { outputFiles } = await build({
    entryPoints: [inRepository('functions/handlers/sync-worker.ts')],
    ...functionBundling,
    bundle: true,
    platform: 'node',
    logLevel: 'error',
    write: false,
  });
  const bytes = outputFiles.reduce((sum, { contents }) => sum + contents.length, 0);
  return [atMost('worker’s bundle', bytes / 1000, 700, ' kB', 0)];
}
