import { describe, expect, test } from '@jest/globals';
import type { DealId, PortalId } from '../../functions/invoices/identifiers.ts';
import { hubspotPorts } from '../../functions/pages/hubspot-ports.ts';
import { lineItemsNotice, type MissingLineItems } from '../../functions/pages/line-items-notice.ts';

const PORTAL = '101' as PortalId;
const DEAL = '7001' as DealId;

/** The pages' ports in front of a HubSpot that gives one answer, and what they report. */
function portsBefore(answer: () => Response) {
  const reported: [string, unknown][] = [];
  const accessToken = async () => 'token-a';
  const ports = hubspotPorts({
    accessToken,
    lineItems: {
      baseUrl: 'https://api.hubspot.example',
      apiVersion: '2026-03',
      accessToken,
      budget: { take: async () => ({ kind: 'taken', usableUntil: Number.POSITIVE_INFINITY }) },
      fetch: async () => answer(),
    },
    findProducts: async () => [],
    externalIds: async () => new Map(),
    report: (message, reason) => reported.push([message, reason]),
  });
  return { ports, reported };
}

const refusal = (status: number, category: string): Response =>
  Response.json(
    { status: 'error', message: 'internal words', correlationId: 'c0ffee', category },
    { status },
  );

describe('line items that can’t be had', () => {
  test.each([
    [401, 'INVALID_AUTHENTICATION', 'has to be renewed by whoever looks after it'],
    [403, 'MISSING_SCOPES', 'may not read line items'],
    [404, 'OBJECT_NOT_FOUND', 'does not show this deal to the connection'],
    [429, 'RATE_LIMITS', 'is too busy at the moment'],
    [500, 'INTERNAL', 'could not be reached'],
  ])(
    '%i: are told to the rep in one sentence, and to the log with all detail',
    async (status, category, words) => {
      const { ports, reported } = portsBefore(() => refusal(status, category));
      const read = await ports.dealLineItems(PORTAL, DEAL);
      const notice = read.kind === 'unavailable' ? read.notice : '';
      expect(notice).toContain(words);
      expect(notice).toMatch(
        /^The deal’s line items could not be filled in: [^.]+\. Enter the lines by hand\.$/,
      );
      expect(notice).not.toMatch(/internal|c0ffee|correlation|sync|replay|HUBSPOT_/i);
      expect(reported).toEqual([
        [
          'A deal’s line items could not be read',
          expect.objectContaining({ status, correlationId: 'c0ffee', reason: expect.any(String) }),
        ],
      ]);
    },
  );

  test('are told to the rep whatever the class of the failure, without its reason', () => {
    const reason = 'Lower HUBSPOT_CALLS_PER_10S.';
    const failures: MissingLineItems[] = [
      { kind: 'too-many', reason },
      { kind: 'incomplete', reason },
      { kind: 'timeout', reason, reasonCode: 'hubspot-timeout' },
      { kind: 'locked', reason, reasonCode: 'hubspot-locked' },
      { kind: 'parked', retryAfterMs: 1, reason, reasonCode: 'hubspot-migration' },
      { kind: 'budget-exhausted', untilMs: 1, reason, reasonCode: 'call-budget-exhausted' },
      { kind: 'refused', reason, reasonCode: 'hubspot-refused' },
      { kind: 'conflict', reason, reasonCode: 'hubspot-value-taken' },
    ];
    for (const failure of failures) {
      expect(lineItemsNotice(failure)).toMatch(/: [^.:]{10,60}\. Enter the lines by hand\.$/);
      expect(lineItemsNotice(failure)).not.toContain(reason);
    }
  });

  test('leave nothing in the log where they were all read', async () => {
    const { ports, reported } = portsBefore(() => Response.json({ properties: {} }));
    expect(await ports.dealLineItems(PORTAL, DEAL)).toEqual({ kind: 'lines', lines: [] });
    expect(reported).toEqual([]);
  });
});
