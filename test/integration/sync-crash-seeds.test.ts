import { afterEach, expect, test } from '@jest/globals';
import type { ObjectType } from '../../functions/hubspot/hubspot-api.ts';
import { shardOf } from '../../functions/sync/records/shard.ts';
import type { CustomProperties } from '../../local/hubspot/portal-settings.ts';
import { changeKeyProperties, MODES } from './sync-key-properties.ts';
import { contact, minute, PORTAL, product, SyncWorld } from './sync-world.ts';

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
  /** Which of the worker's steps, as a part of them. */
  place: number;
  /** How long after the crash the next worker comes; milliseconds. */
  pauseMs: number;
  /** Whether a newer version of one record is sent between the two. */
  hasNewer: boolean;
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
    place: random(),
    // Often before the next worker could have noticed what the portal has now.
    pauseMs: Math.floor(random() * random() * 70_000),
    hasNewer: one([true, false]),
  };
}

/** A version of a record; the last of the three has no address or SKU to be found by. */
function version(type: ObjectType, id: string, number: number): { externalId: string } {
  const updatedAt = minute(number);
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

const stepsOf = new Map<string, number>();

/** How many steps the worker makes when nothing stops it. */
async function countSteps(run: Run): Promise<number> {
  const name = `${run.type} ${run.kind} ${run.from}`;
  const known = stepsOf.get(name);
  if (known !== undefined) return known;
  await prepare(run, randomFrom(0));
  const { steps } = await world.work({ portalId: PORTAL, type: run.type, shard: 0 });
  await world.close();
  stepsOf.set(name, steps);
  return steps;
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
    const step = 1 + Math.floor(run.place * (await countSteps(run)));
    await prepare(run, random);
    const { end } = await world.work({ portalId: PORTAL, type, shard: 0 }, { step, when });
    expect({ seed, run, step, end }).toEqual({ seed, run, step, end: 'died' });
    const api = world.functions().api(PORTAL);
    await changeKeyProperties(world.hubspot, api, { portalId: PORTAL, type }, to);
    const [first = ''] = IDS;
    if (run.hasNewer) await world.takeIn(type, [version(type, first, 3)]);
    world.clock.advanceTo(world.clock.now() + run.pauseMs);
    await world.settle();

    const records = await Promise.all(IDS.map((id) => world.record(type, id)));
    const states = records.map((record) => record?.reason ?? record?.state);
    const found = { states, inHubSpot: inHubSpot(type) };
    const newest = IDS.map((id) => wanted(type, id, run.hasNewer && id === first ? 3 : 2)).sort();
    expect({ seed, run, step, ...found }).toEqual({
      seed,
      run,
      step,
      states: IDS.map(() => 'synced'),
      inHubSpot: newest,
    });
  },
);
