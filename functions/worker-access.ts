import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { SQSClient } from '@aws-sdk/client-sqs';
import { documentClient } from './dynamodb-client.ts';
import { hubSpotGateway } from './hubspot/hubspot-gateway.ts';
import { hubspotAccess } from './hubspot-access.ts';
import type { PortalId } from './invoices/identifiers.ts';
import { LedgerStore } from './invoices/ledger-store.ts';
import { cachedSettings } from './invoices/settings-cache.ts';
import { bellRinger } from './sync/bells.ts';
import { PropertiesSource } from './sync/mapping/properties-source.ts';
import { ControlStore } from './sync/records/control-store.ts';
import { RecordStore } from './sync/records/record-store.ts';
import { parseWorkerEnvironment, syncSettings } from './sync/sync-environment.ts';
import { logger } from './telemetry.ts';

const warn = (message: string, details: Record<string, unknown>): void => logger.warn(message, details);

/** What the functions that hold HubSpot to the desired state work with, as their environment says. */
export function workerAccess(variables: Record<string, string | undefined>) {
  const environment = parseWorkerEnvironment(variables);
  const documents = documentClient();
  const table = { documents, tableName: environment.SYNC_TABLE };
  const clock = { now: Date.now, wait, random: Math.random };
  const control = new ControlStore(table);
  const ledger = new LedgerStore({ documents, tableName: environment.LEDGER_TABLE });
  const settings = cachedSettings((portalId) => ledger.settings(portalId));
  const api = hubSpotGateway(
    hubspotAccess(variables, { ...table, tokensSecretId: environment.HUBSPOT_ACCESS_TOKENS_SECRET_ID }),
  );
  return {
    ...clock,
    environment,
    table,
    store: new RecordStore({ ...table, ...clock }),
    control,
    api,
    properties: new PropertiesSource({ control, api, now: Date.now, wait, notice: warn }),
    settings: syncSettings(environment),
    timeZone: async (portalId: PortalId) => (await settings(portalId)).timeZone,
    ring: bellRinger({
      queue: new SQSClient({}),
      queueUrl: environment.SYNC_QUEUE_URL,
      notice: warn,
    }),
    newId: randomUUID,
    notice: (message: string, details: Record<string, unknown>) => logger.info(message, details),
  };
}
