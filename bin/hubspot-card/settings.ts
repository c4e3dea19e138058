/** How requests are let in: HubSpot's sources disagree on which of the two its Cards API takes, so either can be given. */
export type Credentials = { kind: 'developer-key'; key: string } | { kind: 'bearer'; token: string };

export const CARDS_API_VERSIONS = ['v3', '2026-03'] as const;
export type CardsApiVersion = (typeof CARDS_API_VERSIONS)[number];

export interface CardToolSettings {
  /** Scheme and host of HubSpot's API, without a slash at the end. */
  apiUrl: string;
  apiVersion: CardsApiVersion;
  appId: string;
  credentials: Credentials;
  /** Where HubSpot reaches this installation, without a slash at the end. */
  publicBaseUrl: string;
}

/** A variable is missing or wrong; the message says which, and what was expected, never what stood there. */
export class SettingsError extends Error {
  override name = 'SettingsError';
}

/** Reads the tool's environment variables. Throws a {@link SettingsError}. */
export function readSettings(variables: Record<string, string | undefined>): CardToolSettings {
  const apiVersion = variables.HUBSPOT_API_VERSION || 'v3';
  if (!isApiVersion(apiVersion)) throw expected('HUBSPOT_API_VERSION', CARDS_API_VERSIONS.join(' or '));
  const appId = variables.HUBSPOT_APP_ID ?? '';
  if (!/^\d{1,10}$/.test(appId)) throw expected('HUBSPOT_APP_ID', 'the digits of the app’s id');
  return {
    apiUrl: address('HUBSPOT_API_URL', variables.HUBSPOT_API_URL || 'https://api.hubapi.com'),
    apiVersion,
    appId,
    credentials: credentials(variables),
    publicBaseUrl: address('PUBLIC_BASE_URL', variables.PUBLIC_BASE_URL ?? ''),
  };
}

const isApiVersion = (text: string): text is CardsApiVersion =>
  CARDS_API_VERSIONS.some((version) => version === text);

const expected = (name: string, what: string): SettingsError =>
  new SettingsError(`${name}: expected ${what}.`);

function address(name: string, text: string): string {
  const url = text.replace(/\/$/, '');
  if (!/^https?:\/\/[^/?#\s]+(\/[^?#\s]*)?$/.test(url)) {
    throw expected(name, 'an address such as https://ledgerbridge.example.com');
  }
  return url;
}

function credentials(variables: Record<string, string | undefined>): Credentials {
  const { HUBSPOT_DEVELOPER_KEY: key = '', HUBSPOT_ACCESS_TOKEN: token = '' } = variables;
  if ((key === '') === (token === '')) {
    throw expected(
      'HUBSPOT_DEVELOPER_KEY or HUBSPOT_ACCESS_TOKEN',
      'one of them: the developer account’s key, or a token that may write developer settings',
    );
  }
  if (!/^[\x21-\x7e]*$/.test(key + token)) throw expected('The key or token', 'one without spaces');
  return key === '' ? { kind: 'bearer', token } : { kind: 'developer-key', key };
}
