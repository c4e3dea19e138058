import type { ControlStore } from './control-store.ts';
import { restsUntil } from './portal-control.ts';
import type { RecordStore } from './record-store.ts';
import { type Shard, shardsOf } from './shard.ts';

export interface SweepAccess {
  store: RecordStore;
  control: ControlStore;
  ring: (shards: readonly Shard[]) => Promise<void>;
  now: () => number;
}

const PORTALS_AT_ONCE = 8;

/**
 * Rings the bells of every shard that has due work, unless its portal rests. This is retry, replay and the recovery of lost bells in one.
 * Answers the shards rung for.
 */
export async function sweep({ store, control, ring, now }: SweepAccess): Promise<Shard[]> {
  const registered = await control.registered();
  const rung: Shard[] = [];
  const sweepNext = async (): Promise<void> => {
    for (let next = registered.shift(); next; next = registered.shift()) {
      if (restsUntil(await control.portal(next.portalId)) > now()) continue;
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
  return rung;
}
