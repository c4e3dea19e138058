import * as z from 'zod/mini';
import { type FieldProblem, fieldProblems } from '../input/field-problem.ts';
import { isTimeZone, type PortalSettings } from './portal-settings.ts';

const MAX_RETENTION_DAYS = 3_650;
const RETENTION_EXPECTED = `a whole number of days from 1 to ${MAX_RETENTION_DAYS}`;
const TIME_ZONE_EXPECTED = 'an IANA time zone such as Europe/Berlin';

/** A portal's settings as they may be set, each by itself. Unknown names are refused. */
const portalSettingsInput = z.strictObject({
  timeZone: z.optional(
    z.string(TIME_ZONE_EXPECTED).check(z.refine((name) => isTimeZone(name), TIME_ZONE_EXPECTED)),
  ),
  feedRetentionDays: z.optional(
    z
      .int(RETENTION_EXPECTED)
      .check(z.gte(1, RETENTION_EXPECTED), z.lte(MAX_RETENTION_DAYS, RETENTION_EXPECTED)),
  ),
} satisfies Record<keyof PortalSettings, unknown>);

/** The settings' names. */
export const PORTAL_SETTING_NAMES = Object.keys(portalSettingsInput.shape);

/** Reads settings to be changed; every problem is named at once. */
export function readPortalSettings(
  input: unknown,
): { ok: true; value: Partial<PortalSettings> } | { ok: false; problems: FieldProblem[] } {
  const parsed = portalSettingsInput.safeParse(input);
  if (!parsed.success) return { ok: false, problems: fieldProblems(parsed.error.issues, input) };
  const given = Object.entries(parsed.data).filter(([, value]) => value !== undefined);
  return { ok: true, value: Object.fromEntries(given) };
}
