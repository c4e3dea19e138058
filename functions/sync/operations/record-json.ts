import { isOutstanding, type SyncRecord } from '../records/sync-record.ts';

const instant = (epochMs: number): string => new Date(epochMs).toISOString();

/** A record as the API answers it. It is not tried before `notBefore` (epoch ms): the present, or when its portal's rest ends. */
export function recordJson(record: SyncRecord, notBefore: number): Record<string, unknown> {
  const { desired, hubspotId, state, reason, reasonCode, attempts, dueAt, syncedAt } = record;
  return {
    externalId: record.externalId,
    desired: desired.kind === 'deleted' ? { deleted: true } : desired.content,
    hubspotId,
    state,
    reason,
    reasonCode,
    attempts,
    nextAttemptAt:
      isOutstanding(record) && dueAt !== undefined ? instant(Math.max(dueAt, notBefore)) : undefined,
    updatedAt: record.updatedAt,
    syncedAt: syncedAt === undefined ? undefined : instant(syncedAt),
  };
}
