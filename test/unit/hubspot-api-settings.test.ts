import { describe, expect, test } from '@jest/globals';
import { accessTokensFrom, parseAccessTokens, tokenOf } from '../../functions/hubspot/access-tokens.ts';
import { parseHubSpotSettings } from '../../functions/hubspot/hubspot-settings.ts';
import { keyPropertyIn } from '../../functions/hubspot/key-property.ts';
import { nextMidnight, pausedUntil } from '../../functions/hubspot/pause.ts';

describe('access tokens', () => {
  test('one token serves every portal', () => {
    expect(tokenOf(parseAccessTokens(' pat-na1-0a '), '7')).toBe('pat-na1-0a');
  });

  test('pairs serve the portals they name and no other', () => {
    const tokens = parseAccessTokens('101:token-a, 102:token-b,');
    expect([tokenOf(tokens, '101'), tokenOf(tokens, '102'), tokenOf(tokens, '103')]).toEqual([
      'token-a',
      'token-b',
      undefined,
    ]);
  });

  test.each(['a b', '101:token-a,secret', 'x:secret', '101:secret:more', '101:'])(
    'a malformed text (%s) is refused without being repeated',
    (text) => {
      expect(() => parseAccessTokens(text)).toThrow(/token/i);
      expect(() => parseAccessTokens(text)).not.toThrow(/secret/);
    },
  );

  test('are read anew only where HubSpot refused what we had', async () => {
    const source = accessTokensFrom({
      value: async () => ({ only: 'old' }),
      fresh: async () => ({ only: 'new' }),
    });
    expect([await source('101'), await source('101', 'old')]).toEqual(['old', 'new']);
  });
});

describe('settings', () => {
  test('have defaults below the smallest of HubSpot’s limits', () => {
    expect(parseHubSpotSettings({})).toEqual({
      HUBSPOT_API_URL: 'https://api.hubapi.com',
      HUBSPOT_API_VERSION: '2026-03',
      HUBSPOT_CALLS_PER_10S: 100,
      HUBSPOT_SEARCHES_PER_SECOND: 3,
    });
  });

  test('that are wrong are named, never repeated', () => {
    const parse = () => parseHubSpotSettings({ HUBSPOT_API_VERSION: 'v9', HUBSPOT_CALLS_PER_10S: 'many' });
    expect(parse).toThrow(
      'HUBSPOT_API_VERSION (expected 2026-03 or v3), HUBSPOT_CALLS_PER_10S (expected a whole number)',
    );
    expect(parse).not.toThrow('v9');
  });
});

describe('how long a portal rests', () => {
  const clock = { now: Date.UTC(2026, 10, 20, 12), random: 0.5, timeZone: 'Europe/Berlin' };

  test('is what HubSpot asked for, where it asked, plus jitter', () => {
    const rest = { kind: 'throttled', policy: 'DAILY', retryAfterMs: 30_000 } as const;
    expect(pausedUntil(rest, clock) - clock.now).toBe(30_500);
    expect(pausedUntil({ kind: 'parked', retryAfterMs: 3_600_000 }, clock) - clock.now).toBe(3_600_500);
  });

  test.each([
    ['TEN_SECONDLY_ROLLING', 10_000, 12_000],
    ['SECONDLY', 1_000, 2_000],
  ] as const)('follows the policy %s otherwise', (policy, least, most) => {
    for (const random of [0, 0.3, 0.999]) {
      const rested = pausedUntil({ kind: 'throttled', policy }, { ...clock, random }) - clock.now;
      expect(rested).toBeGreaterThanOrEqual(least);
      expect(rested).toBeLessThanOrEqual(most);
    }
  });

  test('lasts to the portal’s own midnight where the day’s calls are used up', () => {
    const until = pausedUntil({ kind: 'throttled', policy: 'DAILY' }, clock);
    expect(new Date(until).toISOString()).toBe('2026-11-20T23:00:30.000Z');
  });

  test.each([
    ['Asia/Kathmandu', '2026-11-20T18:15:00.000Z'],
    ['Pacific/Kiritimati', '2026-11-21T10:00:00.000Z'],
    ['UTC', '2026-11-21T00:00:00.000Z'],
  ])('midnight in %s is found', (timeZone, midnight) => {
    expect(new Date(nextMidnight(clock.now, timeZone)).toISOString()).toBe(midnight);
  });

  test('a day without a midnight ends where the next one begins', () => {
    // Chile's clocks went from 24:00 to 01:00 in this night.
    const evening = Date.UTC(2026, 8, 5, 23);
    expect(new Date(nextMidnight(evening, 'America/Santiago')).toISOString()).toBe(
      '2026-09-06T04:00:00.000Z',
    );
  });
});

test('our unique property is found under either name, and an ordinary one beside it', () => {
  const plain = { name: 'ledgerbridge_product_id', hasUniqueValue: false };
  const key = { name: 'ledgerbridge_product_id_key', hasUniqueValue: true };
  expect(keyPropertyIn('products', [])).toEqual({});
  expect(keyPropertyIn('products', [plain])).toEqual({ ordinary: plain.name });
  expect(keyPropertyIn('products', [key, plain])).toEqual({ unique: key.name, ordinary: plain.name });
  expect(keyPropertyIn('contacts', [key, plain])).toEqual({});
});
