import { expect, test } from '@jest/globals';
import { verifySignature } from '../../functions/hubspot/verify-signature.ts';
import { asPortalId } from '../../functions/invoices/identifiers.ts';
import type { ArrivedRequest } from '../../local/gateway/gateway-event.ts';
import { runAction } from '../../local/run-action.ts';

const PUBLIC_BASE_URL = 'https://ledgerbridge.example.com';
const NOW = Date.parse('2026-11-22T10:00:00Z');

/** Runs an action against a backend that notes what reaches it. */
async function run(action: unknown) {
  const arrived: ArrivedRequest[] = [];
  const portalId = asPortalId('987654');
  if (!portalId) throw new Error('The portal’s id is malformed.');
  const answer = await runAction(
    {
      gateway: async (request) => {
        arrived.push(request);
        return { status: 200, headers: {}, body: Buffer.from('{"message":"Done."}') };
      },
      publicBaseUrl: PUBLIC_BASE_URL,
      clientSecret: 'secret',
      portalId,
      now: () => NOW,
      baseUrls: [`${PUBLIC_BASE_URL}/hubspot/`],
    },
    '42',
    action,
  );
  return { answer, arrived };
}

const PARAMETERS =
  'userId=5550001&userEmail=rep%2Bhubspot@example.com&associatedObjectId=42&associatedObjectType=DEAL&portalId=987654';

test.each([
  ['DELETE', `/hubspot/invoices/1?version=3&${PARAMETERS}`, ''],
  ['POST', '/hubspot/invoices/1?version=3', PARAMETERS],
])(
  'an action by %s carries HubSpot’s parameters where HubSpot puts them, and its signature',
  async (httpMethod, target, body) => {
    const { answer, arrived } = await run({
      uri: `${PUBLIC_BASE_URL}/hubspot/invoices/1?version=3`,
      httpMethod,
    });
    expect(answer).toEqual({ status: 200, body: { message: 'Done.' } });
    const [request] = arrived;
    expect(request).toMatchObject({ method: httpMethod, target });
    expect(request?.body.toString()).toBe(body);
    const signed = {
      method: httpMethod,
      uri: `${PUBLIC_BASE_URL}${target}`,
      body: Buffer.from(body),
      headers: request?.headers ?? {},
    };
    expect(verifySignature(signed, { secrets: ['secret'], now: NOW, acceptV2: false })).toMatchObject({
      ok: true,
    });
  },
);

test.each([
  'https://elsewhere.example.com/hubspot/invoices/1',
  `${PUBLIC_BASE_URL}/v1/invoices/1`,
  `${PUBLIC_BASE_URL}.elsewhere.example.com/hubspot/`,
])('an action at %s is not under the declared base URLs, and is not called', async (uri) => {
  const { answer, arrived } = await run({ uri, httpMethod: 'POST' });
  expect(answer.status).toBe(400);
  expect(arrived).toEqual([]);
});
