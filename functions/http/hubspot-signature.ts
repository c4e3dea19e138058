import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { verifySignature } from '../hubspot/verify-signature.ts';
import { asPortalId, type PortalId } from '../invoices/identifiers.ts';
import type { Secret } from '../secret-store.ts';
import type { ApiRequest } from './api-request.ts';
import { pathBelow } from './path-below.ts';
import { invalidParameter, unauthorized } from './problem.ts';
import { type SignedParameters, signedParameters } from './signed-parameters.ts';

/** What a HubSpot signature proves: that code running in this portal asked, for this user, with these parameters. */
export interface HubSpotCaller extends SignedParameters {
  portalId: PortalId;
}

export interface SignatureOptions {
  secrets: Secret<readonly string[]>;
  /** Scheme, host and base path as registered with HubSpot. Never taken from the request. */
  publicBaseUrl: string;
  acceptV2: boolean;
  metrics: Metrics;
  /** Epoch milliseconds. */
  now: () => number;
}

/** Reads the secret: HubSpot's client secrets, comma-separated, the current one first. */
export const parseClientSecrets = (text: string): readonly string[] =>
  text
    .split(',')
    .map((secret) => secret.trim())
    .filter((secret) => secret !== '');

/** Lets HubSpot in by its request signature over the public URL. Which form of the URL matched is counted, so that the rule can be narrowed. */
export function hubspotSignature(options: SignatureOptions): (request: ApiRequest) => Promise<HubSpotCaller> {
  return async (request) => {
    const signed = {
      method: request.method,
      uri: publicUri(options.publicBaseUrl, request),
      body: request.body,
      headers: request.headers,
    };
    const verify = (secrets: readonly string[]) =>
      verifySignature(signed, { secrets, now: options.now(), acceptV2: options.acceptV2 });
    let verdict = verify(await options.secrets.value());
    if (!verdict.ok && verdict.reason === 'mismatch') verdict = verify((await options.secrets.fresh()) ?? []);
    if (!verdict.ok) {
      options.metrics.addMetric(`SignatureRefused_${verdict.reason}`, MetricUnit.Count, 1);
      throw unauthorized();
    }
    options.metrics.addMetric(`Signature_${verdict.version}_${verdict.uriForm}`, MetricUnit.Count, 1);
    if (request.method === 'GET' && request.body.length > 0) {
      // Signed texts are joined without separators: a body could stand in for the end of the query.
      throw invalidParameter('body', 'is not empty', 'no body on a GET');
    }
    const signedRequest = signedParameters(request);
    const portalId = asPortalId(signedRequest.parameters.get('portalId') ?? '');
    if (!portalId)
      throw invalidParameter('portalId', 'is missing or no portal id', 'the digits of a portal id');
    return { portalId, ...signedRequest };
  };
}

/** The address that HubSpot called, and signed. */
const publicUri = (publicBaseUrl: string, { path, rawQuery }: ApiRequest): string =>
  `${publicBaseUrl}${pathBelow(publicBaseUrl, path)}${rawQuery === '' ? '' : `?${rawQuery}`}`;
