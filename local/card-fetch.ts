import { signV3 } from '../functions/hubspot/request-signature.ts';
import type { PortalId } from '../functions/invoices/identifiers.ts';
import type { Gateway, GatewayAnswer } from './gateway/gateway.ts';

/** Who opens the deal on the simulator. */
export const SIMULATED_USER = { userId: '5550001', userEmail: 'rep+hubspot@example.com' };

export interface CardFetchOptions {
  gateway: Gateway;
  publicBaseUrl: string;
  /** HubSpot signs with the current one. */
  clientSecret: string;
  portalId: PortalId;
  /** Epoch milliseconds. */
  now: () => number;
}

/** The parameters that HubSpot sends with every call, encoded as it does: a bare `@`, and `+` for a space. */
export const defaultParameters = (portalId: PortalId, dealId: string): string =>
  new URLSearchParams({
    userId: SIMULATED_USER.userId,
    userEmail: SIMULATED_USER.userEmail,
    associatedObjectId: dealId,
    associatedObjectType: 'DEAL',
    portalId,
  })
    .toString()
    .replaceAll('%40', '@');

/** Plays HubSpot's server: fetches a deal's card as HubSpot does, with its default parameters, signed over the public URL. */
export async function fetchCard(options: CardFetchOptions, dealId: string): Promise<GatewayAnswer> {
  const target = `/hubspot/card?${defaultParameters(options.portalId, dealId)}`;
  const timestamp = String(options.now());
  const signed = { method: 'GET', uri: `${options.publicBaseUrl}${target}`, body: Buffer.alloc(0) };
  return options.gateway({
    method: 'GET',
    target,
    headers: {
      'x-hubspot-signature-v3': signV3(signed, timestamp, options.clientSecret),
      'x-hubspot-request-timestamp': timestamp,
    },
    body: Buffer.alloc(0),
  });
}

/** An answer's body as JSON, or as the text it is. */
export function jsonOrText(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return body.toString('utf8');
  }
}
