import { describe, expect, test } from '@jest/globals';
import type { RecordChange, SaveResult } from '../../functions/sync/records/record-change.ts';
import type { SyncRecord } from '../../functions/sync/records/sync-record.ts';
import { beginWrite } from '../../functions/sync/steps/attempt.ts';
import { finishWrite } from '../../functions/sync/steps/finish-write.ts';
import type { WorkContext } from '../../functions/sync/worker/drain-context.ts';
import { saveResults } from '../../functions/sync/worker/save-results.ts';
import { NOW, record, SETTINGS, UNIQUE } from '../support/sync-record.ts';

const LATER = NOW + 500;

/** A store in which the HubSpot records 61 and 62 are another's, as long as `isHeld` says so. */
function contextWith(isHeld: () => boolean): { context: WorkContext; saved: SyncRecord[] } {
  const saved: SyncRecord[] = [];
  const save = async (changes: readonly RecordChange[]): Promise<SaveResult[]> =>
    changes.map(({ after }) => {
      if (isHeld() && ['61', '62'].includes(after.hubspotId ?? '')) return { kind: 'id-taken' };
      saved.push(after);
      return { kind: 'saved', record: after };
    });
  const holders = async (_: unknown, ids: Iterable<string>): Promise<Map<string, string>> =>
    new Map(isHeld() ? [...ids].map((id) => [id, 'P-2']) : []);
  const counts = { calls: 0, written: 0, failed: 0 };
  const context = { store: { save, holders }, counts, now: () => LATER, shard: record() };
  return { context: context as unknown as WorkContext, saved };
}

describe('a result that names a HubSpot record of another of ours', () => {
  const known = record({ hubspotId: '51' });
  const write = { kind: 'update', hubspotId: '51', values: { name: 'Lamp' }, hash: 'h' } as const;
  const begun = beginWrite(known, write, { id: 'a', now: NOW, properties: UNIQUE });
  const finish = (current: SyncRecord) =>
    finishWrite(
      current,
      'a',
      { kind: 'done', hubspotId: '61' },
      { now: LATER, random: 0.5, settings: SETTINGS },
    );

  test('fails the record, which keeps its own id, and says whose it is', async () => {
    const { context, saved } = contextWith(() => true);
    await saveResults(context, [{ record: begun, finish }]);
    expect(saved).toMatchObject([
      {
        state: 'failed',
        reasonCode: 'record-held-by-another',
        reason: expect.stringContaining('P-2'),
        hubspotId: '51',
        dueAt: undefined,
      },
    ]);
    expect(context.counts.failed).toBe(1);
  });

  test('leaves a version that came meanwhile its own try', async () => {
    const { context, saved } = contextWith(() => true);
    const newer = { ...begun, revision: begun.revision + 1 };
    await saveResults(context, [{ record: newer, finish }]);
    expect(saved).toMatchObject([{ state: 'pending', hubspotId: '51', dueAt: LATER, attempt: undefined }]);
  });

  test('goes another way where there is one', async () => {
    const { context, saved } = contextWith(() => true);
    const finishBeside = () => (current: SyncRecord) => ({ ...current, reason: 'another way' });
    await saveResults(context, [{ record: begun, finish, finishBeside }]);
    expect(saved).toMatchObject([{ reason: 'another way' }]);
  });

  test('counts after all where the other has just let it go', async () => {
    let asked = 0;
    const { context, saved } = contextWith(() => asked++ === 0);
    await saveResults(context, [{ record: begun, finish }]);
    expect(saved).toMatchObject([{ state: 'synced', hubspotId: '61' }]);
  });
});
