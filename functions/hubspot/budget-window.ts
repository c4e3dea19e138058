/** So many calls in any window of this length. Time is cut into slices, which say how exactly a window is kept. */
export interface BudgetRule {
  limit: number;
  windowMs: number;
  /** A whole part of the window. */
  sliceMs: number;
}

/** How many calls were granted in each slice, by the slice's number since 1970. */
export type Slices = ReadonlyMap<number, number>;

/** Calls granted from one slice and not made, given back. */
export interface ReturnedCalls {
  slice: number;
  calls: number;
}

export type WindowGrant =
  /** `calls` may be started before `usableUntil` (epoch ms). `slices` is what to store. */
  | { kind: 'granted'; calls: number; slice: number; usableUntil: number; slices: Map<number, number> }
  /** Nothing before `untilMs` (epoch ms). */
  | { kind: 'none'; untilMs: number };

/**
 * A grant lasts to the end of the next slice: at least one slice, so that it survives the way from DynamoDB, and at most two, so that
 * no call of an old grant falls into a window that no longer counts it.
 */
const GRANT_SLICES = 2;

/**
 * Grants up to `wanted` calls at `now` (epoch ms) out of what was granted before.
 *
 * The calls of a slice start within two slices, so those of any window lie in the window's slices and the two around it: granted calls
 * are counted over that span, and no window of the given length holds more than `limit` starts, wherever it begins. What that costs is
 * 2 slices in 42: with a rule that is always used up, calls come at 95 % of the limit.
 */
export function grant(
  before: Slices,
  rule: BudgetRule,
  now: number,
  wanted: number,
  returned?: ReturnedCalls,
): WindowGrant {
  const { slice, span, slices, granted } = countedAt(before, rule, now, returned);
  const calls = Math.min(wanted, rule.limit - granted);
  if (calls < 1) return { kind: 'none', untilMs: freeAt(slices, rule, granted, slice + 1, span) };
  slices.set(slice, (slices.get(slice) ?? 0) + calls);
  return { kind: 'granted', calls, slice, usableUntil: (slice + GRANT_SLICES) * rule.sliceMs, slices };
}

/** How many calls could be granted at `now` (epoch ms), to all together. */
export const freeCalls = (before: Slices, rule: BudgetRule, now: number, returned?: ReturnedCalls): number =>
  rule.limit - countedAt(before, rule, now, returned).granted;

function countedAt(before: Slices, rule: BudgetRule, now: number, returned: ReturnedCalls | undefined) {
  const slice = Math.floor(now / rule.sliceMs);
  const span = Math.ceil(rule.windowMs / rule.sliceMs) + GRANT_SLICES;
  const slices = new Map([...before].filter(([index]) => index > slice - span));
  if (returned !== undefined) giveBack(slices, returned);
  let granted = 0;
  for (const calls of slices.values()) granted += calls;
  return { slice, span, slices, granted };
}

function giveBack(slices: Map<number, number>, { slice, calls }: ReturnedCalls): void {
  const left = (slices.get(slice) ?? 0) - calls;
  if (left > 0) slices.set(slice, left);
  else slices.delete(slice);
}

/** When so many slices will have left the span that one call is free again. */
function freeAt(slices: Slices, rule: BudgetRule, granted: number, next: number, span: number): number {
  let counted = granted;
  for (const index of [...slices.keys()].sort((left, right) => left - right)) {
    counted -= slices.get(index) ?? 0;
    if (counted < rule.limit) return Math.max(index + span, next) * rule.sliceMs;
  }
  return (next + span) * rule.sliceMs;
}
