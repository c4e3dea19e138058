import { describe, expect, test } from '@jest/globals';
import { classifyNetworkError } from '../../functions/hubspot/classify-network-error.ts';

const fetchFailed = (cause: unknown) => new TypeError('fetch failed', { cause });
const systemError = (code: string, syscall?: string) =>
  Object.assign(new Error(`${syscall} ${code} 10.0.0.1`), { code, syscall });

describe('an error of the network', () => {
  test.each([
    ['ECONNREFUSED', 'connect'],
    ['ENOTFOUND', 'getaddrinfo'],
    ['EAI_AGAIN', 'getaddrinfo'],
    ['ETIMEDOUT', 'connect'],
    ['EHOSTUNREACH', 'connect'],
    ['ENETUNREACH', 'connect'],
    ['UND_ERR_CONNECT_TIMEOUT', undefined],
    ['CERT_HAS_EXPIRED', undefined],
  ])('%s (%s) came before anything was sent', (code, syscall) => {
    expect(classifyNetworkError(fetchFailed(systemError(code, syscall)))).toMatchObject({
      kind: 'transient',
      outcome: 'not-executed',
      reasonCode: 'network-unreachable',
      reason: expect.stringContaining(`(${code}.)`),
    });
  });

  test.each([
    ['ECONNRESET', 'read'],
    ['EPIPE', 'write'],
    ['ETIMEDOUT', 'read'],
    ['EHOSTUNREACH', 'read'],
    ['UND_ERR_SOCKET', undefined],
    ['UND_ERR_BODY_TIMEOUT', undefined],
    ['HPE_INVALID_CONSTANT', undefined],
  ])('%s (%s) leaves open what HubSpot did', (code, syscall) => {
    expect(classifyNetworkError(fetchFailed(systemError(code, syscall)))).toMatchObject({
      kind: 'transient',
      outcome: 'unknown',
      reasonCode: 'network-broken',
    });
  });

  test('of several addresses came before anything was sent only if all of them did', () => {
    const refused = systemError('ECONNREFUSED', 'connect');
    const all = fetchFailed(new AggregateError([refused, systemError('ETIMEDOUT', 'connect')]));
    expect(classifyNetworkError(all)).toMatchObject({ outcome: 'not-executed' });
    const some = fetchFailed(new AggregateError([refused, systemError('ECONNRESET', 'read')]));
    expect(classifyNetworkError(some)).toMatchObject({ outcome: 'unknown' });
  });

  test.each(['TimeoutError', 'AbortError'])(
    'a %s is a timeout, after which the outcome is unknown',
    (name) => {
      expect(classifyNetworkError(new DOMException('secret', name))).toMatchObject({
        kind: 'timeout',
        reasonCode: 'hubspot-timeout',
      });
    },
  );

  test.each([undefined, null, 'text', new Error('x'), fetchFailed(undefined), fetchFailed({})])(
    'anything else leaves open what HubSpot did',
    (error) => {
      expect(classifyNetworkError(error)).toMatchObject({ kind: 'transient', outcome: 'unknown' });
    },
  );

  test('never has its own words repeated, which could hold a header', () => {
    const error = new TypeError('"Bearer pat-na1-secret\n" is an invalid header value');
    expect(JSON.stringify(classifyNetworkError(error))).not.toContain('pat-na1');
  });
});
