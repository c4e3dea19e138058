import type { HubSpotCaller } from '../http/hubspot-signature.ts';
import { invalidParameter } from '../http/problem.ts';
import { asDealId, type DealId, HUBSPOT_ID_RULE } from '../invoices/identifiers.ts';
import { type Rep, repOf } from '../rep/rep.ts';

/** The user who asks. Throws a Problem where HubSpot's parameters name none. */
export function callingRep({ portalId, parameters }: HubSpotCaller): Rep {
  const rep = repOf(portalId, parameters);
  if (!rep) throw invalidParameter('userId', 'is missing or no user id', 'the digits of a HubSpot user id');
  return rep;
}

/**
 * The deal that the request is about: named by our own parameter, by HubSpot's for the record being viewed, or by both alike. Undefined where
 * it names none, or a record that is no deal. Throws a Problem on what is no id, or on two deals.
 */
export function namedDeal({ parameters }: HubSpotCaller): DealId | undefined {
  const named = parameters.get('dealId') || undefined;
  const viewed = isDeal(parameters.get('associatedObjectType'))
    ? parameters.get('associatedObjectId') || undefined
    : undefined;
  if (named !== undefined && viewed !== undefined && named !== viewed) {
    throw invalidParameter('dealId', 'is another deal than associatedObjectId', 'one deal');
  }
  const text = named ?? viewed;
  if (text === undefined) return undefined;
  const dealId = asDealId(text);
  if (!dealId) throw invalidParameter('dealId', `is ${JSON.stringify(text.slice(0, 40))}`, HUBSPOT_ID_RULE);
  return dealId;
}

/** By name or by HubSpot's object type id; a card may be left alone with the record's id. */
const isDeal = (type: string | undefined): boolean =>
  type === undefined || type === '' || type === 'DEAL' || type === '0-3';

/** The version of the invoice that the caller saw. Throws a Problem on what is no version. */
export function seenVersion({ parameters }: HubSpotCaller): number | undefined {
  const text = parameters.get('version') || undefined;
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,11}$/.test(text)) {
    throw invalidParameter('version', `is ${JSON.stringify(text.slice(0, 40))}`, 'the version of an invoice');
  }
  return Number(text);
}

const KEY_EXPECTED = 'a text of 1 to 128 letters, digits and signs, chosen anew for each thing that is meant';

/** The caller's own key, by which a repeat is recognized. Throws a Problem on what is none, or where a needed one is missing. */
export function givenKey(caller: HubSpotCaller): string | undefined;
export function givenKey(caller: HubSpotCaller, need: 'required'): string;
export function givenKey({ parameters }: HubSpotCaller, need?: 'required'): string | undefined {
  const text = parameters.get('idempotencyKey') || undefined;
  if (text === undefined) {
    if (need) throw invalidParameter('idempotencyKey', 'is missing', KEY_EXPECTED);
    return undefined;
  }
  if (!/^[\x21-\x7e]{1,128}$/.test(text)) {
    throw invalidParameter('idempotencyKey', `is ${JSON.stringify(text.slice(0, 40))}`, KEY_EXPECTED);
  }
  return text;
}

/** Whether the invoice is to be issued in the same stroke. Throws a Problem on what is neither yes nor no. */
export function wantsIssue({ parameters }: HubSpotCaller): boolean {
  const text = parameters.get('issue') || 'false';
  if (text !== 'true' && text !== 'false') {
    throw invalidParameter('issue', `is ${JSON.stringify(text.slice(0, 40))}`, 'true or false');
  }
  return text === 'true';
}
