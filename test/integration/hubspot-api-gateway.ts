import type { CallBudget } from '../../functions/hubspot/call-budget.ts';
import type { HubSpotApi } from '../../functions/hubspot/hubspot-api.ts';
import { type GatewaySettings, hubSpotGateway } from '../../functions/hubspot/hubspot-gateway.ts';

/** A budget that always has a call left. */
export const UNLIMITED: CallBudget = {
  take: async () => ({ kind: 'taken', usableUntil: Number.POSITIVE_INFINITY }),
};

/** The gateway of portal 101 on a server of the test's own, over Node's real `fetch`. */
export const gatewayTo = (baseUrl: string, change: Partial<GatewaySettings> = {}): HubSpotApi =>
  hubSpotGateway({
    baseUrl,
    apiVersion: '2026-03',
    accessToken: async () => 'token-a',
    budget: UNLIMITED,
    ...change,
  })('101');
