import { type Shard, shardOf } from '../records/shard.ts';
import type { SyncRecord } from '../records/sync-record.ts';
import type { WorkContext } from './drain-context.ts';

/** A HubSpot record and the record of ours that it belongs to. */
export interface HeldRecord {
  hubspotId: string;
  holder: string;
}

/**
 * What was written for one record has landed on the HubSpot record of another: somebody merged the two in HubSpot, or copied our key. There
 * the other is no longer as it was sent. So it is written again, and what came with the wrong write (`names`) is cleared. Done twice, as after
 * a crash, it does no harm.
 */
export async function writeHolderAgain(
  { store, shard, now, ring }: Pick<WorkContext, 'store' | 'shard' | 'now' | 'ring'>,
  { hubspotId, holder }: HeldRecord,
  names: readonly string[],
): Promise<void> {
  for (;;) {
    const before = await store.record(shard, holder);
    // It has let it go, and others look after it.
    if (before?.hubspotId !== hubspotId) return;
    const [result] = await store.save([{ before, after: writtenOver(before, names, now()) }]);
    if (result?.kind === 'saved') break;
  }
  const rung: Shard = { portalId: shard.portalId, type: shard.type, shard: shardOf(holder) };
  await ring([rung]);
}

/** A write of its own that has begun by now may have come before the wrong one, and so does not settle it. */
function writtenOver(record: SyncRecord, names: readonly string[], now: number): SyncRecord {
  const { attempt, unsettled } = record;
  const until = Math.max(now, attempt?.startedAt ?? 0, unsettled?.until ?? 0) + 1;
  return {
    ...record,
    syncedHash: undefined,
    unsettled: { ...unsettled, until, archived: unsettled?.archived === true },
    names: [...new Set([...record.names, ...names])],
    attempts: 0,
    dueAt: Math.max(now, attempt?.endsAt ?? 0) + 1,
  };
}
