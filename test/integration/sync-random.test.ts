import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ObjectType } from '../../functions/hubspot/hubspot-api.ts';
import { shardOf } from '../../functions/sync/shard.ts';
import type { FaultRule } from '../../local/hubspot/fault.ts';
import { type Crash, minute, PORTAL, SyncWorld } from './sync-world.ts';

/** All in one shard, so that workers meet. */
const IDS = [
  'a',
  'b',
  'c',
  'd',
  'e',
  'f',
  'g',
  'h',
  'i',
  'j',
  'k',
  'l',
  'm',
  'n',
  'o',
  'p',
  'q',
  'r',
  's',
  't',
]
  .map((letter) =>
    Array.from({ length: 30 }, (_, index) => `${letter}${index}`).find((id) => shardOf(id) === 0),
  )
  .flatMap((id) => id ?? [])
  .slice(0, 5);

const EMAILS = IDS.map((_, index) => `customer${index}@example.com`);

interface Change {
  place: number;
  email: number | undefined;
  isDeleted: boolean;
  hasPhone: boolean;
}

interface Round {
  changes: Change[];
  faults: FaultRule[];
  workers: (Crash | undefined)[];
  showsKey: boolean;
}

const change: fc.Arbitrary<Change> = fc.record({
  place: fc.nat(IDS.length - 1),
  email: fc.option(fc.nat(EMAILS.length - 1), { nil: undefined, freq: 12 }),
  isDeleted: fc.integer({ min: 0, max: 5 }).map((one) => one === 0),
  hasPhone: fc.boolean(),
});

const path = fc.constantFrom('/batch/create', '/batch/update', '/batch/upsert', '/batch/', '/search');

const fault: fc.Arbitrary<FaultRule> = fc.oneof(
  fc.record({
    kind: fc.constant('status' as const),
    status: fc.constantFrom(429, 500, 502, 503, 423, 400),
    applied: fc.constant(false),
    path,
  }),
  fc.record({
    kind: fc.constant('status' as const),
    status: fc.constantFrom(502, 504, 500),
    applied: fc.constant(true),
    path,
  }),
  fc.record({ kind: fc.constant('lost-response' as const), path }),
  fc.record({ kind: fc.constant('lost-request' as const), path }),
  fc.record({ kind: fc.constant('row-errors' as const), every: fc.constantFrom(1, 2, 3), path }),
  fc.record({
    kind: fc.constant('late-write' as const),
    commitAfterMs: fc.integer({ min: 500, max: 14_000 }),
    answer: fc.constantFrom('late' as const, 'never' as const),
    path,
  }),
);

const crash: fc.Arbitrary<Crash | undefined> = fc.option(
  fc.record({
    step: fc.integer({ min: 1, max: 25 }),
    when: fc.constantFrom('before' as const, 'after' as const),
  }),
  { nil: undefined },
);

const round: fc.Arbitrary<Round> = fc.record({
  changes: fc.array(change, { maxLength: 5 }),
  faults: fc.array(fault, { maxLength: 3 }),
  workers: fc.array(crash, { minLength: 1, maxLength: 2 }),
  showsKey: fc.boolean(),
});

const schedule = fc.record({
  type: fc.constantFrom<ObjectType>('contacts', 'products'),
  mode: fc.constantFrom('unique' as const, 'ordinary' as const, 'refused' as const),
  rounds: fc.array(round, { minLength: 1, maxLength: 5 }),
});

function sent(type: ObjectType, { place, email, isDeleted, hasPhone }: Change, time: number) {
  const externalId = IDS[place] ?? '';
  const head = { externalId, updatedAt: minute(time) };
  if (isDeleted) return { ...head, deleted: true };
  if (type === 'products') {
    const description = hasPhone ? { description: `text ${time}` } : {};
    return {
      ...head,
      name: `${externalId}|${time}`,
      sku: `SKU-${externalId}-${email ?? 'x'}`,
      ...description,
    };
  }
  return {
    ...head,
    firstName: `v${time}`,
    lastName: externalId,
    ...(email === undefined ? {} : { email: EMAILS[email] }),
    ...(hasPhone ? { phone: `+49 ${time}` } : {}),
  };
}

type Sent = ReturnType<typeof sent>;

/** What HubSpot should have of a record, in our properties' names. */
function expected(type: ObjectType, record: Sent): Record<string, unknown> {
  const { name, sku, description, firstName, lastName, email, phone } = record as Record<string, unknown>;
  return type === 'products'
    ? { name, hs_sku: sku, description }
    : { firstname: firstName, lastname: lastName, email, phone };
}

async function play(type: ObjectType, mode: 'unique' | 'ordinary' | 'refused', rounds: readonly Round[]) {
  const world = await SyncWorld.start({ hubspot: { customProperties: mode, searchLagMs: 4_000 } });
  try {
    const newest = new Map<string, Sent>();
    await world.createKeyProperties();
    let time = 0;
    for (const { changes, faults, workers, showsKey } of rounds) {
      for (const one of changes) {
        time += 1;
        const record = sent(type, one, time % 90);
        newest.set(record.externalId, record);
        await world.takeIn(type, [record]);
      }
      for (const one of faults) world.hubspot.faults.add(one);
      if (showsKey && mode !== 'unique') {
        world.hubspot.configure({ customProperties: 'unique' });
        await world.createKeyProperties();
      }
      await Promise.all(workers.map((one) => world.work({ portalId: PORTAL, type, shard: 0 }, one)));
      world.clock.advanceTo(world.clock.now() + 700);
    }
    world.hubspot.faults.clear();
    await world.settle();
    // What failed for the faults themselves is replayed, as a person would.
    await world.replay({ kind: 'failures' });
    await world.settle();

    const found = world.hubspot.records(PORTAL, type).map(({ properties }) => properties);
    for (const [externalId, record] of newest) {
      const state = await world.record(type, externalId);
      const own = found.filter(({ name, lastname }) =>
        type === 'products' ? name?.startsWith(`${externalId}|`) : lastname === externalId,
      );
      if ('deleted' in record) {
        expect({ externalId, state: state?.state, own }).toEqual({ externalId, state: 'archived', own: [] });
        continue;
      }
      if (state?.state === 'failed') {
        expect(state.reasonCode).toBe('email-taken');
        expect(own.length).toBeLessThanOrEqual(1);
        // Only where another one really has the address, and is where it should be.
        const rivals = [...newest.values()].filter(
          (other) =>
            other !== record && 'email' in record && 'email' in other && other.email === record.email,
        );
        const states = await Promise.all(rivals.map((other) => world.record(type, other.externalId)));
        expect(states.map((other) => other?.state)).toContain('synced');
        continue;
      }
      expect(state).toMatchObject({ externalId, state: 'synced' });
      const values = expected(type, record);
      expect(
        own.map((one) => Object.fromEntries(Object.keys(values).map((name) => [name, one[name]]))),
      ).toEqual([values]);
    }
    expect(found.length).toBeLessThanOrEqual(newest.size);
  } finally {
    await world.close();
  }
}

test('whatever crashes, fails and overtakes: each record ends once in HubSpot, as it was last sent', async () => {
  await fc.assert(
    fc.asyncProperty(schedule, ({ type, mode, rounds }) => play(type, mode, rounds)),
    {
      numRuns: Number(process.env.SYNC_RUNS ?? 60),
      seed: Number(process.env.SYNC_SEED ?? 20_261_122),
      endOnFailure: process.env.SYNC_SHRINK === undefined,
    },
  );
}, 300_000);
