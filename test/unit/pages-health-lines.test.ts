import { describe, expect, test } from '@jest/globals';
import { syncLines } from '../../functions/pages/health-lines.ts';
import type { SyncHealth } from '../../functions/sync/operations/health.ts';

const NOW = Date.parse('2026-11-22T10:00:00Z');
const NONE = { pending: 0, synced: 0, retry: 0, failed: 0, archived: 0 };

const health = (
  contacts: Partial<typeof NONE>,
  products: Partial<typeof NONE>,
  more: Partial<SyncHealth> = {},
): SyncHealth => ({
  counts: { contacts: { ...NONE, ...contacts }, products: { ...NONE, ...products } },
  ...more,
});

const said = (standing: SyncHealth | undefined, hasToken = true) =>
  syncLines({
    health: standing,
    hasToken,
    now: NOW,
    moment: (at) => new Date(at).toISOString().slice(0, 16),
  }).map(({ label, text, verdict }) => [label, verdict, text]);

describe('how the sync stands, in words', () => {
  test('all is well where everything is in HubSpot', () => {
    expect(said(health({ synced: 1200 }, { synced: 1 }))).toEqual([
      ['HubSpot access token', 'good', 'Configured: line items of the deal can be filled in.'],
      ['Contacts and products', 'good', '1,200 contacts and 1 product are in HubSpot as sent.'],
      ['On their way', 'good', 'Nothing waits.'],
      ['Could not be synced', 'good', 'None.'],
    ]);
  });

  test('a connection that never synced is not at fault', () => {
    expect(said(health({}, {}))[1]).toEqual(['Contacts and products', 'good', 'None is in HubSpot yet.']);
  });

  test('what is on its way waits, and needs attention after an hour', () => {
    const standing = (minutes: number) =>
      said(health({ pending: 1, retry: 2 }, {}, { oldestPendingAt: NOW - minutes * 60_000 }))[2];
    expect(standing(5)).toEqual([
      'On their way',
      'waiting',
      '3 contacts are waiting, the longest since 2026-11-22T09:55. 2 of them had a failure and will be tried again.',
    ]);
    expect(standing(61)?.[1]).toBe('bad');
  });

  test('what HubSpot refused needs attention', () => {
    const [, , , failed] = said(health({ failed: 1 }, {}));
    expect(failed?.slice(0, 2)).toEqual(['Could not be synced', 'bad']);
    expect(failed?.[2]).toMatch(/^1 contact is left out until somebody acts\./);
  });

  test('a pause ends by itself, a stop does not and says why', () => {
    expect(said(health({}, {}, { pausedUntil: NOW + 60_000 }))[1]).toEqual([
      'Contacts and products',
      'waiting',
      'Paused until 2026-11-22T10:01, because HubSpot asked for it. It goes on by itself.',
    ]);
    const stopped = {
      since: NOW - 60_000,
      reason: 'HubSpot no longer accepts the access token.',
      reasonCode: 'hubspot-unauthorized',
    } as const;
    expect(said(health({}, {}, { pausedUntil: NOW + 60_000, stopped }))[1]).toEqual([
      'Contacts and products',
      'bad',
      'Stopped since 2026-11-22T09:59. HubSpot no longer accepts the access token.',
    ]);
  });

  test('an operator’s hold is not laid at HubSpot’s door', () => {
    const heldUntil = NOW + 60_000;
    expect(said(health({}, {}, { pausedUntil: heldUntil, heldUntil }))[1]).toEqual([
      'Contacts and products',
      'waiting',
      'Held until 2026-11-22T10:01, or until whoever looks after this connection releases it.',
    ]);
  });

  test('a missing token and a standing that can’t be read need attention', () => {
    expect(said(undefined, false).map(([label, verdict]) => [label, verdict])).toEqual([
      ['HubSpot access token', 'bad'],
      ['Contacts and products', 'bad'],
    ]);
  });
});
