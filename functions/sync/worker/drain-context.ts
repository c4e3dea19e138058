import type { Admission, BudgetPool, HubSpotApi } from '../../hubspot/hubspot-api.ts';
import type { PortalProperties } from '../mapping/portal-properties.ts';
import type { PropertiesSource } from '../mapping/properties-source.ts';
import type { ControlStore } from '../records/control-store.ts';
import type { RecordStore } from '../records/record-store.ts';
import type { Shard } from '../records/shard.ts';
import { type Interruption, interruptionOf } from '../steps/call-outcome.ts';
import { CALL_TIMEOUT_MS, RESERVE_MS, type SyncSettings } from '../sync-settings.ts';

/** What a worker works with: everything from outside comes in here. */
export interface WorkerAccess {
  store: RecordStore;
  control: ControlStore;
  properties: PropertiesSource;
  api: (portalId: Shard['portalId']) => HubSpotApi;
  settings: SyncSettings;
  /** The portal's IANA time zone: HubSpot's day ends at its midnight. */
  timeZone: (portalId: Shard['portalId']) => Promise<string>;
  /** Rings bells; never throws, since the sweeper finds what isn't rung for. */
  ring: (shards: readonly Shard[]) => Promise<void>;
  /** Epoch milliseconds. */
  now: () => number;
  /** 0 to below 1. */
  random: () => number;
  newId: () => string;
  /** Tells whoever runs the sync. */
  notice: (message: string, details: Record<string, unknown>) => void;
}

/** One drain of one shard. */
export interface DrainContext extends WorkerAccess {
  shard: Shard;
  hubspot: HubSpotApi;
  /** When this worker will be gone; epoch ms. */
  deadline: number;
  counts: DrainCounts;
}

export interface DrainCounts {
  /** Calls to HubSpot. */
  calls: number;
  /** Records that came to an end in HubSpot as wanted. */
  written: number;
  /** Records that came to `failed`. */
  failed: number;
}

/** A drain that knows the portal's properties. */
export interface WorkContext extends DrainContext {
  portalProperties: PortalProperties;
}

/** Why work on a shard stopped before everything was done. */
export type WorkStop =
  | Interruption
  | { kind: 'time-short' }
  /** Something of our own, such as the table of the budget, is out. */
  | { kind: 'unavailable' };

/** The longest wait in a function for the portal's own budget. */
const BUDGET_WAIT_MS = 10_000;

/** Whether a call could no longer be made and its results be stored before the worker is gone. */
export const isTimeShort = ({ now, deadline }: DrainContext): boolean => timeToStart(now(), deadline) <= 0;

const timeToStart = (now: number, deadline: number): number => latestStart(deadline) - now;

/** When a call must have started at the latest (epoch ms), so that its results can be stored before the function is gone. */
export const latestStart = (deadline: number): number => deadline - CALL_TIMEOUT_MS - RESERVE_MS;

/** How a call to HubSpot is bounded. */
export interface CallTimes {
  timeoutMs: number;
  /** One that has not started by then (epoch ms) is not made: whoever asks would not be there for its answer. */
  startBy: number;
}

/** What bounds every call of a drain: however long a token or the portal's budget took, one that starts has its whole time. */
export const callTimes = ({ deadline }: Pick<DrainContext, 'deadline'>): CallTimes => ({
  timeoutMs: CALL_TIMEOUT_MS,
  startBy: latestStart(deadline),
});

/** How long a call may wait for the portal's budget (milliseconds), so that it still starts in time. */
export const budgetWait = ({ now, deadline }: DrainContext): number =>
  Math.max(0, Math.min(BUDGET_WAIT_MS, timeToStart(now(), deadline)));

/** The right to make a call, or why not now. */
export async function admitted(
  context: DrainContext,
  pool: BudgetPool,
): Promise<{ kind: 'admitted'; admission: Admission } | { kind: 'stop'; stop: WorkStop }> {
  if (isTimeShort(context)) return { kind: 'stop', stop: { kind: 'time-short' } };
  const answer = await context.hubspot.admit(pool, { budgetWaitMs: budgetWait(context) });
  if (answer.kind !== 'admitted') {
    return { kind: 'stop', stop: interruptionOf(answer) ?? { kind: 'unavailable' } };
  }
  if (isTimeShort(context)) return { kind: 'stop', stop: { kind: 'time-short' } };
  return answer;
}
