import type { WorkContext } from './drain-context.ts';
import { failed } from './end-state.ts';
import { ownReason } from './sync-reasons.ts';
import { isOutstanding, type SyncRecord } from './sync-record.ts';

/** A row as we marked it, and what its result makes of it; undefined where the attempt on it is no longer ours. */
export interface RowResultToSave {
  record: SyncRecord;
  finish: (current: SyncRecord) => SyncRecord | undefined;
}

/** Stores results. A row that somebody changed meanwhile (a newer desired state) is read again, and the result applied to what it is now. */
export async function saveResults(context: WorkContext, results: readonly RowResultToSave[]): Promise<void> {
  const { store, shard } = context;
  let open = [...results];
  while (open.length > 0) {
    const changes = open.flatMap((one) => {
      const after = one.finish(one.record);
      return after ? [{ one, change: { before: one.record, after } }] : [];
    });
    const saved = await store.save(changes.map(({ change }) => change));
    const moved: RowResultToSave[] = [];
    const next: RowResultToSave[] = [];
    for (const [index, { one, change }] of changes.entries()) {
      const result = saved[index] ?? { kind: 'moved' };
      if (result.kind === 'saved') count(context, result.record);
      else if (result.kind === 'id-taken') next.push(await withIdTaken(context, one, change.after));
      else moved.push(one);
    }
    if (moved.length > 0) {
      const fresh = await store.records(
        shard,
        moved.map(({ record }) => record.externalId),
      );
      for (const one of moved) {
        const record = fresh.get(one.record.externalId);
        if (record) next.push({ ...one, record });
      }
    }
    open = next;
  }
}

/** A HubSpot record belongs to one of ours: who comes second is failed, and says so. */
async function withIdTaken(
  { store, shard, now }: WorkContext,
  { record, finish }: RowResultToSave,
  after: SyncRecord,
): Promise<RowResultToSave> {
  const id = after.hubspotId ?? '';
  const holder = (await store.holders(shard, [id])).get(id);
  const reason = ownReason(
    'record-held-by-another',
    `HubSpot's record ${id} belongs to ${holder ?? 'another record'} (the two may have been merged in HubSpot).`,
  );
  return {
    record,
    finish: (current) => {
      const finished = finish(current);
      return (
        finished &&
        failed({ ...finished, hubspotId: current.hubspotId, syncedHash: undefined }, reason, now())
      );
    },
  };
}

function count({ counts }: WorkContext, record: SyncRecord): void {
  if (record.state === 'failed') counts.failed += 1;
  else if (!isOutstanding(record)) counts.written += 1;
}
