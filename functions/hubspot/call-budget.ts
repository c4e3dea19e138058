import { setTimeout as sleep } from 'node:timers/promises';
import { BudgetStore, type BudgetTable, type StoredBudget } from './budget-store.ts';
import { type BudgetRule, freeCalls, grant, type ReturnedCalls } from './budget-window.ts';
import type { BudgetPool } from './hubspot-api.ts';

/** One portal's calls to HubSpot, shared by everything that calls it. */
export interface CallBudget {
  /**
   * Takes one call, waiting up to `waitMs` for it; it may start before `usableUntil`. Otherwise gives when there will be one again
   * (both epoch ms). Throws what DynamoDB throws.
   */
  take(portalId: string, pool: BudgetPool, waitMs: number): Promise<TakenCall>;
}

export type TakenCall = { kind: 'taken'; usableUntil: number } | { kind: 'exhausted'; untilMs: number };

export interface BudgetLimits {
  callsPer10s: number;
  searchesPerSecond: number;
}

export interface CallBudgetOptions extends BudgetTable {
  limits: BudgetLimits;
  /** Epoch milliseconds. All who share a budget need clocks that agree to some milliseconds, as those of AWS do. */
  now?: () => number;
  wait?: (milliseconds: number) => Promise<unknown>;
  /** 0 to below 1. */
  random?: () => number;
}

/**
 * A lease is this part of what is left, where a process has use for so many: a few processes share a budget fairly, and when it runs low,
 * little of it lies unused with one while others wait.
 */
const LEASES_OF_THE_REST = 20;
/** So often another process may come in between before a lease counts as failed. */
const LEASE_TRIES = 20;
const CONTENTION_MS = 25;

interface HeldCalls extends ReturnedCalls {
  usableUntil: number;
}

const NOTHING_HELD: Readonly<HeldCalls> = { slice: 0, calls: 0, usableUntil: 0 };

/** The part of a portal's budget that this process holds, and what it last saw of the rest. */
interface Lane {
  /** One at a time asks DynamoDB. */
  turn: Promise<unknown>;
  waiting: number;
  held: HeldCalls;
  usedUp: boolean;
  seen?: StoredBudget;
}

/**
 * A budget counted in DynamoDB: each lease is one put, conditional on nobody having leased since, so that any number of processes
 * together never start more calls than the limit in any window. What a lease leaves over goes back with the next one; what a crash
 * takes along is free again when its window has passed.
 */
export function createCallBudget(options: CallBudgetOptions): CallBudget {
  const { limits, now = Date.now, wait = sleep, random = Math.random } = options;
  const store = new BudgetStore(options);
  const rules: Record<BudgetPool, BudgetRule> = {
    calls: { limit: limits.callsPer10s, windowMs: 10_000, sliceMs: 250 },
    search: { limit: limits.searchesPerSecond, windowMs: 1_000, sliceMs: 100 },
  };
  const lanes = new Map<string, Lane>();

  async function take(portalId: string, pool: BudgetPool, waitMs: number): Promise<TakenCall> {
    const lane = laneOf(portalId, pool);
    const deadline = now() + waitMs;
    lane.waiting += 1;
    try {
      for (;;) {
        const taken = await inTurn(lane, () => tryTake(lane, portalId, pool));
        if (taken.kind === 'taken' || taken.untilMs > deadline || now() >= deadline) return taken;
        await wait(Math.max(taken.untilMs - now(), 1));
      }
    } finally {
      lane.waiting -= 1;
    }
  }

  function laneOf(portalId: string, pool: BudgetPool): Lane {
    const name = `${portalId}#${pool}`;
    const known = lanes.get(name);
    if (known !== undefined) return known;
    const lane: Lane = {
      turn: Promise.resolve(),
      waiting: 0,
      held: NOTHING_HELD,
      usedUp: false,
    };
    lanes.set(name, lane);
    return lane;
  }

  /** From what this process holds, else from a new lease. A lease that took so long that it ended before it came gives nothing. */
  async function tryTake(lane: Lane, portalId: string, pool: BudgetPool): Promise<TakenCall> {
    if (!isUsable(lane.held)) {
      const untilMs = await lease(lane, portalId, pool);
      if (untilMs !== undefined) return { kind: 'exhausted', untilMs };
    }
    const { held } = lane;
    if (!isUsable(held)) return { kind: 'exhausted', untilMs: now() };
    lane.held = { ...held, calls: held.calls - 1 };
    lane.usedUp = lane.held.calls === 0;
    return { kind: 'taken', usableUntil: held.usableUntil };
  }

  const isUsable = (held: HeldCalls): boolean => held.calls > 0 && now() < held.usableUntil;

  /** Leases calls for this process; gives when to try again where none were free. */
  async function lease(lane: Lane, portalId: string, pool: BudgetPool): Promise<number | undefined> {
    for (let tries = 0; tries < LEASE_TRIES; tries += 1) {
      lane.seen ??= await store.read(portalId, pool);
      const { slices, version } = lane.seen;
      const time = now();
      const left = freeCalls(slices, rules[pool], time, lane.held);
      const block = Math.max(1, Math.floor(left / LEASES_OF_THE_REST));
      const wanted = lane.usedUp ? block : Math.min(block, lane.waiting);
      const granted = grant(slices, rules[pool], time, wanted, lane.held);
      if (granted.kind === 'none') return granted.untilMs;
      const { held } = lane;
      // What goes back may not go back twice: unless it is certain that nothing was written, it is given up.
      lane.held = NOTHING_HELD;
      const replaced = await store.replace(portalId, pool, granted.slices, version, time);
      if (replaced === 'stored') {
        lane.seen = { slices: granted.slices, version: version + 1 };
        lane.held = { slice: granted.slice, calls: granted.calls, usableUntil: granted.usableUntil };
        return undefined;
      }
      if (replaced === 'moved') lane.held = held;
      lane.seen = undefined;
      if (tries > 1) await wait(random() * CONTENTION_MS);
    }
    return now() + CONTENTION_MS;
  }

  return { take };
}

/** Runs after everything that came before it in the lane. */
function inTurn<T>(lane: Lane, act: () => Promise<T>): Promise<T> {
  const done = lane.turn.then(act);
  lane.turn = done.catch(() => undefined);
  return done;
}
