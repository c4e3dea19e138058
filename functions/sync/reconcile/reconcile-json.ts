import type { ObjectType } from '../../hubspot/hubspot-api.ts';
import type { DriftExample, ReconcileCounts } from './reconcile-run.ts';
import type { ReconcileState } from './reconcile-store.ts';

/** How a type's reconcile stands, as an answer or a page shows it. Times are ISO date-times. */
export interface ReconcileJson {
  state: 'running' | 'ended';
  startedAt: string;
  endedAt?: string | undefined;
  end?: string | undefined;
  reason?: string | undefined;
  counts: ReconcileCounts;
  examples: DriftExample[];
}

const instant = (epochMs: number): string => new Date(epochMs).toISOString();

/** The run under way, else the last one, by type; types without any are left out. */
export function reconcileJson(
  states: Partial<Record<ObjectType, ReconcileState>>,
): Partial<Record<ObjectType, ReconcileJson>> {
  return Object.fromEntries(
    Object.entries(states).flatMap(([type, { run, last }]): [string, ReconcileJson][] => {
      if (run) {
        const { startedAt, counts, examples } = run;
        return [[type, { state: 'running', startedAt: instant(startedAt), counts, examples }]];
      }
      if (!last) return [];
      const { startedAt, endedAt, end, reason, counts, examples } = last;
      const times = { startedAt: instant(startedAt), endedAt: instant(endedAt) };
      return [[type, { state: 'ended', ...times, end, reason, counts, examples }]];
    }),
  );
}
