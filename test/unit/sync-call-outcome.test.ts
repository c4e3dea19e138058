import { expect, test } from '@jest/globals';
import type { CallFailure } from '../../functions/hubspot/call-failure.ts';
import { failureOutcome, rowOutcome } from '../../functions/sync/steps/call-outcome.ts';

const notFound = (missing: 'object' | 'path'): CallFailure => ({
  kind: 'not-found',
  missing,
  reasonCode: 'hubspot-unreadable-answer',
  reason: 'No such thing.',
});

test('a call answered by 404 is about a record only where HubSpot says so', () => {
  expect(failureOutcome(notFound('object'), 1)).toEqual({ kind: 'gone' });
  expect(failureOutcome(notFound('object'), 2)).toEqual({ kind: 'refused-in-batch', size: 2 });
  for (const size of [1, 2]) {
    expect(failureOutcome(notFound('path'), size)).toMatchObject({
      kind: 'passing',
      outcome: 'not-executed',
      reason: { reasonCode: 'hubspot-unreadable-answer' },
    });
  }
});

test('a conflict says whose value it is and of which property, as far as HubSpot does', () => {
  const conflict = {
    kind: 'conflict',
    existingId: '51',
    property: 'tax_id',
    reasonCode: 'hubspot-value-taken',
    reason: 'Taken.',
  } as const;
  const told = { kind: 'conflict', existingId: '51', property: 'tax_id' };
  expect(rowOutcome(conflict)).toMatchObject(told);
  expect(failureOutcome(conflict, 1)).toMatchObject(told);
});
