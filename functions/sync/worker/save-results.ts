import { isOutstanding, type SyncRecord } from '../records/sync-record.ts';
import { failedUnlessChanged } from '../steps/end-state.ts';
import { ownReason } from '../sync-reasons.ts';
import type { WorkContext } from './drain-context.ts';
import { type HeldRecord, writeHolderAgain } from './write-holder-again.ts';

/** A row as we marked it, and what its result makes of it; undefined where the attempt on it is no longer ours. */
export interface RowResultToSave {
  record: SyncRecord;
  finish: (current: SyncRecord) => SyncRecord | undefined;
  /** The same where the HubSpot record that the result names turns out to belong to another; by default who comes second fails. */
  finishBeside?: (held: HeldRecord) => RowResultToSave['finish'];
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

/** A HubSpot record belongs to one of ours: who comes second takes another way, or is failed and says so. */
async function withIdTaken(
  context: WorkContext,
  result: RowResultToSave,
  after: SyncRecord,
): Promise<RowResultToSave> {
  const { store, shard, now } = context;
  const { attempt } = result.record;
  const id = after.hubspotId ?? '';
  const holder = (await store.holders(shard, [id])).get(id);
  // Let go again in between.
  if (holder === undefined) return result;
  const held = { hubspotId: id, holder };
  if (attempt?.kind !== 'look-up') await writeHolderAgain(context, held, attempt?.names ?? []);
  return { ...result, finish: result.finishBeside?.(held) ?? failing(result.finish, held, now) };
}

function failing(
  finish: RowResultToSave['finish'],
  { hubspotId, holder }: HeldRecord,
  now: () => number,
): RowResultToSave['finish'] {
  const detail = `HubSpot's record ${hubspotId} belongs to ${holder} (the two may have been merged in HubSpot).`;
  const reason = ownReason('record-held-by-another', detail);
  return (current) => {
    const finished = finish(current);
    if (!finished) return undefined;
    const left = { ...finished, hubspotId: current.hubspotId, syncedHash: undefined };
    return failedUnlessChanged(left, current.attempt ?? current, reason, now());
  };
}

function count({ counts }: WorkContext, record: SyncRecord): void {
  if (record.state === 'failed') counts.failed += 1;
  else if (!isOutstanding(record)) counts.written += 1;
}
