import { type AccessTokens, parseAccessTokens } from '../../functions/hubspot/access-tokens.ts';
import { type HubSpotSettings, parseHubSpotSettings } from '../../functions/hubspot/hubspot-settings.ts';
import { UsageError } from './run-tool.ts';

/** How a tool calls HubSpot. */
export interface HubSpotConnection {
  settings: HubSpotSettings;
  tokens: AccessTokens;
}

const NO_TOKEN = 'HUBSPOT_ACCESS_TOKEN is not set; expected an access token, or portal:token pairs.';

/** What the environment says about HubSpot. Throws a UsageError where it lacks a token, or a value is none. */
export function hubSpotConnection(variables: Record<string, string | undefined>): HubSpotConnection {
  const connection = hubSpotConnectionIfAny(variables);
  if (!connection) throw new UsageError(NO_TOKEN);
  return connection;
}

/** The same; undefined where there is no token. */
export function hubSpotConnectionIfAny(
  variables: Record<string, string | undefined>,
): HubSpotConnection | undefined {
  // An empty variable is one that was not set: shells and CI systems pass them so.
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const settings = asUsage(() => parseHubSpotSettings(given));
  const tokens = asUsage(() => parseAccessTokens(given.HUBSPOT_ACCESS_TOKEN ?? ''));
  return 'byPortal' in tokens && tokens.byPortal.size === 0 ? undefined : { settings, tokens };
}

function asUsage<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof Error ? new UsageError(error.message) : error;
  }
}
