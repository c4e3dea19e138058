import { expect, test } from '@jest/globals';
import { DEFAULT_SETTINGS } from '../../functions/invoices/portal-settings.ts';
import { cachedSettings } from '../../functions/invoices/settings-cache.ts';
import { portalId } from '../support/invoice-factory.ts';

function surroundings() {
  const world = { now: 0, out: false, reads: 0, timeZone: 'UTC' };
  const settings = cachedSettings(
    async () => {
      world.reads += 1;
      if (world.out) throw new Error('out');
      return { ...DEFAULT_SETTINGS, timeZone: world.timeZone };
    },
    () => world.now,
  );
  const timeZone = async (portal = '1') => (await settings(portalId(portal))).timeZone;
  return { world, timeZone };
}

test('settings that can’t be read stay the last good ones, and are asked for every five seconds', async () => {
  const { world, timeZone } = surroundings();
  await timeZone();
  world.out = true;
  world.timeZone = 'Asia/Tokyo';
  world.now += 60_000;
  expect(await timeZone()).toBe('UTC');
  expect(await timeZone()).toBe('UTC');
  expect(world.reads).toBe(2);
  world.out = false;
  world.now += 5_000;
  expect(await timeZone()).toBe('Asia/Tokyo');
});

test('settings that never could be read are an error, and those of another portal never stand in for them', async () => {
  const { world, timeZone } = surroundings();
  await timeZone('1');
  world.out = true;
  await expect(timeZone('2')).rejects.toThrow('out');
});
