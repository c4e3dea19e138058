import { expect, test } from '@jest/globals';
import type { PortalId } from '../../functions/invoices/identifiers.ts';
import { syncStanding } from '../../functions/pages/sync-standing.ts';

test('a sync that can’t be read is told to the log, and the page goes on without it', async () => {
  const reported: unknown[] = [];
  const failure = new Error('no table');
  const standing = syncStanding(
    async () => {
      throw failure;
    },
    (message, error) => reported.push([message, error]),
  );
  expect(await standing('111' as PortalId)).toBeUndefined();
  expect(reported).toEqual([['How the sync stands could not be read', failure]]);
});
