import { errors, type JWTPayload, jwtVerify } from 'jose';

/** What became of a token: the claims it proves, or why it proves nothing. */
export type ClaimsVerdict = { ok: true; claims: JWTPayload } | { ok: false; reason: 'expired' | 'invalid' };

/** Longer than any token of ours; what is longer isn't worth hashing. */
const LONGEST_TOKEN = 4096;

/**
 * Checks a token against every key, the newest first, and holds it to its audience and its end. `now` is epoch milliseconds.
 * Never throws, whatever the text.
 */
export async function verifyClaims(
  keys: readonly string[],
  token: string,
  audience: string,
  now: number,
): Promise<ClaimsVerdict> {
  if (token.length > LONGEST_TOKEN) return { ok: false, reason: 'invalid' };
  for (const key of keys) {
    try {
      const { payload } = await jwtVerify(token, Buffer.from(key), {
        algorithms: ['HS256'],
        audience,
        requiredClaims: ['exp'],
        currentDate: new Date(now),
      });
      return { ok: true, claims: payload };
    } catch (error) {
      // A token's end is only looked at once its signature holds.
      if (error instanceof errors.JWTExpired) return { ok: false, reason: 'expired' };
    }
  }
  return { ok: false, reason: 'invalid' };
}
