import * as z from 'zod/mini';
import { environmentError } from '../environment-error.ts';
import { API_VERSIONS, DEFAULT_API_VERSION } from './api-paths.ts';

const positive = (fallback: number, most: number) =>
  z._default(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(most)), fallback);

/** What calls to HubSpot are told from outside. Only names, addresses and numbers: tokens are read from Secrets Manager. */
export const hubSpotSettingsSchema = z.object({
  /** Scheme and host of HubSpot's API; no slash at the end. */
  HUBSPOT_API_URL: z._default(
    z
      .string()
      .check(
        z.regex(
          /^https?:\/\/[^/?#]+(\/[^?#]*[^/?#])?$/,
          'an http:// or https:// address without a slash at the end',
        ),
      ),
    'https://api.hubapi.com',
  ),
  HUBSPOT_API_VERSION: z._default(z.enum(API_VERSIONS), DEFAULT_API_VERSION),
  /** One portal's calls in any ten seconds, searches apart. Below the smallest of HubSpot's limits (100 to 250) leaves room for others. */
  HUBSPOT_CALLS_PER_10S: positive(100, 10_000),
  /** One portal's searches in any second. HubSpot's limit is 5 for all apps of the portal together: this leaves them two. */
  HUBSPOT_SEARCHES_PER_SECOND: positive(3, 100),
});

export type HubSpotSettings = z.infer<typeof hubSpotSettingsSchema>;

/** Parses the environment variables; throws an error that names what is wrong and what was expected, never a value. */
export function parseHubSpotSettings(variables: Record<string, string | undefined>): HubSpotSettings {
  const parsed = hubSpotSettingsSchema.safeParse(variables);
  if (parsed.success) return parsed.data;
  throw environmentError(parsed.error);
}
