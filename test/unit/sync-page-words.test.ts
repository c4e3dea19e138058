import { describe, expect, test } from '@jest/globals';
import type { Health } from '../../local/sync-page/backend.ts';
import { standingInWords, waitsOf } from '../../local/sync-page/browser/standing-in-words.ts';

const none = { pending: 0, retry: 0, synced: 0, failed: 0, archived: 0 };
const counts = { products: none, contacts: none };
const inWords = (health: Health) =>
  standingInWords({ kind: 'answered', health, failures: [], hasMore: false });
const sentences = (health: Health) => waitsOf(health).map(({ before, at, after }) => before + at + after);

describe('how the sync stands, in words', () => {
  test('names what there is, and leaves out what there is none of', () => {
    expect(inWords({ counts })).toBe('Products: none yet. Contacts: none yet.');
    const products = { pending: 2, retry: 3, synced: 44, failed: 1, archived: 0 };
    expect(inWords({ counts: { products, contacts: { ...none, archived: 4 } } })).toBe(
      'Products: 5 on the way, 44 in HubSpot, 1 failed. Contacts: 4 archived.',
    );
  });

  test("is the API's reason where it refuses", () => {
    expect(standingInWords({ kind: 'refused', reason: 'The API rests.' })).toBe('The API rests.');
  });
});

describe('what the sync waits for', () => {
  test('is nothing where nothing is on its way', () => {
    expect(sentences({ counts })).toEqual([]);
  });

  test('is a pause that HubSpot asked for, and since when the oldest waits', () => {
    expect(sentences({ counts, pausedUntil: 'UNTIL', oldestPendingAt: 'SINCE' })).toEqual([
      'HubSpot takes no calls for now: the sync rests until UNTIL.',
      'The oldest record on the way waits since SINCE.',
    ]);
  });

  test('is an operator who holds the portal, not HubSpot', () => {
    expect(sentences({ counts, pausedUntil: 'HELD', heldUntil: 'HELD' })).toEqual([
      'An operator holds the sync until HELD, or until it is released.',
    ]);
  });

  test('is a person where the portal is stopped: with the reason, and when it is tried again', () => {
    const stopped = { reason: 'HubSpot no longer accepts the access token.', since: 'SINCE' };
    expect(sentences({ counts, stopped, pausedUntil: 'NEXT' })).toEqual([
      'The sync stands still since SINCE: HubSpot no longer accepts the access token.',
      'It is tried again at NEXT.',
    ]);
  });
});
