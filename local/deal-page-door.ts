import { cardDefinition } from '../functions/card/card-definition.ts';
import type { BusEvent } from './aws/aws-services.ts';
import { fetchCard, jsonOrText } from './card-fetch.ts';
import { dealPageRoutes } from './deal-page/routes.ts';
import type { Gateway } from './gateway/gateway.ts';
import type { Door } from './gateway/http-server.ts';
import { runAction } from './run-action.ts';
import { SAMPLE_DEAL_LIST } from './sample-data/sample-deals.ts';
import type { SimulatorSettings } from './settings.ts';

interface DealPageSurroundings {
  url: string;
  publicBaseUrl: string;
  api: Gateway;
  received: readonly BusEvent[];
}

/** The deal page, which plays HubSpot: it fetches the card from the real handler, and runs its actions, with signed requests. */
export function dealPageDoor(
  settings: SimulatorSettings,
  { url, publicBaseUrl, api, received }: DealPageSurroundings,
): Door {
  const [{ portalId, token }] = settings.ledgerTokens;
  const clientSecret = settings.hubspotClientSecret.split(',')[0]?.trim() ?? '';
  const definition = cardDefinition(publicBaseUrl);
  const hubspot = { gateway: api, publicBaseUrl, clientSecret, portalId, now: Date.now };
  const routes = dealPageRoutes(
    {
      deals: () => (settings.withSampleData && !settings.dynamodbEndpoint ? SAMPLE_DEAL_LIST : []),
      fetchCard: async (dealId) => {
        const startedAt = performance.now();
        const { status, body } = await fetchCard(hubspot, dealId);
        return { status, body: jsonOrText(body), milliseconds: Math.round(performance.now() - startedAt) };
      },
      runAction: (dealId, action) =>
        runAction({ ...hubspot, baseUrls: definition.actions.baseUrls }, dealId, action),
      cardDefinition: () => ({ title: definition.title, displayProperties: definition.display.properties }),
      recentEvents: () => received.map((event) => JSON.parse(event.Detail)),
    },
    { publicBaseUrl: url, ledgerToken: token, frameOrigins: [new URL(publicBaseUrl).origin] },
  );
  return async ({ method, target, body }) => {
    // Split by hand: a URL would refuse some targets, and resolve ".." in others.
    const [path = '', query = ''] = target.split('?', 2);
    const answer = await routes({
      method,
      path,
      query: new URLSearchParams(query),
      body: body.toString('utf8'),
    });
    return (
      answer && { status: answer.status, headers: { ...answer.headers }, body: Buffer.from(answer.body) }
    );
  };
}
