import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { accessTokensFrom, parseAccessTokens } from './hubspot/access-tokens.ts';
import { createCallBudget } from './hubspot/call-budget.ts';
import type { GatewaySettings } from './hubspot/hubspot-gateway.ts';
import { parseHubSpotSettings } from './hubspot/hubspot-settings.ts';
import { secretsManager, watchSecret } from './secret-store.ts';

/** What a function calls HubSpot with: the address and version of its environment, tokens from Secrets Manager, and the portals' shared budgets. */
export function hubspotAccess(
  variables: Record<string, string | undefined>,
  {
    documents,
    tableName,
    tokensSecretId,
  }: { documents: DynamoDBDocumentClient; tableName: string; tokensSecretId: string },
): GatewaySettings {
  const hubspot = parseHubSpotSettings(variables);
  return {
    baseUrl: hubspot.HUBSPOT_API_URL,
    apiVersion: hubspot.HUBSPOT_API_VERSION,
    accessToken: accessTokensFrom(watchSecret(secretsManager(), tokensSecretId, parseAccessTokens)),
    budget: createCallBudget({
      documents,
      tableName,
      limits: {
        callsPer10s: hubspot.HUBSPOT_CALLS_PER_10S,
        searchesPerSecond: hubspot.HUBSPOT_SEARCHES_PER_SECOND,
      },
    }),
  };
}
