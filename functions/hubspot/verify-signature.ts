import { timingSafeEqual } from 'node:crypto';
import { decodeSignedUri } from './decode-signed-uri.ts';
import { type SignableRequest, signV2, signV3 } from './request-signature.ts';

/** A request as it arrived. Its `uri` starts with the configured public URL, never with what a Host header says. */
export interface SignedRequest extends SignableRequest {
  /** By lower-case name. */
  headers: Record<string, string | undefined>;
}

/**
 * Whether HubSpot signed the request. `uriForm` says which reading of the URL matched (`both` when the two are the same
 * text), to be counted until real traffic has settled the question. `reason` is for a metric, never for the answer.
 */
export type SignatureVerdict =
  | { ok: true; version: 'v2' | 'v3'; uriForm: 'raw' | 'decoded' | 'both' }
  | { ok: false; reason: 'missing' | 'malformed' | 'stale' | 'mismatch' | 'version-off' };

export interface VerifyOptions {
  /** The app's client secrets, the current one and those it replaces. Empty strings are ignored. */
  secrets: readonly string[];
  /** Epoch ms. */
  now: number;
  /** Whether version 2, which has no protection against replay, is good enough where version 3 is absent. */
  acceptV2: boolean;
}

/** HubSpot's own limit. */
const MAX_AGE_MS = 300_000;
/** HubSpot names no limit for clocks that run ahead; without one a signature dated far ahead could be replayed until then. */
const MAX_AHEAD_MS = 60_000;

/**
 * Up to 16 digits, and no leading zero: parts are signed without separators, so the last `0` of a body could
 * otherwise be moved into the timestamp without changing what is hashed or what the number means.
 */
const TIMESTAMP = /^[1-9]\d{0,15}$/;
const SHA256_BASE64 = /^[A-Za-z0-9+/]{43}=$/;
const SHA256_HEX = /^[0-9a-f]{64}$/i;

/**
 * Checks HubSpot's signature of a request.
 *
 * - Version 3 decides alone wherever its header is present: a failure doesn't fall through to version 2.
 * - Its URL may be signed raw or decoded: HubSpot documents the one and its libraries do the other.
 * - Version 2 counts only without a version 3 header, when accepted and named in `X-HubSpot-Signature-Version`, and
 *   over the raw URL. Version 1 never counts.
 * - Every secret is tried, in constant time, whichever matches.
 *
 * Never throws, whatever the headers hold.
 *
 * Source: HubSpot, "Request validation".
 */
export function verifySignature(request: SignedRequest, options: VerifyOptions): SignatureVerdict {
  const signature = request.headers['x-hubspot-signature-v3'];
  return signature === undefined ? verifyV2(request, options) : verifyV3(request, signature, options);
}

function verifyV3(request: SignedRequest, header: string, options: VerifyOptions): SignatureVerdict {
  const timestamp = request.headers['x-hubspot-request-timestamp'];
  if (timestamp === undefined) return { ok: false, reason: 'missing' };
  // Something on the way may have read the base64 as a form value, where "+" means a space.
  const signature = header.replaceAll(' ', '+');
  if (!TIMESTAMP.test(timestamp) || !SHA256_BASE64.test(signature)) return { ok: false, reason: 'malformed' };

  const age = options.now - Number(timestamp);
  if (!(age >= -MAX_AHEAD_MS && age <= MAX_AGE_MS)) return { ok: false, reason: 'stale' };

  const decoded = { ...request, uri: decodeSignedUri(request.uri) };
  const rawMatches = matchesAny(signature, options.secrets, (secret) => signV3(request, timestamp, secret));
  const decodedMatches = matchesAny(signature, options.secrets, (secret) =>
    signV3(decoded, timestamp, secret),
  );
  if (rawMatches && decodedMatches) return { ok: true, version: 'v3', uriForm: 'both' };
  if (rawMatches) return { ok: true, version: 'v3', uriForm: 'raw' };
  if (decodedMatches) return { ok: true, version: 'v3', uriForm: 'decoded' };
  return { ok: false, reason: 'mismatch' };
}

function verifyV2(request: SignedRequest, options: VerifyOptions): SignatureVerdict {
  const signature = request.headers['x-hubspot-signature'];
  const version = request.headers['x-hubspot-signature-version'];
  if (signature === undefined || version === undefined) return { ok: false, reason: 'missing' };
  if (version !== 'v2' || !options.acceptV2) return { ok: false, reason: 'version-off' };
  if (!SHA256_HEX.test(signature)) return { ok: false, reason: 'malformed' };

  return matchesAny(signature.toLowerCase(), options.secrets, (secret) => signV2(request, secret))
    ? { ok: true, version: 'v2', uriForm: 'raw' }
    : { ok: false, reason: 'mismatch' };
}

/**
 * Whether one of the secrets gives this signature, which must have the length of its version's signatures. Goes on
 * after a match, so that the time taken doesn't tell which secret it was.
 */
function matchesAny(
  signature: string,
  secrets: readonly string[],
  sign: (secret: string) => string,
): boolean {
  const received = Buffer.from(signature);
  let matches = false;
  for (const secret of secrets) {
    // With an empty secret anybody could sign.
    if (secret === '') continue;
    const equal = timingSafeEqual(received, Buffer.from(sign(secret)));
    matches = equal || matches;
  }
  return matches;
}
