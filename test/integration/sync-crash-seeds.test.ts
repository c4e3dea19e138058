import { afterEach, expect, test } from '@jest/globals';
import type { ObjectType } from '../../functions/hubspot/hubspot-api.ts';
import { shardOf } from '../../functions/sync/records/shard.ts';
import type { CustomProperties } from '../../local/hubspot/portal-settings.ts';
import { changeKeyProperties, MODES } from './sync-key-properties.ts';
import { contact, minute, PORTAL, product, SyncWorld, type Work } from './sync-world.ts';

/** One seed alone, where a run is to be looked into: `SYNC_CRASH_SEED=17`. */
const ONLY = process.env.SYNC_CRASH_SEED;
const SEEDS = ONLY === undefined ? Array.from({ length: 200 }, (_, index) => index + 1) : [Number(ONLY)];

let world: SyncWorld;
afterEach(() => world.close());

/** Mulberry32: numbers from 0 to below 1, the same for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Three that lie in one shard. */
const IDS = Array.from({ length: 100 }, (_, index) => `R-${index}`)
  .filter((id) => shardOf(id) === 0)
  .slice(0, 3);

interface Run {
  type: ObjectType;
  kind: 'create' | 'update';
  /** The properties of ours that the portal has before the crash, and when the next worker takes over. */
  from: CustomProperties;
  to: CustomProperties;
  when: 'before' | 'after';
  /** Which of the worker's steps: counted from its write to HubSpot, or as a part of all of them. */
  place: { fromWrite: number } | { part: number };
  /** How long after the crash the next worker comes; milliseconds. */
  pauseMs: number;
  /** What is sent of one record between the two: nothing, something new, or what HubSpot had before the crash. */
  newer: 'none' | 'new' | 'back';
}

function runOf(random: () => number): Run {
  const one = <T>(choices: readonly [T, ...T[]]): T =>
    choices[Math.floor(random() * choices.length)] ?? choices[0];
  return {
    type: one(['products', 'contacts']),
    kind: one(['create', 'update']),
    from: one(MODES),
    to: one(MODES),
    when: one(['before', 'after']),
    // What is told apart with most care lies around the write.
    place: one([false, true, true]) ? { fromWrite: one([-1, 0, 0, 1]) } : { part: random() },
    // Often before the next worker could have noticed what the portal has now.
    pauseMs: Math.floor(random() * random() * 70_000),
    newer: one(['none', 'new', 'back']),
  };
}

/** A version of a record, sent so many minutes later; the last of the three has no address or SKU to be found by. */
function version(type: ObjectType, id: string, number: number, minutes = number): { externalId: string } {
  const updatedAt = minute(minutes);
  const isPlain = id === IDS[2];
  if (type === 'products') {
    return product(id, { updatedAt, description: `v${number}`, ...(isPlain ? { sku: undefined } : {}) });
  }
  return contact(id, {
    updatedAt,
    phone: `+49 ${number}`,
    ...(isPlain ? {} : { email: `${id}@example.com` }),
  });
}

async function startWorld(type: ObjectType, mode: CustomProperties, random: () => number): Promise<void> {
  world = await SyncWorld.start({ random, hubspot: { searchLagMs: 4_000 } });
  await changeKeyProperties(world.hubspot, world.functions().api(PORTAL), { portalId: PORTAL, type }, mode);
}

/** Everything up to the moment when the worker is called that is to end early. */
async function prepare({ type, kind, from }: Run, random: () => number): Promise<void> {
  await startWorld(type, from, random);
  if (kind === 'update') {
    await world.takeIn(
      type,
      IDS.map((id) => version(type, id, 1)),
    );
    await world.settle();
  }
  await world.takeIn(
    type,
    IDS.map((id) => version(type, id, 2)),
  );
}

const worksOf = new Map<string, Work>();

/** What the worker does when nothing stops it. */
async function undisturbed(run: Run): Promise<Work> {
  const name = `${run.type} ${run.kind} ${run.from}`;
  const known = worksOf.get(name);
  if (known !== undefined) return known;
  await prepare(run, randomFrom(0));
  const work = await world.work({ portalId: PORTAL, type: run.type, shard: 0 });
  await world.close();
  worksOf.set(name, work);
  return work;
}

/** The step at which the worker is stopped. */
async function stepOf(run: Run): Promise<number> {
  const { steps, writeStep = 0 } = await undisturbed(run);
  return 'part' in run.place ? 1 + Math.floor(run.place.part * steps) : writeStep + run.place.fromWrite;
}

/** What HubSpot has, by what tells records apart. */
const inHubSpot = (type: ObjectType): string[] =>
  world.hubspot
    .records(PORTAL, type)
    .map(({ properties: { name, description, lastname, phone } }) =>
      type === 'products' ? `${name}: ${description}` : `${lastname}: ${phone}`,
    )
    .sort();

const wanted = (type: ObjectType, id: string, number: number): string =>
  type === 'products' ? `Product ${id}: v${number}` : `Customer ${id}: +49 ${number}`;

test.each(SEEDS)(
  'seed %i: a worker that is stopped somewhere leaves no record twice and none behind, whatever properties the portal has then',
  async (seed) => {
    const random = randomFrom(seed);
    const run = runOf(random);
    const { type, to, when } = run;
    const step = await stepOf(run);
    await prepare(run, random);
    const { end } = await world.work({ portalId: PORTAL, type, shard: 0 }, { step, when });
    expect({ seed, run, step, end }).toEqual({ seed, run, step, end: 'died' });
    const api = world.functions().api(PORTAL);
    await changeKeyProperties(world.hubspot, api, { portalId: PORTAL, type }, to);
    const [first = ''] = IDS;
    const newest = new Map(IDS.map((id) => [id, 2]));
    if (run.newer !== 'none') {
      const number = run.newer === 'back' ? 1 : 3;
      newest.set(first, number);
      await world.takeIn(type, [version(type, first, number, 3)]);
    }
    const newestOf = (id: string): string => wanted(type, id, newest.get(id) ?? 0);
    world.clock.advanceTo(world.clock.now() + run.pauseMs);
    await world.settle(async () => {
      for (const id of IDS) {
        // Not only in the end: what is called synced is so.
        if ((await world.record(type, id))?.state === 'synced') {
          expect({ seed, run, step, inHubSpot: inHubSpot(type) }).toMatchObject({
            inHubSpot: expect.arrayContaining([newestOf(id)]),
          });
        }
      }
    });

    const records = await Promise.all(IDS.map((id) => world.record(type, id)));
    const states = records.map((record) => record?.reason ?? record?.state);
    const found = { states, inHubSpot: inHubSpot(type) };
    expect({ seed, run, step, ...found }).toEqual({
      seed,
      run,
      step,
      states: IDS.map(() => 'synced'),
      inHubSpot: IDS.map(newestOf).sort(),
    });
  },
);
