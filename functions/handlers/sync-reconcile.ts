import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Context } from 'aws-lambda';
import { documentClient } from '../dynamodb-client.ts';
import { accessTokensFrom, parseAccessTokens } from '../hubspot/access-tokens.ts';
import { createCallBudget } from '../hubspot/call-budget.ts';
import { hubSpotGateway } from '../hubspot/hubspot-gateway.ts';
import { parseHubSpotSettings } from '../hubspot/hubspot-settings.ts';
import { asPortalId, HUBSPOT_ID_RULE, type PortalId } from '../invoices/identifiers.ts';
import { LedgerStore } from '../invoices/ledger-store.ts';
import { cachedSettings } from '../invoices/settings-cache.ts';
import { secretsManager, watchSecret } from '../secret-store.ts';
import { bellRinger } from '../sync/bells.ts';
import { ControlStore } from '../sync/control-store.ts';
import { PropertiesSource } from '../sync/properties-source.ts';
import { reconcile } from '../sync/reconcile/reconcile.ts';
import { parseReconcileSettings } from '../sync/reconcile/reconcile-settings.ts';
import { ReconcileStore } from '../sync/reconcile/reconcile-store.ts';
import { RecordStore } from '../sync/record-store.ts';
import { parseWorkerEnvironment, syncSettings } from '../sync/sync-environment.ts';
import { logger } from '../telemetry.ts';

const environment = parseWorkerEnvironment(process.env);
const hubspot = parseHubSpotSettings(process.env);
const documents = documentClient();
const table = { documents, tableName: environment.SYNC_TABLE };
const clock = { now: Date.now, wait, random: Math.random };
const control = new ControlStore(table);
const ledger = new LedgerStore({ documents, tableName: environment.LEDGER_TABLE });
const settings = cachedSettings((portalId) => ledger.settings(portalId));
const api = hubSpotGateway({
  baseUrl: hubspot.HUBSPOT_API_URL,
  apiVersion: hubspot.HUBSPOT_API_VERSION,
  accessToken: accessTokensFrom(
    watchSecret(secretsManager(), environment.HUBSPOT_ACCESS_TOKENS_SECRET_ID, parseAccessTokens),
  ),
  budget: createCallBudget({
    ...table,
    limits: {
      callsPer10s: hubspot.HUBSPOT_CALLS_PER_10S,
      searchesPerSecond: hubspot.HUBSPOT_SEARCHES_PER_SECOND,
    },
  }),
});
const access = {
  ...clock,
  store: new RecordStore({ ...table, ...clock }),
  control,
  api,
  properties: new PropertiesSource({ control, api, now: Date.now, wait }),
  runs: new ReconcileStore(table),
  settings: syncSettings(environment),
  reconcile: parseReconcileSettings(process.env),
  timeZone: async (portalId: PortalId) => (await settings(portalId)).timeZone,
  ring: bellRinger({
    queue: new SQSClient({}),
    queueUrl: environment.SYNC_QUEUE_URL,
    notice: (message, details) => logger.warn(message, details),
  }),
  newId: randomUUID,
  notice: (message: string, details: Record<string, unknown>) => logger.info(message, details),
};

/** A run by hand: `{"begin": "now"}`, for one portal with `"portalId"`. The schedule's own event has neither. */
interface ReconcileEvent {
  begin?: unknown;
  portalId?: unknown;
}

/** Finds what has drifted in HubSpot and marks it as due, on a schedule. */
export const handler = async (event: ReconcileEvent, context: Context): Promise<void> => {
  await reconcile(access, {
    deadline: Date.now() + context.getRemainingTimeInMillis(),
    begin: event.begin === 'now' ? 'now' : 'at-night',
    portalId: event.portalId === undefined ? undefined : portalIn(event.portalId),
  });
};

function portalIn(given: unknown): PortalId {
  const portalId = asPortalId(String(given));
  if (!portalId) throw new Error(`portalId is ${JSON.stringify(given)}; expected ${HUBSPOT_ID_RULE}.`);
  return portalId;
}
