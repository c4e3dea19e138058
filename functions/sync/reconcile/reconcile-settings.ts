import * as z from 'zod/mini';
import { environmentError } from '../../environment-error.ts';

/** How records are held to what HubSpot has. */
export interface ReconcileSettings {
  /** What becomes of a value that somebody changed in HubSpot: ours is written again, or theirs stays and is only reported. */
  onHubSpotEdit: 'overwrite' | 'keep';
  /** The most calls to HubSpot that one run (a portal and a type, a night) may make; what is left over is the next run's. */
  callsPerRun: number;
  /** The least time from one call of a portal's run to its next, in milliseconds: the rest of the call budget is the worker's. */
  callEveryMs: number;
  /** From this hour on a portal's night run may begin, in its own time zone. */
  startHour: number;
}

const whole = (least: number, most: number, fallback: number) =>
  z._default(z.coerce.number().check(z.int(), z.minimum(least), z.maximum(most)), fallback);

const schema = z.object({
  ON_HUBSPOT_EDIT: z._default(z.enum(['overwrite', 'keep']), 'overwrite'),
  /** A call checks up to a hundred records. */
  RECONCILE_CALLS: whole(2, 1_000_000, 2_000),
  RECONCILE_CALLS_PER_10S: whole(1, 1_000, 25),
  RECONCILE_HOUR: whole(0, 20, 2),
});

/** Parses the environment variables; throws an error that names what is wrong and what was expected, never a value. */
export function parseReconcileSettings(variables: Record<string, string | undefined>): ReconcileSettings {
  const parsed = schema.safeParse(variables);
  if (!parsed.success) throw environmentError(parsed.error);
  const { data } = parsed;
  return {
    onHubSpotEdit: data.ON_HUBSPOT_EDIT,
    callsPerRun: data.RECONCILE_CALLS,
    callEveryMs: 10_000 / data.RECONCILE_CALLS_PER_10S,
    startHour: data.RECONCILE_HOUR,
  };
}
