import { expect, test } from '@jest/globals';
import { lookUpBatchesOf } from '../../functions/sync/steps/batches.ts';
import { record } from '../support/sync-record.ts';

test('look-ups are bounded as writes are: who ended its worker twice stands alone, who was refused shares with fewer', () => {
  const lookUps = Array.from({ length: 130 }, (_, index) => {
    const one = record({
      externalId: `P-${index}`,
      unfinished: index < 2 ? 2 : 0,
      batchLimit: index < 7 ? 5 : undefined,
    });
    return {
      before: one,
      record: one,
      lookUp: { purpose: 'unresolved' as const, probes: [], notBefore: 0 },
    };
  });
  expect(lookUpBatchesOf(lookUps.toReversed()).map((batch) => batch.length)).toEqual([1, 1, 5, 100, 23]);
});
