import { describe, expect, test } from '@jest/globals';
import { decodeSignedUri } from '../../functions/hubspot/decode-signed-uri.ts';
import { signV2, signV3 } from '../../functions/hubspot/request-signature.ts';
import { verifySignature } from '../../functions/hubspot/verify-signature.ts';

const now = 1_790_000_000_000;
const secret = '6b2ac1f0-9a0e-4a5e-8f5c-0d6f4f1f7c11';
const options = { secrets: [secret], now, acceptV2: true };
const request = {
  method: 'POST',
  uri: 'https://ledger.example.com/hubspot/actions/pay?portalId=987654',
  body: Buffer.from('{"invoiceId":"INV-7","amount":"100"}'),
};

const v3Headers = (timestamp = String(now), key = secret) => ({
  'x-hubspot-signature-v3': signV3(request, timestamp, key),
  'x-hubspot-request-timestamp': timestamp,
});
const v2Headers = (key = secret) => ({
  'x-hubspot-signature': signV2(request, key),
  'x-hubspot-signature-version': 'v2',
});
const verdictOn = (headers: Record<string, string | undefined>, changed: Partial<typeof options> = {}) =>
  verifySignature({ ...request, headers }, { ...options, ...changed });
const refused = (reason: string) => ({ ok: false, reason });

describe('the decoding of a signed URL', () => {
  test('the twelve escapes are decoded, in either case of hex', () => {
    expect(decodeSignedUri('%3A%2F%3F%40%21%24%27%28%29%2A%2C%3B')).toBe(":/?@!$'()*,;");
    expect(decodeSignedUri('%3a%2f%3f%40%21%24%27%28%29%2a%2c%3b')).toBe(":/?@!$'()*,;");
  });

  test('no other escape is decoded', () => {
    const decoded = new Set(['3A', '2F', '3F', '40', '21', '24', '27', '28', '29', '2A', '2C', '3B']);
    for (let byte = 0; byte < 256; byte += 1) {
      const hex = byte.toString(16).toUpperCase().padStart(2, '0');
      if (!decoded.has(hex)) expect(decodeSignedUri(`a%${hex}b`)).toBe(`a%${hex}b`);
    }
  });

  test('what an escape leaves behind is not decoded again', () => {
    expect(decodeSignedUri('%2540 %%340 %%4040')).toBe('%2540 %%340 %@40');
  });

  test('a bare plus and a broken escape stay', () => {
    expect(decodeSignedUri('/a+b?c=%&d=%4&e=%zz')).toBe('/a+b?c=%&d=%4&e=%zz');
  });
});

describe('the age of a version 3 signature', () => {
  test.each([
    ['five minutes old to the millisecond', now - 300_000, true],
    ['a millisecond older than five minutes', now - 300_001, false],
    ['one minute ahead to the millisecond', now + 60_000, true],
    ['a millisecond more than a minute ahead', now + 60_001, false],
    ['far in the future', 9_000_000_000_000_000, false],
    ['from 1970', 1, false],
  ])('%s', (_age, timestamp, ok) => {
    expect(verdictOn(v3Headers(String(timestamp)))).toEqual(
      ok ? { ok: true, version: 'v3', uriForm: 'both' } : refused('stale'),
    );
  });

  test.each([
    '',
    ' ',
    `${now}.0`,
    `+${now}`,
    ` ${now}`,
    `${now}\n`,
    `-${now}`,
    '1e12',
    '0x1',
    '٣',
    'NaN',
    '1'.repeat(17),
  ])('the timestamp %j is malformed, even when signed', (timestamp) => {
    expect(verdictOn(v3Headers(timestamp))).toEqual(refused('malformed'));
  });

  test('a zero can not be moved from the end of the body into the timestamp', () => {
    const signed = { ...request, body: Buffer.from('amount=100') };
    const headers = {
      'x-hubspot-signature-v3': signV3(signed, String(now), secret),
      'x-hubspot-request-timestamp': `0${now}`,
    };
    const moved = { ...request, body: Buffer.from('amount=10'), headers };
    expect(signV3(moved, `0${now}`, secret)).toBe(headers['x-hubspot-signature-v3']);
    expect(verifySignature(moved, options)).toEqual(refused('malformed'));
  });

  test('without a timestamp the signature is refused', () => {
    expect(verdictOn({ ...v3Headers(), 'x-hubspot-request-timestamp': undefined })).toEqual(
      refused('missing'),
    );
  });

  test('a clock that is not a number accepts nothing', () => {
    expect(verdictOn(v3Headers(), { now: Number.NaN })).toEqual(refused('stale'));
  });
});

describe('version 3 and version 2 together', () => {
  test('a version 3 failure is final, though the version 2 signature is good', () => {
    const otherSecret = v3Headers(String(now), 'another-secret');
    expect(verdictOn({ ...v2Headers(), ...otherSecret })).toEqual(refused('mismatch'));
    expect(verdictOn({ ...v2Headers(), ...v3Headers(String(now - 300_001)) })).toEqual(refused('stale'));
    expect(
      verdictOn({ ...v2Headers(), 'x-hubspot-signature-v3': v3Headers()['x-hubspot-signature-v3'] }),
    ).toEqual(refused('missing'));
  });

  test.each(['', ' ', 'undefined', '\u0000'])(
    'a version 3 header of %j is present, not absent',
    (signature) => {
      expect(verdictOn({ ...v2Headers(), ...v3Headers(), 'x-hubspot-signature-v3': signature })).toEqual(
        refused('malformed'),
      );
    },
  );

  test('a good version 3 signature is enough, whatever version 2 says', () => {
    const badV2 = { 'x-hubspot-signature': 'nonsense', 'x-hubspot-signature-version': 'v2' };
    expect(verdictOn({ ...badV2, ...v3Headers() })).toMatchObject({ ok: true, version: 'v3' });
  });

  test('version 3 is accepted while version 2 is off', () => {
    expect(verdictOn(v3Headers(), { acceptV2: false })).toMatchObject({ ok: true, version: 'v3' });
  });

  test('a version 2 signature does not pass as version 3, nor the other way round', () => {
    const v2AsV3 = { ...v3Headers(), 'x-hubspot-signature-v3': signV2(request, secret) };
    const v3AsV2 = { ...v2Headers(), 'x-hubspot-signature': signV3(request, String(now), secret) };
    expect(verdictOn(v2AsV3)).toEqual(refused('malformed'));
    expect(verdictOn(v3AsV2)).toEqual(refused('malformed'));
  });

  test('without any signature the request is refused', () => {
    expect(verdictOn({})).toEqual(refused('missing'));
  });
});

describe('version 2', () => {
  test('is accepted at any time, in either case of hex', () => {
    const headers = v2Headers();
    const upperCase = { ...headers, 'x-hubspot-signature': headers['x-hubspot-signature'].toUpperCase() };
    for (const presented of [headers, upperCase]) {
      expect(verdictOn(presented, { now: 0 })).toEqual({ ok: true, version: 'v2', uriForm: 'raw' });
    }
  });

  test('is refused when it is switched off', () => {
    expect(verdictOn(v2Headers(), { acceptV2: false })).toEqual(refused('version-off'));
  });

  test.each(['v1', 'v3', 'V2', 'v2 ', '2', ''])('is refused when the version header says %j', (version) => {
    expect(verdictOn({ ...v2Headers(), 'x-hubspot-signature-version': version })).toEqual(
      refused('version-off'),
    );
  });

  test('is refused without its version header', () => {
    expect(verdictOn({ 'x-hubspot-signature': signV2(request, secret) })).toEqual(refused('missing'));
  });

  test('is refused over the decoded URL', () => {
    const escaped = { ...request, uri: `${request.uri}&userEmail=rep%40acme.example` };
    const signature = signV2({ ...escaped, uri: decodeSignedUri(escaped.uri) }, secret);
    const headers = { 'x-hubspot-signature': signature, 'x-hubspot-signature-version': 'v2' };
    expect(verifySignature({ ...escaped, headers }, options)).toEqual(refused('mismatch'));
  });
});

describe('secrets', () => {
  const rotation = ['newest-secret', secret, 'oldest-secret'];

  test.each(rotation)('during a rotation the secret %s is accepted', (key) => {
    expect(verdictOn(v3Headers(String(now), key), { secrets: rotation })).toMatchObject({
      ok: true,
      version: 'v3',
    });
    expect(verdictOn(v2Headers(key), { secrets: rotation })).toMatchObject({ ok: true, version: 'v2' });
  });

  test('a secret that was taken out of the list is refused', () => {
    const secrets = ['newest-secret'];
    expect(verdictOn(v3Headers(), { secrets })).toEqual(refused('mismatch'));
    expect(verdictOn(v2Headers(), { secrets })).toEqual(refused('mismatch'));
  });

  test('without secrets nothing is accepted', () => {
    expect(verdictOn(v3Headers(), { secrets: [] })).toEqual(refused('mismatch'));
    expect(verdictOn(v2Headers(), { secrets: [] })).toEqual(refused('mismatch'));
  });

  test('an empty secret signs nothing, and does not disturb the others', () => {
    const signedWithNothing = v3Headers(String(now), '');
    for (const secrets of [[''], ['', secret], [secret, '']]) {
      expect(verdictOn(signedWithNothing, { secrets })).toEqual(refused('mismatch'));
      expect(verdictOn(v2Headers(''), { secrets })).toEqual(refused('mismatch'));
    }
    expect(verdictOn(v3Headers(), { secrets: ['', secret] })).toMatchObject({ ok: true });
  });
});

test('every plus that became a space on the way is read as the plus it was', () => {
  const timestamps = Array.from({ length: 100 }, (_, earlier) => String(now - earlier));
  const timestamp = timestamps.find((candidate) => /\+.*\+/.test(signV3(request, candidate, secret))) ?? '';
  const headers = v3Headers(timestamp);
  const withSpaces = headers['x-hubspot-signature-v3'].replaceAll('+', ' ');
  expect(withSpaces).toMatch(/ .* /);
  expect(verdictOn({ ...headers, 'x-hubspot-signature-v3': withSpaces })).toMatchObject({ ok: true });
});

test.each(['v2', 'v3'])('with %s, bodies are hashed as bytes, also when they are not text', (version) => {
  // Neither is UTF-8: read as text, both would be the same replacement character.
  const signed = { ...request, body: Buffer.from([0xff]) };
  const changed = { ...request, body: Buffer.from([0xfe]) };
  const headers =
    version === 'v2'
      ? { ...v2Headers(), 'x-hubspot-signature': signV2(signed, secret) }
      : { ...v3Headers(), 'x-hubspot-signature-v3': signV3(signed, String(now), secret) };
  expect(verifySignature({ ...signed, headers }, options)).toMatchObject({ ok: true, version });
  expect(verifySignature({ ...changed, headers }, options)).toEqual(refused('mismatch'));
});
