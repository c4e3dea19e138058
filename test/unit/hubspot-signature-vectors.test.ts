import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Signature } from '@hubspot/api-client/lib/src/utils/signature.js';
import { describe, expect, test } from '@jest/globals';
import { signV2, signV3 } from '../../functions/hubspot/request-signature.ts';
import { type SignedRequest, verifySignature } from '../../functions/hubspot/verify-signature.ts';

interface SignedVector {
  version: 'v2' | 'v3';
  secret: string;
  method: string;
  uri: string;
  body: string;
  timestamp?: string;
  signature: string;
}
type PublishedVector = { number: number; source: string } & (
  | SignedVector
  | { version: 'v1'; secret: string; body: string; signature: string }
);

const vectors = JSON.parse(
  readFileSync(new URL('../fixtures/hubspot-signature-vectors.json', import.meta.url), 'utf8'),
) as { published: PublishedVector[]; own: (SignedVector & { uriForm: 'raw' | 'decoded' })[] };

const isSigned = (vector: PublishedVector) => vector.version !== 'v1';
const published = vectors.published.filter(isSigned);

const requestOf = (vector: SignedVector): SignedRequest => ({
  method: vector.method,
  uri: vector.uri,
  body: Buffer.from(vector.body),
  headers:
    vector.version === 'v3'
      ? {
          'x-hubspot-signature-v3': vector.signature,
          'x-hubspot-request-timestamp': vector.timestamp,
        }
      : { 'x-hubspot-signature': vector.signature, 'x-hubspot-signature-version': 'v2' },
});

const verify = (vector: SignedVector) =>
  verifySignature(requestOf(vector), {
    secrets: [vector.secret],
    now: Number(vector.timestamp ?? 0),
    acceptV2: true,
  });

describe("HubSpot's published vectors", () => {
  test('all fourteen are here', () => {
    expect(vectors.published.map((vector) => vector.number)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
    ]);
  });

  test.each(published)('vector $number ($version, $method) is accepted at its own time', (vector) => {
    // None has a percent escape, so a version 3 vector matches both readings of its URL.
    expect(verify(vector)).toEqual({
      ok: true,
      version: vector.version,
      uriForm: vector.version === 'v3' ? 'both' : 'raw',
    });
  });

  test.each(published)('vector $number ($version, $method) is what our own signing gives', (vector) => {
    const request = requestOf(vector);
    expect(
      vector.version === 'v3'
        ? signV3(request, vector.timestamp ?? '', vector.secret)
        : signV2(request, vector.secret),
    ).toBe(vector.signature);
  });

  test.each(vectors.published.filter((vector) => !isSigned(vector)))(
    'vector $number ($version) has the right digest and is refused all the same',
    (vector) => {
      expect(
        createHash('sha256')
          .update(vector.secret + vector.body)
          .digest('hex'),
      ).toBe(vector.signature);
      for (const version of ['v1', 'v2']) {
        const verdict = verifySignature(
          {
            method: 'POST',
            uri: 'https://ledger.example.com/hubspot/hook',
            body: Buffer.from(vector.body),
            headers: { 'x-hubspot-signature': vector.signature, 'x-hubspot-signature-version': version },
          },
          { secrets: [vector.secret], now: 0, acceptV2: true },
        );
        expect(verdict).toEqual({ ok: false, reason: version === 'v1' ? 'version-off' : 'mismatch' });
      }
    },
  );
});

describe('our own vectors, for URLs with escapes', () => {
  test.each(vectors.own)('a $version signature over the $uriForm URL is accepted as such', (vector) => {
    expect(verify(vector)).toEqual({ ok: true, version: vector.version, uriForm: vector.uriForm });
  });
});

describe("requests signed by HubSpot's own library", () => {
  const clientSecret = '6b2ac1f0-9a0e-4a5e-8f5c-0d6f4f1f7c11';
  const timestamp = 1_790_000_000_123;
  const origin = 'https://ledger.example.com';
  const requests = [
    {
      method: 'GET',
      url: `${origin}/hubspot/card?portalId=987654&userEmail=rep%40acme.example`,
      requestBody: '',
    },
    { method: 'GET', url: `${origin}/hubspot/card?userEmail=rep@acme.example&name=A+B`, requestBody: '' },
    {
      method: 'POST',
      url: `${origin}/hubspot/actions/pay?portalId=987654`,
      requestBody: '{"note":"zażółć €"}',
    },
    { method: 'DELETE', url: `${origin}/hubspot/actions/invoice?portalId=987654&id=a%2Fb`, requestBody: '' },
  ];
  const options = { secrets: [clientSecret], now: timestamp, acceptV2: true };

  test.each(requests)('$method $url is accepted with version 3, over the raw URL', (signed) => {
    const signature = Signature.getSignature(signed.method, 'v3', {
      ...signed,
      clientSecret,
      timestamp,
      signature: '',
    });
    const request = {
      method: signed.method,
      uri: signed.url,
      body: Buffer.from(signed.requestBody),
      headers: { 'x-hubspot-signature-v3': signature, 'x-hubspot-request-timestamp': String(timestamp) },
    };
    expect(verifySignature(request, options)).toEqual({
      ok: true,
      version: 'v3',
      uriForm: signed.url.includes('%') ? 'raw' : 'both',
    });
    expect(signV3(request, String(timestamp), clientSecret)).toBe(signature);
  });

  test.each(requests)('$method $url is accepted with version 2', (signed) => {
    const signature = Signature.getSignature(signed.method, 'v2', { ...signed, clientSecret, signature: '' });
    const request = {
      method: signed.method,
      uri: signed.url,
      body: Buffer.from(signed.requestBody),
      headers: { 'x-hubspot-signature': signature, 'x-hubspot-signature-version': 'v2' },
    };
    expect(verifySignature(request, options)).toEqual({ ok: true, version: 'v2', uriForm: 'raw' });
    expect(signV2(request, clientSecret)).toBe(signature);
  });
});
