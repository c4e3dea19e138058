import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { shardOf } from '../../functions/sync/records/shard.ts';
import { contact, PORTAL, SyncWorld } from './sync-world.ts';

let world: SyncWorld;
beforeEach(async () => {
  world = await SyncWorld.start();
  await world.createKeyProperties();
});
afterEach(() => world.close());

const contactsOf = (call: string) =>
  ['a', 'b', 'c'].map((letter) =>
    contact(`${call}-${letter}`, { email: `${call}-${letter}@example.com`.toLowerCase() }),
  );

const namesInHubSpot = (): unknown[] =>
  world.hubspot
    .records(PORTAL, 'contacts')
    .map(({ properties }) => properties.lastname)
    .sort();

test('what intake has stored when it dies before it rings is found by the sweeper, and reaches HubSpot', async () => {
  const { steps } = await world.takeInUntil('contacts', contactsOf('first'));
  await world.settle();
  // To ring is the last thing that it does.
  const records = contactsOf('second');
  const { end } = await world.takeInUntil('contacts', records, { step: steps, when: 'before' });
  expect(end).toBe('died');
  expect(world.bells).toEqual([]);
  for (const { externalId } of records) {
    expect(await world.record('contacts', externalId)).toMatchObject({ state: 'pending' });
  }
  const shards = new Set(records.map(({ externalId }) => shardOf(externalId)));
  expect(new Set((await world.sweep()).map(({ shard }) => shard))).toEqual(shards);
  await world.settle();
  expect(namesInHubSpot()).toEqual(
    [...contactsOf('first'), ...records].map(({ lastName }) => lastName).sort(),
  );
});

test('intake that dies anywhere loses nothing that it stored, and the same call once more brings the rest', async () => {
  const all: string[] = [];
  for (const when of ['before', 'after'] as const) {
    for (let step = 1; ; step++) {
      const records = contactsOf(`${when}${step}`);
      const { end } = await world.takeInUntil('contacts', records, { step, when });
      world.bells.length = 0;
      const stored = [];
      for (const { externalId, lastName } of records) {
        if (await world.record('contacts', externalId)) stored.push(lastName);
      }
      await world.settle();
      expect({ step, when, names: namesInHubSpot() }).toEqual({
        step,
        when,
        names: [...all, ...stored].sort(),
      });
      await world.takeIn('contacts', records);
      await world.settle();
      all.push(...records.map(({ lastName }) => lastName));
      expect({ step, when, names: namesInHubSpot() }).toEqual({ step, when, names: [...all].sort() });
      if (end === 'died') continue;
      expect(step).toBeGreaterThan(3);
      break;
    }
  }
});
