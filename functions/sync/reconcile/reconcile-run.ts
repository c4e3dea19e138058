import type { DriftKind } from './drift.ts';

/** What a run has done so far. */
export interface ReconcileCounts {
  /** Calls to HubSpot. */
  calls: number;
  /** Records held to what HubSpot has. */
  checked: number;
  /** Records of which HubSpot said nothing this time. */
  unread: number;
  /** Records that were marked as due. */
  marked: number;
  /** How many records HubSpot has come away from, and in what way; those that are let be are among them. */
  drift: Record<DriftKind, number>;
}

/** One drifted record, for people: which properties, never their values. */
export interface DriftExample {
  externalId: string;
  kind: DriftKind;
  properties?: string[] | undefined;
}

/** The next record to look at is the first after `after` in this shard. */
export interface RunPosition {
  shard: number;
  after?: string | undefined;
}

/** A run over one portal's records of one type, under way or left for later. Times are epoch milliseconds. */
export interface ReconcileRun {
  /** The portal's day, as an ISO date. */
  night: string;
  startedAt: number;
  position: RunPosition;
  counts: ReconcileCounts;
  examples: DriftExample[];
}

/**
 * A run that has ended. `calls-spent`: it made all the calls it may, and the next goes on at `continuesAt`. `refused`: HubSpot will not
 * answer, for this reason.
 */
export interface ReconcileSummary extends Omit<ReconcileRun, 'position'> {
  endedAt: number;
  end: 'whole' | 'calls-spent' | 'refused';
  reason?: string | undefined;
  continuesAt?: RunPosition | undefined;
}

const MOST_EXAMPLES = 20;
const MOST_PROPERTIES = 10;

export const newRun = (night: string, startedAt: number, position: RunPosition): ReconcileRun => ({
  night,
  startedAt,
  position,
  counts: {
    calls: 0,
    checked: 0,
    unread: 0,
    marked: 0,
    drift: { missing: 0, archived: 0, merged: 0, returned: 0, values: 0 },
  },
  examples: [],
});

/** What one page of records adds to a run. */
export interface PageCounts {
  calls: number;
  checked: number;
  unread: number;
  marked: number;
  drifted: DriftExample[];
}

/** The run after another page, which ended at `position`. */
export function withPage(run: ReconcileRun, page: PageCounts, position: RunPosition): ReconcileRun {
  const { counts } = run;
  const drift = { ...counts.drift };
  for (const { kind } of page.drifted) drift[kind] += 1;
  return {
    ...run,
    position,
    counts: {
      calls: counts.calls + page.calls,
      checked: counts.checked + page.checked,
      unread: counts.unread + page.unread,
      marked: counts.marked + page.marked,
      drift,
    },
    examples: [...run.examples, ...page.drifted.map(shortened)].slice(0, MOST_EXAMPLES),
  };
}

const shortened = ({ properties, ...example }: DriftExample): DriftExample => ({
  ...example,
  properties: properties?.slice(0, MOST_PROPERTIES),
});

/** The run as ended at `endedAt`. */
export const ended = (
  { position, ...run }: ReconcileRun,
  endedAt: number,
  end: ReconcileSummary['end'],
  reason?: string,
): ReconcileSummary => ({
  ...run,
  endedAt,
  end,
  reason,
  continuesAt: end === 'calls-spent' ? position : undefined,
});
