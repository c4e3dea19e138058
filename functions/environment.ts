import * as z from 'zod/mini';
import { environmentError } from './environment-error.ts';

/** Where HubSpot's app runs, by region. */
export const HUBSPOT_APP_ORIGINS = ['app', 'app-eu1', 'app-na2', 'app-na3', 'app-ap1']
  .map((host) => `https://${host}.hubspot.com`)
  .join(' ');

/**
 * Everything a function is told from outside, parsed once at its start. Only names and addresses: secrets are read from Secrets Manager.
 * Endpoints of AWS services come through the SDK's own variables (`AWS_ENDPOINT_URL_DYNAMODB` and so on), which only the simulator sets.
 */
const environmentSchema = z.object({
  /** The ledger's table. */
  LEDGER_TABLE: z.string().check(z.minLength(1)),
  /** Scheme, host and base path as registered with HubSpot; what request signatures cover. No slash at the end. */
  PUBLIC_BASE_URL: z
    .string()
    .check(
      z.regex(
        /^https?:\/\/[^/?#]+(\/[^?#]*[^/?#])?$/,
        'an http:// or https:// address without a slash at the end',
      ),
    ),
  /** The Secrets Manager secret with HubSpot's client secrets: the current one first, comma-separated. */
  HUBSPOT_CLIENT_SECRET_ID: z.string().check(z.minLength(1)),
  /** The Secrets Manager secret with the keys that tickets are signed with: the newest first, comma-separated, 32 characters or more each. */
  TICKET_KEY_SECRET_ID: z.string().check(z.minLength(1)),
  /** The Secrets Manager secret that maps a ledger token's SHA-256 (hex) to its portal. */
  LEDGER_TOKENS_SECRET_ID: z.string().check(z.minLength(1)),
  /** `off` refuses requests that carry only the older signature, which has no protection against being sent again. */
  HUBSPOT_SIGNATURE_V2: z._default(z.enum(['on', 'off']), 'on'),
  /** The EventBridge bus that ledger events go to. */
  EVENT_BUS_NAME: z.string().check(z.minLength(1)),
  /** The origins that may show our pages in a frame: HubSpot's, for every region it serves its app from. Separated by spaces. */
  FRAME_ANCESTORS: z._default(
    z
      .string()
      .check(z.regex(/^https?:\/\/[^\s;,/]+(?: https?:\/\/[^\s;,/]+)*$/, 'origins separated by spaces')),
    HUBSPOT_APP_ORIGINS,
  ),
  /** Further font files for the PDF's scripts that Noto Sans doesn't cover: absolute paths or files of a package, comma-separated. */
  PDF_FONT_FILES: z._default(z.string(), ''),
});

export type Environment = z.infer<typeof environmentSchema>;

/** Parses a function's environment variables; throws an error that names what is missing or wrong and what was expected, never a value. */
export function parseEnvironment(variables: Record<string, string | undefined>): Environment {
  const parsed = environmentSchema.safeParse(variables);
  if (parsed.success) return parsed.data;
  throw environmentError(parsed.error);
}
