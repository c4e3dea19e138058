import { decodeSignedUri } from '../../functions/hubspot/decode-signed-uri.ts';
import { signV2, signV3 } from '../../functions/hubspot/request-signature.ts';
import type { Answer, Send } from './http-exchange.ts';

/** HubSpot's server: fetches a card with a signed request. */
export interface CardCall {
  publicBaseUrl: string;
  secret: string;
  /** The default parameters, as HubSpot has them on the wire; see {@link cardQuery}. */
  query: string;
  signature?: 'v3' | 'v3-decoded' | 'v2' | 'both';
  /** Epoch milliseconds; now, where left out. */
  timestamp?: number | string;
  /** Replaces headers, or leaves out those that are undefined. */
  headers?: Record<string, string | undefined>;
  body?: Buffer;
}

/** HubSpot's default parameters in their order: a bare `@`, a space as `+`. */
export const cardQuery = (dealId: string, portalId: string, fields: Record<string, string> = {}): string =>
  new URLSearchParams({
    userId: '5550001',
    userEmail: 'rep@example.com',
    associatedObjectId: dealId,
    associatedObjectType: 'DEAL',
    portalId,
    ...fields,
  })
    .toString()
    .replaceAll('%40', '@');

/** The headers that HubSpot would send with this card fetch. */
export function cardHeaders(call: CardCall): Record<string, string> {
  const timestamp = String(call.timestamp ?? Date.now());
  const uri = `${call.publicBaseUrl}/hubspot/card${call.query === '' ? '' : `?${call.query}`}`;
  const request = { method: 'GET', uri, body: call.body ?? Buffer.alloc(0) };
  const kind = call.signature ?? 'v3';
  const v3 = {
    'x-hubspot-signature-v3': signV3(
      kind === 'v3-decoded' ? { ...request, uri: decodeSignedUri(uri) } : request,
      timestamp,
      call.secret,
    ),
    'x-hubspot-request-timestamp': timestamp,
  };
  const v2 = { 'x-hubspot-signature': signV2(request, call.secret), 'x-hubspot-signature-version': 'v2' };
  const headers = { ...(kind === 'v2' ? v2 : kind === 'both' ? { ...v3, ...v2 } : v3), ...call.headers };
  return Object.fromEntries(
    Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** Fetches a card as HubSpot does. */
export const callCard = (send: Send, call: CardCall): Promise<Answer> =>
  send({
    method: 'GET',
    target: `/hubspot/card${call.query === '' ? '' : `?${call.query}`}`,
    headers: cardHeaders(call),
    ...(call.body ? { body: call.body } : {}),
  });
