import { setTimeout as wait } from 'node:timers/promises';
import { documentClient } from '../dynamodb-client.ts';
import { parseEnvironment } from '../environment.ts';
import { FeedStore } from '../feed/feed-store.ts';
import { htmlHandler } from '../http/html-handler.ts';
import { hubspotAccess } from '../hubspot-access.ts';
import { Ledger } from '../invoices/ledger.ts';
import { LedgerStore } from '../invoices/ledger-store.ts';
import { cachedSettings } from '../invoices/settings-cache.ts';
import { hubspotPorts } from '../pages/hubspot-ports.ts';
import { problemPage } from '../pages/message-pages.ts';
import type { PagesAccess } from '../pages/page-access.ts';
import { pageOperations } from '../pages/page-operations.ts';
import { syncStanding } from '../pages/sync-standing.ts';
import { newId } from '../rep/new-id.ts';
import { parseTicketKeys } from '../rep/signed-claims.ts';
import type { RouteKey } from '../routes.ts';
import { secretsManager, watchSecret } from '../secret-store.ts';
import { healthReader } from '../sync/operations/health.ts';
import { productCatalog } from '../sync/operations/product-catalog.ts';
import { ControlStore } from '../sync/records/control-store.ts';
import { RecordStore } from '../sync/records/record-store.ts';
import { StateReader } from '../sync/records/state-reader.ts';
import { parseWorkerEnvironment } from '../sync/sync-environment.ts';
import { logger } from '../telemetry.ts';

const environment = parseEnvironment(process.env);
const storage = { documents: documentClient(), tableName: environment.LEDGER_TABLE };
const store = new LedgerStore(storage);
const settings = cachedSettings((portalId) => store.settings(portalId));
const sync = parseWorkerEnvironment(process.env);
const syncStorage = { documents: storage.documents, tableName: sync.SYNC_TABLE };
const records = new RecordStore({ ...syncStorage, now: Date.now, wait, random: Math.random });
const lineItems = hubspotAccess(process.env, {
  ...syncStorage,
  tokensSecretId: sync.HUBSPOT_ACCESS_TOKENS_SECRET_ID,
});
const report = (message: string, error: unknown): void => logger.warn(message, { error });
const syncHealth = healthReader({
  states: new StateReader(syncStorage),
  control: new ControlStore(syncStorage),
  now: Date.now,
});
const access: PagesAccess = {
  ledger: new Ledger(store, settings, { now: Date.now, wait, random: Math.random }),
  store,
  feed: new FeedStore(storage),
  settings,
  now: Date.now,
  newId,
  report,
  ticketKeys: watchSecret(secretsManager(), environment.TICKET_KEY_SECRET_ID, parseTicketKeys),
  publicBaseUrl: environment.PUBLIC_BASE_URL,
  ports: hubspotPorts({
    accessToken: lineItems.accessToken,
    lineItems,
    findProducts: productCatalog(records),
    externalIds: (portalId, ids) => records.holders({ portalId, type: 'products' }, ids),
    report,
  }),
  syncStanding: syncStanding(syncHealth, report),
};

/** The pages that a rep's browser opens in a frame, each let in by its ticket. */
export const handler = htmlHandler<RouteKey<'pages'>>({
  logger,
  frameAncestors: environment.FRAME_ANCESTORS.split(' '),
  problemPage: (problem, correlationId) => problemPage(problem, correlationId, environment.PUBLIC_BASE_URL),
  operations: pageOperations(access),
});
