import { atMost, type Figure } from './figure.ts';
import { livingHeap, runProgram } from './sync-program.ts';
import { startSurroundings } from './sync-surroundings.ts';

const FEW = 5_000;
const MANY = 20_000;
/** What doesn't grow is the same but for the engine's own moods. */
const SAME = 1.2;

/** The worker's memory for a few thousand due records against four times as many. */
export async function workerMemory(): Promise<Figure[]> {
  return sameHeap('worker', [FEW, MANY], async (products) => {
    const surroundings = await startSurroundings();
    const { environment } = surroundings;
    const program = (phase: string) => ({
      path: 'bench/sync-phase-process.ts',
      words: [phase, String(products), '/dev/null'],
      environment,
    });
    try {
      await runProgram(program('intake'));
      const megabytes = await livingHeap(program('worker'));
      const { products: synced } = await surroundings.tally();
      if (synced !== products) throw new Error(`HubSpot has ${synced} products, not ${products}.`);
      return megabytes;
    } finally {
      await surroundings.close();
    }
  });
}

/** The living heap for two numbers of records, and the one against the other. */
export async function sameHeap(
  name: string,
  sizes: readonly [number, number],
  measure: (size: number) => Promise<number>,
): Promise<Figure[]> {
  const [few, many] = [await measure(sizes[0]), await measure(sizes[1])];
  const [less, more] = sizes.map((size) => size.toLocaleString('en-US'));
  return [
    { name: `${name}: most memory alive, ${less} records`, measured: `${few.toFixed(1)} MB` },
    { name: `${name}: most memory alive, ${more} records`, measured: `${many.toFixed(1)} MB` },
    atMost(`  ${more} against ${less}`, many / few, SAME, ' times'),
  ];
}
