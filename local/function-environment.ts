import { HUBSPOT_APP_ORIGINS } from '../functions/environment.ts';
import { SYNC_WORKERS } from './run-sync.ts';
import type { SimulatorSettings } from './settings.ts';

/** The names under which the simulator keeps what a deployment would have created. */
export const NAMES = {
  ledgerTable: 'ledgerbridge-ledger',
  hubspotClientSecret: 'ledgerbridge/hubspot-client-secret',
  ledgerTokens: 'ledgerbridge/ledger-tokens',
  ticketKeys: 'ledgerbridge/ticket-keys',
  hubspotAccessTokens: 'ledgerbridge/hubspot-access-tokens',
  syncTable: 'ledgerbridge-sync',
  eventBus: 'ledgerbridge',
} as const;

/** Where the simulator has what functions call. */
export interface Endpoints {
  /** The simulator's own, which frames its pages. */
  url: string;
  publicBaseUrl: string;
  dynamodb: string;
  aws: string;
  queue: { endpoint: string; queueUrl: string };
  hubspotUrl: string;
}

/** What the sync waits for, in seconds: shorter than deployed, so that one sees it heal. A developer's own settings win. */
const SYNC_SECONDS = { SETTLE_S: '2', SEARCH_LAG_S: '3', RETRY_CAP_S: '5', STOPPED_S: '5' };

/** The environment that functions run in on the simulator: the same variables as deployed, and the addresses of our imitations. */
export const functionEnvironment = (
  settings: SimulatorSettings,
  endpoints: Endpoints,
): Record<string, string> => ({
  LEDGER_TABLE: NAMES.ledgerTable,
  PUBLIC_BASE_URL: endpoints.publicBaseUrl,
  HUBSPOT_CLIENT_SECRET_ID: NAMES.hubspotClientSecret,
  LEDGER_TOKENS_SECRET_ID: NAMES.ledgerTokens,
  TICKET_KEY_SECRET_ID: NAMES.ticketKeys,
  FRAME_ANCESTORS: `${HUBSPOT_APP_ORIGINS} ${endpoints.url}`,
  HUBSPOT_SIGNATURE_V2: settings.hubspotSignatureV2,
  EVENT_BUS_NAME: NAMES.eventBus,
  SYNC_TABLE: NAMES.syncTable,
  SYNC_QUEUE_URL: endpoints.queue.queueUrl,
  SYNC_WORKERS: String(SYNC_WORKERS),
  ...SYNC_SECONDS,
  ...Object.fromEntries(
    Object.keys(SYNC_SECONDS).flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])),
  ),
  HUBSPOT_API_URL: endpoints.hubspotUrl,
  HUBSPOT_ACCESS_TOKENS_SECRET_ID: NAMES.hubspotAccessTokens,
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
  AWS_ENDPOINT_URL_SECRETS_MANAGER: endpoints.aws,
  AWS_ENDPOINT_URL_EVENTBRIDGE: endpoints.aws,
  AWS_ENDPOINT_URL_SQS: endpoints.queue.endpoint,
  POWERTOOLS_SERVICE_NAME: 'ledgerbridge',
  POWERTOOLS_METRICS_NAMESPACE: 'Ledgerbridge',
  // The simulator logs each request itself; functions say only what is wrong.
  POWERTOOLS_LOG_LEVEL: 'WARN',
  POWERTOOLS_METRICS_DISABLED: 'true',
});
