import { describe, expect, test } from '@jest/globals';
import { type ReadSecret, watchSecret } from '../../functions/secret-store.ts';

/** Secrets Manager behind a cache of a minute, as Powertools keeps it, with a clock that the test moves. */
function surroundings() {
  const world = { stored: 'one', now: 1_000_000, out: false, reads: 0 };
  let cached: { text: string; until: number } | undefined;
  const read: ReadSecret = async (_id, { forceFetch }) => {
    if (!forceFetch && cached && world.now < cached.until) return cached.text;
    world.reads += 1;
    if (world.out) throw new Error('Secrets Manager is out.');
    cached = { text: world.stored, until: world.now + 60_000 };
    return world.stored;
  };
  const parse = (text: string): string => {
    if (text === 'malformed') throw new Error('malformed');
    return text.toUpperCase();
  };
  return { world, secret: watchSecret(read, 'id', parse, () => world.now) };
}

describe('a secret', () => {
  test('is read once a minute, however often it is asked for', async () => {
    const { world, secret } = surroundings();
    for (let second = 0; second < 60; second++) {
      expect(await secret.value()).toBe('ONE');
      world.now += 1_000;
    }
    expect(world.reads).toBe(1);
  });

  test('is known in its new form after at most a minute', async () => {
    const { world, secret } = surroundings();
    await secret.value();
    world.stored = 'two';
    world.now += 59_999;
    expect(await secret.value()).toBe('ONE');
    world.now += 1;
    expect(await secret.value()).toBe('TWO');
  });

  test('keeps its last good value for as long as Secrets Manager is out, and asks it every five seconds', async () => {
    const { world, secret } = surroundings();
    await secret.value();
    world.out = true;
    world.now += 60_000;
    const before = world.reads;
    for (let second = 0; second < 600; second++) {
      expect(await secret.value()).toBe('ONE');
      world.now += 1_000;
    }
    expect(world.reads - before).toBe(120);
    world.out = false;
    world.stored = 'two';
    world.now += 5_000;
    expect(await secret.value()).toBe('TWO');
  });

  test('keeps its last good value where the new one is malformed', async () => {
    const { world, secret } = surroundings();
    await secret.value();
    world.stored = 'malformed';
    world.now += 60_000;
    expect(await secret.value()).toBe('ONE');
    expect(await secret.fresh()).toBeUndefined();
  });

  test('that takes long to be read again is the last good one after 300 ms, and the new one once it is there', async () => {
    let answer: (text: string) => void = () => undefined;
    let now = 0;
    let reads = 0;
    const read: ReadSecret = () => {
      reads += 1;
      return reads === 1 ? Promise.resolve('one') : new Promise((resolve) => (answer = resolve));
    };
    const secret = watchSecret(read, 'id', String, () => now);
    await secret.value();
    now += 60_000;
    const startedAt = performance.now();
    expect(await secret.value()).toBe('one');
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    expect(await secret.value()).toBe('one');
    expect(reads).toBe(2);
    answer('two');
    await new Promise(setImmediate);
    expect(await secret.value()).toBe('two');
  });

  test('that never could be read is an error, until it can be', async () => {
    const { world, secret } = surroundings();
    world.out = true;
    await expect(secret.value()).rejects.toThrow('out');
    world.out = false;
    expect(await secret.value()).toBe('ONE');
  });
});

describe('a fresh read', () => {
  test('goes past the cache, and everyone has the new value from then on', async () => {
    const { world, secret } = surroundings();
    await secret.value();
    world.stored = 'two';
    expect(await secret.fresh()).toBe('TWO');
    expect(await secret.value()).toBe('TWO');
  });

  test('is made at most once in ten seconds', async () => {
    const { world, secret } = surroundings();
    expect(await secret.fresh()).toBe('ONE');
    world.now += 9_999;
    expect(await secret.fresh()).toBeUndefined();
    expect(world.reads).toBe(1);
    world.now += 1;
    expect(await secret.fresh()).toBe('ONE');
    expect(world.reads).toBe(2);
  });

  test('is one for all who ask while it is under way', async () => {
    const { world, secret } = surroundings();
    expect(await Promise.all([secret.fresh(), secret.fresh(), secret.fresh()])).toEqual([
      'ONE',
      'ONE',
      'ONE',
    ]);
    expect(world.reads).toBe(1);
  });

  test('that fails gives nothing, takes nothing away, and counts', async () => {
    const { world, secret } = surroundings();
    await secret.value();
    world.out = true;
    expect(await secret.fresh()).toBeUndefined();
    expect(await secret.value()).toBe('ONE');
    world.out = false;
    expect(await secret.fresh()).toBeUndefined();
    world.now += 10_000;
    expect(await secret.fresh()).toBe('ONE');
  });
});
