import { canonicalJson } from '../records/desired-content.ts';
import type {
  Attempt,
  LostCreates,
  SyncRecord,
  UnresolvedCreates,
  Unsettled,
} from '../records/sync-record.ts';

/** Creates that are not there may come as long as writes of unknown outcome can land at all; where nothing was lost, nothing comes. */
export function withLate(
  unsettled: Unsettled | undefined,
  creates: UnresolvedCreates | undefined,
  now: number,
): Unsettled | undefined {
  if (!unsettled || !creates || creates.onlyFor !== undefined || unsettled.until <= now) return unsettled;
  const { late } = unsettled;
  const traces = [...(late?.traces ?? []), ...creates.traces];
  return {
    ...unsettled,
    late: {
      since: Math.min(late?.since ?? creates.since, creates.since),
      endedAt: Math.max(late?.endedAt ?? 0, creates.endedAt),
      traces: [...new Map(traces.map((trace) => [canonicalJson(trace), trace])).values()],
    },
  };
}

/** The creates of which a record without an id has to expect that they have landed since they were looked for. */
export const lateCreates = ({ hubspotId, unsettled }: SyncRecord): LostCreates | undefined =>
  hubspotId === undefined ? unsettled?.late : undefined;

/** Late creates as ones to be looked for once more, from `lookAt` on. A search that old may not know yet what has happened until now. */
export const soughtAgain = (
  { since, endedAt, traces }: LostCreates,
  { now, lookAt }: { now: number; lookAt: number },
): UnresolvedCreates => ({ since, endedAt: Math.max(endedAt, now), traces, misses: 0, lookAt });

/**
 * Whether what stands in a write's way may be one of the late creates: it has the write's own key, or the address that went with one of
 * them. One that went with the key of this upsert can't be it: the upsert would have met it there.
 */
export function mayBeLate(
  { traces }: LostCreates,
  { kind, email, trace }: Attempt,
  property: string | undefined,
): boolean {
  if (property !== undefined && property !== 'email') return property === trace?.key;
  const isOutOfReach = (key: string | undefined): boolean => kind === 'create' || key !== trace?.key;
  return email !== undefined && traces.some((one) => one.email === email && isOutOfReach(one.key));
}
