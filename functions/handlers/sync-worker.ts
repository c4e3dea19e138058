import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { SQSClient } from '@aws-sdk/client-sqs';
import { documentClient } from '../dynamodb-client.ts';
import { accessTokensFrom, parseAccessTokens } from '../hubspot/access-tokens.ts';
import { createCallBudget } from '../hubspot/call-budget.ts';
import { hubSpotGateway } from '../hubspot/hubspot-gateway.ts';
import { parseHubSpotSettings } from '../hubspot/hubspot-settings.ts';
import { LedgerStore } from '../invoices/ledger-store.ts';
import { cachedSettings } from '../invoices/settings-cache.ts';
import { secretsManager, watchSecret } from '../secret-store.ts';
import { answerBell } from '../sync/answer-bell.ts';
import { bellHandler } from '../sync/bell-handler.ts';
import { bellRinger } from '../sync/bells.ts';
import { ControlStore } from '../sync/control-store.ts';
import { PropertiesSource } from '../sync/properties-source.ts';
import { RecordStore } from '../sync/record-store.ts';
import { parseWorkerEnvironment, slotsPerPortal, syncSettings } from '../sync/sync-environment.ts';
import { WorkerSlots } from '../sync/worker-slots.ts';
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
  slots: new WorkerSlots({ ...table, slotsPerPortal: slotsPerPortal(environment) }),
  settings: syncSettings(environment),
  timeZone: async (portalId: Parameters<typeof settings>[0]) => (await settings(portalId)).timeZone,
  ring: bellRinger({
    queue: new SQSClient({}),
    queueUrl: environment.SYNC_QUEUE_URL,
    notice: (message, details) => logger.warn(message, details),
  }),
  newId: randomUUID,
  notice: (message: string, details: Record<string, unknown>) => logger.info(message, details),
};

/** Brings contacts and products to HubSpot, a shard for each bell. */
export const handler = bellHandler((shard, deadline) => answerBell(access, shard, deadline), Date.now);
