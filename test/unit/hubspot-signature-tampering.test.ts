import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeSignedUri } from '../../functions/hubspot/decode-signed-uri.ts';
import { signV2, signV3 } from '../../functions/hubspot/request-signature.ts';
import { verifySignature } from '../../functions/hubspot/verify-signature.ts';

const now = 1_790_000_000_000;
const uri =
  'https://ledger.example.com/hubspot/actions/pay?portalId=987654&userEmail=rep%40acme.example&at=10%3A30%3b&name=A%20%26+B';
const secret = '6b2ac1f0-9a0e-4a5e-8f5c-0d6f4f1f7c11';
const body = '{"key":"f3a1","amount":"100","note":"zażółć"}';

/** A signed call, each part as text of one character a byte, so that every byte can be changed by its position. */
interface SignedCall {
  method: string;
  uri: string;
  body: string;
  secret: string;
  signature: string;
  timestamp: string;
  version: string;
}
type Part = keyof SignedCall;

const plain = {
  method: 'POST',
  uri,
  body: Buffer.from(body).toString('latin1'),
  secret,
  timestamp: '',
  version: '',
};

const signedV3 = (signedUri: string): SignedCall => {
  // A signature with a plus, so that the plus is among the bytes that are changed.
  const timestamps = Array.from({ length: 100 }, (_, earlier) => String(now - earlier));
  const signatures = timestamps.map((timestamp) => ({
    timestamp,
    signature: signV3({ method: 'POST', uri: signedUri, body: Buffer.from(body) }, timestamp, secret),
  }));
  const withPlus = signatures.find(({ signature }) => signature.includes('+'));
  if (!withPlus) throw new Error('no signature with a plus among the first hundred');
  return { ...plain, ...withPlus };
};
const signedV2: SignedCall = {
  ...plain,
  version: 'v2',
  signature: signV2({ method: 'POST', uri, body: Buffer.from(body) }, secret),
};

const isAccepted = (call: SignedCall) =>
  verifySignature(
    {
      method: call.method,
      uri: call.uri,
      body: Buffer.from(call.body, 'latin1'),
      headers: call.version
        ? { 'x-hubspot-signature': call.signature, 'x-hubspot-signature-version': call.version }
        : { 'x-hubspot-signature-v3': call.signature, 'x-hubspot-request-timestamp': call.timestamp },
    },
    { secrets: [call.secret], now, acceptV2: true },
  ).ok;

/** Changes each byte of a part into each of the 255 others, and tells which of these changes were accepted. */
const acceptedChanges = (call: SignedCall, part: Part): string[] => {
  const text = call[part];
  expect(text).not.toBe('');
  const accepted: string[] = [];
  for (let position = 0; position < text.length; position += 1) {
    for (let flip = 1; flip < 256; flip += 1) {
      const changed = String.fromCharCode(text.charCodeAt(position) ^ flip);
      const tampered = { ...call, [part]: text.slice(0, position) + changed + text.slice(position + 1) };
      if (isAccepted(tampered)) accepted.push(`${position}:${text[position]}>${changed}`);
    }
  }
  return accepted;
};

/** The changes at each place where the pattern matches one character, written as `acceptedChanges` writes them. */
const changesAt = (text: string, pattern: RegExp, change: (character: string) => string): string[] =>
  [...text.matchAll(pattern)].map((match) => `${match.index}:${match[0]}>${change(match[0])}`);

const swapCase = (letter: string) =>
  letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase();

describe('a request of which one byte was changed is refused', () => {
  const rawV3 = signedV3(uri);
  const decodedV3 = signedV3(decodeSignedUri(uri));
  const calls = { 'v3 over the raw URL': rawV3, 'v3 over the decoded URL': decodedV3, v2: signedV2 };

  test.each(Object.entries(calls))('%s: unchanged, it is accepted', (_name, call) => {
    expect(isAccepted(call)).toBe(true);
  });

  describe.each(Object.entries(calls))('%s', (_name, call) => {
    const headerBesideTheSignature = call.version ? 'version' : 'timestamp';
    test.each(['method', 'body', 'secret', headerBesideTheSignature] as const)('in the %s', (part) => {
      expect(acceptedChanges(call, part)).toEqual([]);
    });
  });

  test.each([
    ['v3 over the raw URL', rawV3],
    ['v2', signedV2],
  ])('%s: in the URL', (_name, call) => {
    expect(acceptedChanges(call, 'uri')).toEqual([]);
  });

  test('v3 over the decoded URL: in the URL, except where an escape that HubSpot decodes is spelt in the other case', () => {
    // "%3a" and "%3A" are one character once decoded, so they are one URL to this signature: here in "%3A" and "%3b".
    const spellings = changesAt(uri, /(?<=%3)[Ab]/g, swapCase);
    expect(spellings).toHaveLength(2);
    expect(acceptedChanges(decodedV3, 'uri')).toEqual(spellings);
  });

  test.each([
    ['v3 over the raw URL', rawV3],
    ['v3 over the decoded URL', decodedV3],
  ])('%s: in the signature, except where a plus became a space', (_name, call) => {
    // A space can stand only for a plus: the same signature, after a hop that read it as a form value.
    const spaces = changesAt(call.signature, /\+/g, () => ' ');
    expect(spaces).not.toEqual([]);
    expect(acceptedChanges(call, 'signature')).toEqual(spaces);
  });

  test('v2: in the signature, except in the case of its hex digits', () => {
    // Hex is compared without regard to case, so "a" and "A" are the same digit of the same signature.
    const upperCase = changesAt(signedV2.signature, /[a-f]/g, swapCase);
    expect(upperCase).not.toEqual([]);
    expect(acceptedChanges(signedV2, 'signature')).toEqual(upperCase);
  });
});

describe('whatever the request', () => {
  const anyText = fc.string({ unit: 'binary' });
  const anyUri = fc.oneof(fc.webUrl({ withQueryParameters: true }), anyText, fc.constant(uri));
  const anyBody = fc.uint8Array().map((bytes) => Buffer.from(bytes));
  // HMAC pads a key with NUL and hashes one of more than 64 bytes: no NUL and no great length, so that two secrets are two keys.
  const anySecret = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 64 });
  const anyMethod = fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE');
  const anyTimestamp = fc.integer({ min: now - 300_000, max: now + 60_000 }).map(String);

  test('what was signed is accepted, in each reading of the URL, and with another secret refused', () => {
    fc.assert(
      fc.property(
        fc.record({ method: anyMethod, uri: anyUri, body: anyBody }),
        fc.uniqueArray(anySecret, { minLength: 2, maxLength: 2 }),
        anyTimestamp,
        (request, [key = '', otherKey = ''], timestamp) => {
          const decoded = { ...request, uri: decodeSignedUri(request.uri) };
          const v3 = (signature: string) => ({
            'x-hubspot-signature-v3': signature,
            'x-hubspot-request-timestamp': timestamp,
          });
          const same = request.uri === decoded.uri;
          const cases = [
            { version: 'v3', uriForm: same ? 'both' : 'raw', headers: v3(signV3(request, timestamp, key)) },
            {
              version: 'v3',
              uriForm: same ? 'both' : 'decoded',
              headers: v3(signV3(decoded, timestamp, key)),
            },
            {
              version: 'v2',
              uriForm: 'raw',
              headers: { 'x-hubspot-signature': signV2(request, key), 'x-hubspot-signature-version': 'v2' },
            },
          ];
          for (const { headers, ...match } of cases) {
            const signed = { ...request, headers };
            const verdict = (secrets: string[]) => verifySignature(signed, { secrets, now, acceptV2: true });
            expect(verdict([key])).toEqual({ ok: true, ...match });
            expect(verdict([otherKey, key])).toEqual({ ok: true, ...match });
            expect(verdict([otherKey])).toEqual({ ok: false, reason: 'mismatch' });
          }
        },
      ),
    );
  });

  test('headers that nobody signed are refused and never throw', () => {
    const valid = signV3({ method: 'GET', uri, body: Buffer.alloc(0) }, String(now), 'not-ours');
    const anyHeader = (...likely: string[]) =>
      fc.option(
        fc.oneof(
          anyText,
          fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) }),
          fc.base64String(),
          fc.constantFrom(...likely),
        ),
        { nil: undefined },
      );
    const anyHeaders = fc.record({
      'x-hubspot-signature-v3': anyHeader(valid, valid.slice(1), `${valid} `, ''),
      'x-hubspot-request-timestamp': anyHeader(String(now), '0', '9'.repeat(400), '-1'),
      'x-hubspot-signature': anyHeader('a'.repeat(64), 'é'.repeat(32), ''),
      'x-hubspot-signature-version': anyHeader('v1', 'v2', 'v3'),
    });
    fc.assert(
      fc.property(anyHeaders, anyUri, anyBody, fc.boolean(), (headers, anyUrl, anyBytes, acceptV2) => {
        const request = { method: 'GET', uri: anyUrl, body: anyBytes, headers };
        expect(verifySignature(request, { secrets: [secret, ''], now, acceptV2 }).ok).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });
});
