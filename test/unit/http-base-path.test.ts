import { Metrics } from '@aws-lambda-powertools/metrics';
import { describe, expect, test } from '@jest/globals';
import type { ApiRequest } from '../../functions/http/api-request.ts';
import { hubspotSignature } from '../../functions/http/hubspot-signature.ts';
import { pathBelow } from '../../functions/http/path-below.ts';
import { Problem } from '../../functions/http/problem.ts';
import { unknownPath } from '../../functions/ledger-api/unknown-path.ts';
import { cardHeaders, cardQuery } from '../support/hubspot-caller.ts';
import { portalId } from '../support/invoice-factory.ts';

const BASE = 'https://example.com/ledgerbridge';
const QUERY = cardQuery('31', '987654');

const request = (method: string, path: string, headers: Record<string, string> = {}): ApiRequest => ({
  method,
  path,
  rawQuery: QUERY,
  query: new URLSearchParams(QUERY),
  pathParameters: {},
  headers,
  body: Buffer.alloc(0),
  correlationId: 'test',
  receivedAt: performance.now(),
});

describe('behind a base path, whether or not API Gateway keeps it in the path,', () => {
  const paths = (path: string): string[] => [path, `/ledgerbridge${path}`];

  test.each(paths('/hubspot/card'))('%s is let in by a signature over the public URL', async (path) => {
    const authenticate = hubspotSignature({
      secrets: { value: async () => ['secret'], fresh: async () => undefined },
      publicBaseUrl: BASE,
      acceptV2: true,
      metrics: new Metrics({ namespace: 'Test', serviceName: 'card' }),
      now: Date.now,
    });
    const headers = cardHeaders({ publicBaseUrl: BASE, secret: 'secret', query: QUERY });
    expect(await authenticate(request('GET', path, headers))).toMatchObject({ portalId: '987654' });
    const other = cardHeaders({ publicBaseUrl: `${BASE}/ledgerbridge`, secret: 'secret', query: QUERY });
    await expect(authenticate(request('GET', path, other))).rejects.toThrow('not authorized');
  });

  test.each(paths('/v1/invoices/A-1'))(
    '%s with a method it doesn’t take is told what it takes',
    async (path) => {
      const refused = unknownPath(BASE)(request('PATCH', path), { portalId: portalId('1') });
      const problem = await refused.catch((error: unknown) => error);
      expect(problem).toBeInstanceOf(Problem);
      expect(problem).toMatchObject({
        details: { status: 405, detail: '/v1/invoices/A-1 takes PUT, GET, DELETE.' },
      });
    },
  );
});

test.each([
  ['https://example.com', '/hubspot/card', '/hubspot/card'],
  ['https://example.com', '//hubspot/card', '//hubspot/card'],
  ['https://example.com/hubspot', '/hubspot/card', '/hubspot/card'],
  ['https://example.com/hubspot', '/hubspot/hubspot/card', '/hubspot/card'],
  ['https://example.com/bridge', '/bridge2/v1/x', '/bridge2/v1/x'],
  ['https://example.com/a/b', '/a/b/v1/x', '/v1/x'],
])('below %s the path %s is %s', (base, path, below) => {
  expect(pathBelow(base, path)).toBe(below);
});
