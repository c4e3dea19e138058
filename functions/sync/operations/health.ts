import type { ObjectType } from '../../hubspot/hubspot-api.ts';
import type { PortalId } from '../../invoices/identifiers.ts';
import type { ControlStore } from '../records/control-store.ts';
import { type PortalControl, restsUntil } from '../records/portal-control.ts';
import { RECORD_TYPES, shardsOf } from '../records/shard.ts';
import type { StateReader } from '../records/state-reader.ts';
import type { SyncState } from '../records/sync-record.ts';

/** How a portal's sync stands. Times are epoch milliseconds. */
export interface SyncHealth {
  counts: Record<ObjectType, Record<SyncState, number>>;
  oldestPendingAt?: number | undefined;
  /** Until when its calls rest, whatever for. */
  pausedUntil?: number | undefined;
  /** Until when an operator holds it, unless it is released before. */
  heldUntil?: number | undefined;
  stopped?: PortalControl['stopped'];
}

export interface HealthAccess {
  states: StateReader;
  control: ControlStore;
  now: () => number;
}

/** Counts are taken at most so often for each portal and process. */
const KEPT_MS = 5_000;
const MAX_KEPT = 1_000;

/** Reads the health of portals; counts are at most some seconds old. */
export function healthReader({
  states,
  control,
  now,
}: HealthAccess): (portalId: PortalId) => Promise<SyncHealth> {
  const kept = new Map<PortalId, { counted: Promise<Counted>; at: number }>();

  function counted(portalId: PortalId): Promise<Counted> {
    const last = kept.get(portalId);
    if (last && now() - last.at <= KEPT_MS) return last.counted;
    if (kept.size >= MAX_KEPT) kept.clear();
    const entry = { counted: countAll(states, portalId), at: now() };
    kept.set(portalId, entry);
    entry.counted.catch(() => kept.delete(portalId));
    return entry.counted;
  }

  return async (portalId) => {
    const [counts, portal] = await Promise.all([counted(portalId), control.portal(portalId)]);
    const toCome = (until = 0): number | undefined => (until > now() ? until : undefined);
    return {
      ...counts,
      pausedUntil: toCome(restsUntil(portal)),
      heldUntil: toCome(portal.heldUntil),
      stopped: portal.stopped,
    };
  };
}

type Counted = Pick<SyncHealth, 'counts' | 'oldestPendingAt'>;

async function countAll(states: StateReader, portalId: PortalId): Promise<Counted> {
  const none = (): Record<SyncState, number> => ({ pending: 0, synced: 0, retry: 0, failed: 0, archived: 0 });
  const counts: SyncHealth['counts'] = { contacts: none(), products: none() };
  let oldestPendingAt: number | undefined;
  const shards = RECORD_TYPES.flatMap((type) => shardsOf(portalId, type));
  const counted = await Promise.all(shards.map((shard) => states.count(shard)));
  for (const [index, one] of counted.entries()) {
    const type = shards[index]?.type;
    if (!type) continue;
    for (const [state, count] of Object.entries(one.counts)) counts[type][state as SyncState] += count;
    const oldest = one.oldestPendingAt;
    if (oldest !== undefined) oldestPendingAt = Math.min(oldestPendingAt ?? oldest, oldest);
  }
  return { counts, oldestPendingAt };
}
