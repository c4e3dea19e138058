import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { shardOf } from '../../functions/sync/records/shard.ts';
import type { CustomProperties } from '../../local/hubspot/portal-settings.ts';
import { contact, minute, PORTAL, product, SyncWorld } from './sync-world.ts';

// Hundreds of small runs: one for each step of a worker.
jest.setTimeout(180_000);

/** Ids that all lie in the first shard. */
const ids = (prefix: string, count: number): string[] => {
  const found: string[] = [];
  for (let index = 0; found.length < count; index++) {
    const id = `${prefix}-${index}`;
    if (shardOf(id) === 0) found.push(id);
  }
  return found;
};

const MODES: readonly CustomProperties[] = ['unique', 'ordinary', 'refused'];
const SHARD = { portalId: PORTAL, shard: 0 } as const;

async function worldWith(customProperties: CustomProperties): Promise<SyncWorld> {
  const world = await SyncWorld.start({ hubspot: { customProperties, searchLagMs: 4_000 } });
  await world.createKeyProperties();
  return world;
}

describe.each(MODES)('a worker that is stopped anywhere, with %s properties of ours', (mode) => {
  let world: SyncWorld;
  afterEach(() => world.close());

  test.each(['create', 'update', 'delete'] as const)(
    'leaves no product twice and none behind: %s',
    async (kind) => {
      world = await worldWith(mode);
      for (const when of ['before', 'after'] as const) {
        for (let step = 1; ; step++) {
          const names = ids(`${kind}-${when}-${step}`, 3);
          if (kind !== 'create') {
            await world.takeIn(
              'products',
              names.map((id) => product(id, { description: 'old' })),
            );
            await world.settle();
          }
          const newer = names.map((id) =>
            kind === 'delete'
              ? { externalId: id, updatedAt: minute(1), deleted: true }
              : product(id, { updatedAt: minute(1), description: undefined, name: `New ${id}` }),
          );
          await world.takeIn('products', newer);
          const { end } = await world.work({ ...SHARD, type: 'products' }, { step, when });
          await world.settle();
          const found = world.hubspot
            .records(PORTAL, 'products')
            .filter(({ properties }) => names.some((id) => properties.hs_sku === `SKU-${id}`));
          expect({ step, when, names: found.map(({ properties }) => properties.name).sort() }).toEqual({
            step,
            when,
            names: kind === 'delete' ? [] : names.map((id) => `New ${id}`).sort(),
          });
          expect(found.every(({ properties }) => properties.description === undefined)).toBe(true);
          for (const id of names) {
            expect(await world.record('products', id)).toMatchObject({
              state: kind === 'delete' ? 'archived' : 'synced',
            });
          }
          if (end !== 'died') {
            expect(step).toBeGreaterThan(8);
            break;
          }
        }
      }
    },
  );

  test('leaves no contact twice and none behind, while two of them swap their addresses', async () => {
    world = await worldWith(mode);
    for (const when of ['before', 'after'] as const) {
      for (let step = 1; ; step++) {
        const [a = '', b = '', c = ''] = ids(`swap-${when}-${step}`, 3);
        const mail = (id: string) => `${id.toLowerCase()}@example.com`;
        await world.takeIn('contacts', [contact(a, { email: mail(a) }), contact(b, { email: mail(b) })]);
        await world.settle();
        await world.takeIn('contacts', [
          contact(a, { email: mail(b), updatedAt: minute(1) }),
          contact(b, { email: mail(a), updatedAt: minute(1) }),
          contact(c),
        ]);
        const { end } = await world.work({ ...SHARD, type: 'contacts' }, { step, when });
        await world.settle();
        const found = world.hubspot
          .records(PORTAL, 'contacts')
          .filter(({ properties }) => [a, b, c].some((id) => properties.lastname === `Customer ${id}`))
          .map(({ properties }) => [properties.lastname, properties.email])
          .sort();
        expect({ step, when, found }).toEqual({
          step,
          when,
          found: [
            [`Customer ${a}`, mail(b)],
            [`Customer ${b}`, mail(a)],
            [`Customer ${c}`, undefined],
          ].sort(),
        });
        if (end !== 'died') {
          expect(step).toBeGreaterThan(8);
          break;
        }
      }
    }
  });
});
