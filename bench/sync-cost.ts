import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { atMost, type Figure } from './figure.ts';
import { runProgram, withFolder } from './sync-program.ts';
import { type Surroundings, startSurroundings } from './sync-surroundings.ts';

const PRODUCTS = 5_000;
const MOST_ROUNDS = 8;
const ROUND_MS = 3_000;

/** What a record costs, on the real clock: storage requests, and CPU time of our own. Everything around us is in another process. */
export async function syncCost(): Promise<Figure[]> {
  const surroundings = await startSurroundings();
  try {
    const intake = await phase(surroundings, 'intake');
    const sync = await phase(surroundings, 'worker');
    let { products } = await surroundings.tally();
    // A call that the busy machine lost is tried again later, as in life; its cost counts.
    for (let round = 0; products < PRODUCTS && round < MOST_ROUNDS; round++) {
      await wait(ROUND_MS);
      const more = await phase(surroundings, 'worker');
      sync.requests += more.requests;
      sync.cpuMs += more.cpuMs;
      ({ products } = await surroundings.tally());
    }
    if (products !== PRODUCTS) throw new Error(`HubSpot has ${products} products, not ${PRODUCTS}.`);
    const figure = (name: string, milliseconds: number): Figure => ({
      name,
      measured: `${milliseconds.toFixed(3)} ms`,
    });
    return [
      {
        name: 'storage requests a record (a batch of many counts once), intake',
        measured: intake.requests.toFixed(3),
      },
      { name: 'storage requests a record, sync', measured: sync.requests.toFixed(3) },
      atMost('storage requests a record, together', intake.requests + sync.requests, 4, '', 3),
      figure('our own CPU time a record, intake', intake.cpuMs),
      figure('our own CPU time a record, sync', sync.cpuMs),
      figure('our own CPU time a record, together', intake.cpuMs + sync.cpuMs),
    ];
  } finally {
    await surroundings.close();
  }
}

/** Runs one of the real handlers in a process of its own; the answer is for each record. */
async function phase(surroundings: Surroundings, name: 'intake' | 'worker') {
  const before = await surroundings.tally();
  const { cpuMs } = await withFolder(async (folder) => {
    const file = join(folder, 'cpu.json');
    await runProgram({
      path: 'bench/sync-phase-process.ts',
      words: [name, String(PRODUCTS), file],
      environment: surroundings.environment,
    });
    return JSON.parse(await readFile(file, 'utf8')) as { cpuMs: number };
  });
  const after = await surroundings.tally();
  return { requests: (after.requests - before.requests) / PRODUCTS, cpuMs: cpuMs / PRODUCTS };
}
