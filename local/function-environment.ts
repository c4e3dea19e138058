import { HUBSPOT_APP_ORIGINS } from '../functions/environment.ts';
import type { SimulatorSettings } from './settings.ts';

/** The names under which the simulator keeps what a deployment would have created. */
export const NAMES = {
  ledgerTable: 'ledgerbridge-ledger',
  hubspotClientSecret: 'ledgerbridge/hubspot-client-secret',
  ledgerTokens: 'ledgerbridge/ledger-tokens',
  ticketKeys: 'ledgerbridge/ticket-keys',
  eventBus: 'ledgerbridge',
} as const;

/** The environment that functions run in on the simulator: the same variables as deployed, and the addresses of our imitations. */
export const functionEnvironment = (
  settings: SimulatorSettings,
  endpoints: { url: string; publicBaseUrl: string; dynamodb: string; aws: string },
): Record<string, string> => ({
  LEDGER_TABLE: NAMES.ledgerTable,
  PUBLIC_BASE_URL: endpoints.publicBaseUrl,
  HUBSPOT_CLIENT_SECRET_ID: NAMES.hubspotClientSecret,
  LEDGER_TOKENS_SECRET_ID: NAMES.ledgerTokens,
  TICKET_KEY_SECRET_ID: NAMES.ticketKeys,
  FRAME_ANCESTORS: `${HUBSPOT_APP_ORIGINS} ${endpoints.url}`,
  HUBSPOT_SIGNATURE_V2: settings.hubspotSignatureV2,
  EVENT_BUS_NAME: NAMES.eventBus,
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
  AWS_ENDPOINT_URL_SECRETS_MANAGER: endpoints.aws,
  AWS_ENDPOINT_URL_EVENTBRIDGE: endpoints.aws,
  POWERTOOLS_SERVICE_NAME: 'ledgerbridge',
  POWERTOOLS_METRICS_NAMESPACE: 'Ledgerbridge',
  // The simulator logs each request itself; functions say only what is wrong.
  POWERTOOLS_LOG_LEVEL: 'WARN',
  POWERTOOLS_METRICS_DISABLED: 'true',
});
