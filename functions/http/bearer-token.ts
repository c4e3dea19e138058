import { createHash, timingSafeEqual } from 'node:crypto';
import { asPortalId, type PortalId } from '../invoices/identifiers.ts';
import type { Secret } from '../secret-store.ts';
import type { ApiRequest } from './api-request.ts';
import { unauthorized } from './problem.ts';

/** The SHA-256 of every portal's token, as bytes. The tokens themselves are stored nowhere. */
export type LedgerTokens = ReadonlyArray<{ hash: Buffer; portalId: PortalId }>;

/** What a bearer token proves. */
export interface AccountingCaller {
  portalId: PortalId;
}

/** Reads the secret: a JSON object of SHA-256 (hex) to portal id. Throws where it is no such object. */
export function parseLedgerTokens(text: string): LedgerTokens {
  const entries: [string, unknown][] = Object.entries(JSON.parse(text));
  return entries.map(([hex, portal]) => {
    const portalId = asPortalId(String(portal));
    if (!/^[0-9a-f]{64}$/.test(hex) || !portalId) throw new Error('The ledger tokens are not as expected.');
    return { hash: Buffer.from(hex, 'hex'), portalId };
  });
}

/** The hash under which a token is kept. Tokens are long and random, so a plain SHA-256 is enough. */
export const tokenHash = (token: string): Buffer => createHash('sha256').update(token).digest();

/** Lets the accounting system in by `Authorization: Bearer …`, and tells which portal it speaks for. */
export function bearerToken(
  tokens: Secret<LedgerTokens>,
): (request: ApiRequest) => Promise<AccountingCaller> {
  return async (request) => {
    const token = /^Bearer ([\x21-\x7e]{1,512})$/i.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined) throw unauthorized(CHALLENGE);
    const hash = tokenHash(token);
    const portalId = portalOf(hash, await tokens.value()) ?? portalOf(hash, (await tokens.fresh()) ?? []);
    if (!portalId) throw unauthorized(CHALLENGE);
    return { portalId };
  };
}

/** RFC 9110: a 401 names the scheme that would be accepted. */
const CHALLENGE = { 'www-authenticate': 'Bearer' };

/** Looks at every entry, whichever matches, so that the time taken tells nothing. */
function portalOf(hash: Buffer, tokens: LedgerTokens): PortalId | undefined {
  let portalId: PortalId | undefined;
  for (const entry of tokens) if (timingSafeEqual(entry.hash, hash)) portalId = entry.portalId;
  return portalId;
}
