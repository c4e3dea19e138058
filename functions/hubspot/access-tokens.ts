/**
 * Gives the access token of a portal; undefined where there is none. With `refused`, a token that HubSpot just refused, it should look
 * whether a newer one is there by now.
 */
export type AccessTokenSource = (portalId: string, refused?: string) => Promise<string | undefined>;

/** Tokens by portal, or the one token of an installation with one portal. */
export type AccessTokens = { only: string } | { byPortal: ReadonlyMap<string, string> };

/** What a bearer token may be made of (RFC 6750); anything else can't be sent in a header. */
const TOKEN = /^[A-Za-z0-9._~+/=-]+$/;

/**
 * Parses one token, or `portal:token` pairs separated by commas. Throws an error that says which entry is wrong, by its place, and
 * never repeats one.
 */
export function parseAccessTokens(text: string): AccessTokens {
  const entries = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  const [first] = entries;
  if (entries.length === 1 && first !== undefined && !first.includes(':')) {
    if (!TOKEN.test(first)) throw new Error('The HubSpot access token holds a character that no token has.');
    return { only: first };
  }
  const byPortal = new Map<string, string>();
  for (const [index, entry] of entries.entries()) {
    const [portalId = '', token = '', ...rest] = entry.split(':');
    if (!/^[1-9]\d*$/.test(portalId) || !TOKEN.test(token) || rest.length > 0) {
      throw new Error(`Entry ${index + 1} of the HubSpot access tokens is not portal:token.`);
    }
    byPortal.set(portalId, token);
  }
  return { byPortal };
}

/** The portal's token. */
export const tokenOf = (tokens: AccessTokens, portalId: string): string | undefined =>
  'only' in tokens ? tokens.only : tokens.byPortal.get(portalId);

/** A secret that is kept for a while and can be read anew. */
interface TokensSecret {
  value(): Promise<AccessTokens>;
  fresh(): Promise<AccessTokens | undefined>;
}

/** The tokens of a secret; read anew when HubSpot refused what we had. */
export const accessTokensFrom =
  (secret: TokensSecret): AccessTokenSource =>
  async (portalId, refused) => {
    const tokens = refused === undefined ? await secret.value() : await secret.fresh();
    return tokens && tokenOf(tokens, portalId);
  };

/** Whether a text can stand in an `Authorization` header as a token. */
export const isSendableToken = (token: string): boolean => TOKEN.test(token);
