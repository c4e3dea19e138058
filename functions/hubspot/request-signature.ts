import { createHash, createHmac } from 'node:crypto';

/** What HubSpot's signatures cover. The parts are joined without separators, so each must be exactly what was sent. */
export interface SignableRequest {
  /** Upper case, as HTTP sends it. */
  method: string;
  /** Public URL with path and raw query, verbatim. */
  uri: string;
  /** The bytes sent; empty when there is none. */
  body: Buffer;
}

/**
 * A version 2 signature: SHA-256 over secret, method, URL and body, as 64 lower-case hex digits.
 *
 * HubSpot's card guide calls it base64; its algorithm, its samples and every published vector are hex.
 *
 * Source: HubSpot, "Validating requests: v2".
 */
export function signV2(request: SignableRequest, secret: string): string {
  return createHash('sha256')
    .update(secret + request.method + request.uri)
    .update(request.body)
    .digest('hex');
}

/**
 * A version 3 signature: HMAC-SHA256 keyed with the secret, over method, URL, body and timestamp, as base64 (44 characters).
 *
 * The URL is hashed as given: pass it through `decodeSignedUri` first for the reading of HubSpot's documentation, or
 * leave it raw for that of HubSpot's own libraries. The timestamp (epoch ms) is the header's text, never a number
 * printed again: a library that did so added `.0` and failed.
 *
 * Source: HubSpot, "Request validation", version 3.
 */
export function signV3(request: SignableRequest, timestamp: string, secret: string): string {
  return createHmac('sha256', secret)
    .update(request.method + request.uri)
    .update(request.body)
    .update(timestamp)
    .digest('base64');
}
