import { signV3 } from '../functions/hubspot/request-signature.ts';
import { type CardFetchOptions, defaultParameters, jsonOrText } from './card-fetch.ts';
import type { ActionAnswer } from './deal-page/backend.ts';

/** The methods an action may name; HubSpot sends parameters in the query with the first two, in a form body with the others. */
const IN_QUERY = ['GET', 'DELETE'];
const IN_BODY = ['POST', 'PUT', 'PATCH'];

/**
 * Plays HubSpot's server for an action hook: calls the action's address with HubSpot's parameters, signed over the public URL, and hands back
 * what it answered. An address outside the card's declared base URLs is refused, as HubSpot does.
 */
export async function runAction(
  options: CardFetchOptions & { baseUrls: readonly string[] },
  dealId: string,
  action: unknown,
): Promise<ActionAnswer> {
  const { uri, method } = hookOf(action);
  if (!options.baseUrls.some((baseUrl) => uri.startsWith(baseUrl))) {
    return { status: 400, body: { message: 'The action’s address is not under the card’s base URLs.' } };
  }
  if (![...IN_QUERY, ...IN_BODY].includes(method)) {
    return { status: 400, body: { message: `HubSpot calls no action with ${method}.` } };
  }
  const parameters = defaultParameters(options.portalId, dealId);
  const inQuery = IN_QUERY.includes(method);
  const signedUri = inQuery ? `${uri}${uri.includes('?') ? '&' : '?'}${parameters}` : uri;
  const body = Buffer.from(inQuery ? '' : parameters);
  const timestamp = String(options.now());
  const answer = await options.gateway({
    method,
    target: signedUri.slice(options.publicBaseUrl.length),
    headers: {
      ...(inQuery ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
      'x-hubspot-signature-v3': signV3({ method, uri: signedUri, body }, timestamp, options.clientSecret),
      'x-hubspot-request-timestamp': timestamp,
    },
    body,
  });
  return { status: answer.status, body: jsonOrText(answer.body) };
}

function hookOf(action: unknown): { uri: string; method: string } {
  const { uri, httpMethod } = Object(action) as { uri?: unknown; httpMethod?: unknown };
  return { uri: String(uri ?? ''), method: String(httpMethod ?? 'GET') };
}
