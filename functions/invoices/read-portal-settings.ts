import * as z from 'zod/mini';
import { type FieldProblem, fieldProblems } from '../input/field-problem.ts';
import { isNumberPattern, NUMBER_PATTERN_RULE } from './invoice-number.ts';
import { isTimeZone, type PortalSettings } from './portal-settings.ts';

const TIME_ZONE_EXPECTED = 'an IANA time zone such as Europe/Berlin';
const HOSTS_EXPECTED = 'a list of host names such as ["accounting.example.com"]';

const wholeNumber = (what: string, max: number) => {
  const expected = `a whole number of ${what} from 1 to ${max}`;
  return z.int(expected).check(z.gte(1, expected), z.lte(max, expected));
};

/**
 * Schemas of settings that only other folders understand: who may do what, and what stands on the PDF. Whoever sets them brings these, so that
 * the ledger needs to know of neither.
 */
export interface ForeignSettingSchemas {
  policy: z.ZodMiniType;
  seller: z.ZodMiniType;
}

/** A portal's settings as they may be set, each by itself. Unknown names are refused. */
const portalSettingsInput = ({ policy, seller }: ForeignSettingSchemas) =>
  z.strictObject({
    timeZone: z.optional(
      z.string(TIME_ZONE_EXPECTED).check(z.refine((name) => isTimeZone(name), TIME_ZONE_EXPECTED)),
    ),
    feedRetentionDays: z.optional(wholeNumber('days', 3_650)),
    numberPattern: z.optional(
      z
        .string(NUMBER_PATTERN_RULE)
        .check(z.refine((pattern) => isNumberPattern(pattern), NUMBER_PATTERN_RULE)),
    ),
    ticketHours: z.optional(wholeNumber('hours', 72)),
    pdfHosts: z.optional(
      z
        .array(
          z.string(HOSTS_EXPECTED).check(z.regex(/^[a-z0-9.-]+(:\d{1,5})?$/, HOSTS_EXPECTED)),
          HOSTS_EXPECTED,
        )
        .check(z.maxLength(20, HOSTS_EXPECTED)),
    ),
    policy: z.optional(policy),
    seller: z.optional(seller),
  } satisfies Record<keyof PortalSettings, unknown>);

/** The settings' names. */
export const PORTAL_SETTING_NAMES = [
  'timeZone',
  'feedRetentionDays',
  'numberPattern',
  'ticketHours',
  'pdfHosts',
  'policy',
  'seller',
] as const satisfies readonly (keyof PortalSettings)[];

/** Reads settings to be changed; every problem is named at once. */
export function readPortalSettings(
  input: unknown,
  foreign: ForeignSettingSchemas,
): { ok: true; value: Partial<PortalSettings> } | { ok: false; problems: FieldProblem[] } {
  const parsed = portalSettingsInput(foreign).safeParse(input);
  if (!parsed.success) return { ok: false, problems: fieldProblems(parsed.error.issues, input) };
  const given = Object.entries(parsed.data).filter(([, value]) => value !== undefined);
  return { ok: true, value: Object.fromEntries(given) };
}
