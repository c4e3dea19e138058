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

/**
 * Plays HubSpot's server: fetches a deal's card as HubSpot does, with its default parameters, signed over the public URL. HubSpot puts a
 * bare `@` and `+` for a space on the wire.
 */
export async function fetchCard(options: CardFetchOptions, dealId: string): Promise<GatewayAnswer> {
  const query = new URLSearchParams({
    userId: SIMULATED_USER.userId,
    userEmail: SIMULATED_USER.userEmail,
    associatedObjectId: dealId,
    associatedObjectType: 'DEAL',
    portalId: options.portalId,
  });
  const target = `/hubspot/card?${query.toString().replaceAll('%40', '@')}`;
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
