import * as z from 'zod/mini';
import { parseAccessTokens } from '../functions/hubspot/access-tokens.ts';
import { asPortalId, type PortalId } from '../functions/invoices/identifiers.ts';
import { isTimeZone } from '../functions/invoices/portal-settings.ts';
import { parseTicketKeys } from '../functions/rep/signed-claims.ts';

/** The portal's and its token, as the accounting system would have it. */
export interface PortalToken {
  portalId: PortalId;
  token: string;
}

/** What the simulator can be told by environment variables; docs/simulator.md has the table. */
export interface SimulatorSettings {
  port: number;
  /** Undefined keeps nothing. */
  dataDirectory: string | undefined;
  withSampleData: boolean;
  /** Undefined for the simulator's own address, which is known once it listens. */
  publicBaseUrl: string | undefined;
  hubspotClientSecret: string;
  /** What signs the tickets of frames; several, comma-separated, while one replaces another (the first signs). */
  ticketKeys: string;
  ledgerTokens: [PortalToken, ...PortalToken[]];
  /** Undefined for the embedded one. */
  dynamodbEndpoint: string | undefined;
  portalTimeZone: string;
  hubspotSignatureV2: 'on' | 'off';
  /** Undefined for the imitation. */
  hubspotApiUrl: string | undefined;
  /** One token, or portal:token pairs. */
  hubspotAccessToken: string;
  /** What the imitation takes as `hapikey` at its Cards API, for the first portal. */
  hubspotDeveloperKey: string;
}

const url = (expected: string) =>
  z.optional(z.string().check(z.regex(/^https?:\/\/[^/?#]+(\/[^?#]*[^/?#])?\/?$/, expected)));

const isPort = (text: string): boolean => /^\d{1,5}$/.test(text) && Number(text) <= 65_535;

function areTicketKeys(text: string): boolean {
  try {
    return parseTicketKeys(text).length > 0;
  } catch {
    return false;
  }
}

function isAccessTokens(text: string): boolean {
  try {
    parseAccessTokens(text);
    return true;
  } catch {
    return false;
  }
}

/** What the imitation of HubSpot takes unless it is told otherwise. */
export const LOCAL_ACCESS_TOKEN = 'local-hubspot-token';

const schema = z.object({
  PORT: z._default(
    z.string().check(z.refine(isPort, 'a port number up to 65535; 0 takes any free one')),
    '3000',
  ),
  LOCAL_DATA_DIR: z._default(z.string(), '.local'),
  LOCAL_EMPTY: z.optional(z.string()),
  PUBLIC_BASE_URL: url('an http:// or https:// URL without a query'),
  HUBSPOT_CLIENT_SECRET: z._default(
    z.string().check(z.regex(/[^\s,]/, 'one or more secrets, separated by commas')),
    'local-client-secret',
  ),
  TICKET_KEYS: z._default(
    z.string().check(z.refine(areTicketKeys, 'keys of at least 32 characters each, separated by commas')),
    'local-ticket-key-local-ticket-key',
  ),
  LEDGER_TOKENS: z._default(z.string(), '987654:local-ledger-token'),
  DYNAMODB_ENDPOINT: url('an http:// or https:// URL'),
  PORTAL_TIME_ZONE: z._default(
    z.string().check(z.refine((name) => isTimeZone(name), 'an IANA time zone such as Europe/Berlin')),
    'UTC',
  ),
  HUBSPOT_SIGNATURE_V2: z._default(z.enum(['on', 'off'], 'on or off'), 'on'),
  HUBSPOT_API_URL: url('an http:// or https:// URL'),
  HUBSPOT_ACCESS_TOKEN: z._default(
    z.string().check(z.refine(isAccessTokens, 'a token, or portal:token pairs separated by commas')),
    LOCAL_ACCESS_TOKEN,
  ),
  HUBSPOT_DEVELOPER_KEY: z._default(z.string(), 'local-developer-key'),
});

/** Reads the settings; throws an error whose message says which variable is wrong and what was expected. */
export function readSettings(variables: Record<string, string | undefined>): SimulatorSettings {
  // An empty variable is one that was not set: shells and CI systems pass them so.
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(`${issue?.path.join('.')}: expected ${issue?.message}.`);
  }
  const { data } = parsed;
  return {
    port: Number(data.PORT),
    dataDirectory: data.LOCAL_DATA_DIR === ':memory:' ? undefined : data.LOCAL_DATA_DIR,
    withSampleData: data.LOCAL_EMPTY !== '1',
    publicBaseUrl: data.PUBLIC_BASE_URL?.replace(/\/$/, ''),
    hubspotClientSecret: data.HUBSPOT_CLIENT_SECRET,
    ticketKeys: data.TICKET_KEYS,
    ledgerTokens: portalTokens(data.LEDGER_TOKENS),
    dynamodbEndpoint: data.DYNAMODB_ENDPOINT,
    portalTimeZone: data.PORTAL_TIME_ZONE,
    hubspotSignatureV2: data.HUBSPOT_SIGNATURE_V2,
    hubspotApiUrl: data.HUBSPOT_API_URL?.replace(/\/$/, ''),
    hubspotAccessToken: data.HUBSPOT_ACCESS_TOKEN,
    hubspotDeveloperKey: data.HUBSPOT_DEVELOPER_KEY,
  };
}

function portalTokens(text: string): [PortalToken, ...PortalToken[]] {
  const [first, ...others] = text.split(',').map((pair): PortalToken => {
    const [, portal = '', token = ''] = /^\s*(\d+):([\x21-\x7e]{1,512})\s*$/.exec(pair) ?? [];
    const portalId = asPortalId(portal);
    if (!portalId) throw new Error('LEDGER_TOKENS: expected portal:token pairs, separated by commas.');
    return { portalId, token };
  });
  if (!first) throw new Error('LEDGER_TOKENS: expected at least one portal:token pair.');
  if (new Set([first, ...others].map(({ token }) => token)).size <= others.length) {
    throw new Error('LEDGER_TOKENS: expected each token once.');
  }
  return [first, ...others];
}
