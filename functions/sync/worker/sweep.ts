import type { PortalId } from '../../invoices/identifiers.ts';
import type { ControlStore } from '../records/control-store.ts';
import { restsUntil } from '../records/portal-control.ts';
import type { RecordStore } from '../records/record-store.ts';
import { type Shard, shardsOf } from '../records/shard.ts';

export interface SweepAccess {
  store: RecordStore;
  control: ControlStore;
  ring: (shards: readonly Shard[]) => Promise<void>;
  now: () => number;
}

/** What a sweep has seen. */
export interface Swept {
  /** The shards rung for. */
  rung: Shard[];
  /** Portals that stand still, since HubSpot refuses their token. */
  stopped: PortalId[];
  /** Portals that HubSpot wants to rest for long: the daily limit is reached, or they are being moved. */
  restingLong: PortalId[];
}

/** Counted at each sweep: for the alarms that stay on as long as it is so. */
export const PORTALS_STOPPED_METRIC = 'SyncPortalsStopped';
export const PORTALS_RESTING_LONG_METRIC = 'SyncPortalsRestingLong';

const PORTALS_AT_ONCE = 8;
/** The ten-second limit lets a portal rest for seconds. What takes longer than this, somebody should know. */
const LONG_REST_MS = 5 * 60_000;

/**
 * Rings the bells of every shard that has due work, unless its portal rests. This is retry, replay and the recovery of lost bells in one.
 * Answers the shards rung for, and the portals whose work will not be done soon.
 */
export async function sweep({ store, control, ring, now }: SweepAccess): Promise<Swept> {
  const registered = await control.registered();
  const rung: Shard[] = [];
  const stopped = new Set<PortalId>();
  const restingLong = new Set<PortalId>();
  const sweepNext = async (): Promise<void> => {
    for (let next = registered.shift(); next; next = registered.shift()) {
      const portal = await control.portal(next.portalId);
      if (portal.stopped) stopped.add(next.portalId);
      if ((portal.pausedUntil ?? 0) > now() + LONG_REST_MS) restingLong.add(next.portalId);
      if (restsUntil(portal) > now()) continue;
      const due = await Promise.all(
        shardsOf(next.portalId, next.type).map(async (shard) =>
          (await store.hasDue(shard, now())) ? [shard] : [],
        ),
      );
      await ring(due.flat());
      rung.push(...due.flat());
    }
  };
  await Promise.all(Array.from({ length: PORTALS_AT_ONCE }, sweepNext));
  return { rung, stopped: [...stopped], restingLong: [...restingLong] };
}
