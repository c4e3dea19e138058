/**
 * Preloaded with `node --expose-gc --import ./bench/sync-heap-probe.mjs program.ts`: writes the most that was alive at any of its looks, on
 * the heap and in buffers beside it (megabytes), to the file that BENCH_HEAP_FILE names. What is garbage is not counted: how much of that lies about depends on
 * when the engine chooses to collect it.
 */
import { writeFileSync } from 'node:fs';

const EVERY_MS = 100;

let most = 0;
function look() {
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  most = Math.max(most, (heapUsed + external) / 1e6);
}

setInterval(look, EVERY_MS).unref();
process.on('exit', () => writeFileSync(process.env.BENCH_HEAP_FILE, JSON.stringify({ megabytes: most })));
