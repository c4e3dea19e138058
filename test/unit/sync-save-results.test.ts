import { describe, expect, test } from '@jest/globals';
import type { RecordChange, SaveResult } from '../../functions/sync/records/record-change.ts';
import { type Shard, shardOf } from '../../functions/sync/records/shard.ts';
import type { SyncRecord } from '../../functions/sync/records/sync-record.ts';
import { beginLookUp, beginWrite } from '../../functions/sync/steps/attempt.ts';
import { finishWrite } from '../../functions/sync/steps/finish-write.ts';
import type { WorkContext } from '../../functions/sync/worker/drain-context.ts';
import { saveResults } from '../../functions/sync/worker/save-results.ts';
import { NOW, record, SETTINGS, UNIQUE } from '../support/sync-record.ts';

const LATER = NOW + 500;

interface World {
  context: WorkContext;
  /** What was saved of the record, and of the other. */
  saved: SyncRecord[];
  savedOfOther: SyncRecord[];
  rung: Shard[];
}

/** A store in which the HubSpot records 61 and 62 are another's, as long as `isHeld` says so. */
function contextWith(isHeld: () => boolean, other: Partial<SyncRecord> = {}): World {
  const saved: SyncRecord[] = [];
  const savedOfOther: SyncRecord[] = [];
  const rung: Shard[] = [];
  const save = async (changes: readonly RecordChange[]): Promise<SaveResult[]> =>
    changes.map(({ after }) => {
      const isOther = after.externalId === 'P-2';
      if (!isOther && isHeld() && ['61', '62'].includes(after.hubspotId ?? '')) return { kind: 'id-taken' };
      (isOther ? savedOfOther : saved).push(after);
      return { kind: 'saved', record: after };
    });
  const heldBy = record({ externalId: 'P-2', state: 'synced', hubspotId: '61', dueAt: undefined, ...other });
  const holders = async (_: unknown, ids: Iterable<string>): Promise<Map<string, string>> =>
    new Map(isHeld() ? [...ids].map((id) => [id, 'P-2']) : []);
  const counts = { calls: 0, written: 0, failed: 0 };
  const ring = async (shards: readonly Shard[]) => {
    rung.push(...shards);
  };
  const store = { save, holders, record: async () => heldBy };
  const shard: Shard = { portalId: heldBy.portalId, type: heldBy.type, shard: shardOf('P-1') };
  const context = { store, counts, now: () => LATER, shard, ring };
  return { context: context as unknown as WorkContext, saved, savedOfOther, rung };
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

  test('has what was written there written over by the other, whose shard is rung for', async () => {
    const { context, savedOfOther, rung } = contextWith(() => true, { syncedHash: 'g', names: ['hs_sku'] });
    await saveResults(context, [{ record: begun, finish }]);
    const [other] = savedOfOther;
    expect(other).toMatchObject({ state: 'synced', hubspotId: '61', dueAt: LATER + 1 });
    expect(other?.syncedHash).toBeUndefined();
    expect(other?.names).toEqual(['hs_sku', 'name']);
    expect(rung).toEqual([expect.objectContaining({ shard: shardOf('P-2') })]);
  });

  test('is not settled by a write of the other that was under way already', async () => {
    const values = { name: 'Other' };
    const update = { kind: 'update', hubspotId: '61', values, hash: 'g' } as const;
    const underWay = beginWrite(record({ externalId: 'P-2', hubspotId: '61' }), update, {
      id: 'b',
      now: LATER,
      properties: UNIQUE,
    });
    const { context, savedOfOther } = contextWith(() => true, underWay);
    await saveResults(context, [{ record: begun, finish }]);
    const [marked = underWay] = savedOfOther;
    const done = { kind: 'done', hubspotId: '61' } as const;
    const ended = finishWrite(marked, 'b', done, { now: LATER + 50, random: 0.5, settings: SETTINGS });
    expect(ended).toMatchObject({ syncedHash: 'g', dueAt: LATER + 1, unsettled: { until: LATER + 1 } });
  });

  test('lets the other be where nothing was written, but only looked for', async () => {
    const { context, saved, savedOfOther } = contextWith(() => true);
    const looking = beginLookUp(known, { id: 'a', now: NOW });
    const found = (current: SyncRecord) => ({ ...current, attempt: undefined, hubspotId: '61' });
    await saveResults(context, [{ record: looking, finish: found }]);
    expect(saved).toMatchObject([{ reasonCode: 'record-held-by-another' }]);
    expect(savedOfOther).toEqual([]);
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
