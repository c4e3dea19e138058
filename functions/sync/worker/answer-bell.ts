import type { Shard } from '../records/shard.ts';
import type { WorkerSlots } from '../records/worker-slots.ts';
import type { DrainContext, WorkerAccess } from './drain-context.ts';
import { type DrainEnd, drainShard } from './drain-shard.ts';

export interface BellAccess extends WorkerAccess {
  slots: WorkerSlots;
}

/** What became of a bell. `turned-away`: the portal has its share of workers already; one of them rings again. */
export type BellEnd = DrainEnd | 'turned-away';

/** A function that ends without giving its place back keeps it so much longer than its deadline; ms. */
const SLOT_MARGIN_MS = 1_000;

/**
 * Answers a bell: 1. takes one of the portal's places among the workers, 2. drains the shard, 3. rings again where there is more to do at
 * once, 4. gives the place back and rings for whoever found none. `deadline` (epoch ms) is when the worker will be gone.
 */
export async function answerBell(access: BellAccess, shard: Shard, deadline: number): Promise<BellEnd> {
  const { slots, now, newId, ring, notice } = access;
  const slot = await slots.take(shard, newId(), now(), deadline + SLOT_MARGIN_MS);
  if (!slot) return 'turned-away';
  const context: DrainContext = {
    ...access,
    shard,
    hubspot: access.api(shard.portalId),
    deadline,
    counts: { calls: 0, written: 0, failed: 0 },
  };
  try {
    const end = await drainShard(context);
    notice('Shard drained', { ...shard, end, ...context.counts });
    if (end === 'time-short' || end === 'no-budget') await ring([shard]);
    return end;
  } finally {
    const turnedAway = await slots.giveBack(slot);
    if (turnedAway.length > 0) {
      await ring(turnedAway);
      await slots.forget(turnedAway);
    }
  }
}
