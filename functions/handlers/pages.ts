import { setTimeout as wait } from 'node:timers/promises';
import { documentClient } from '../dynamodb-client.ts';
import { parseEnvironment } from '../environment.ts';
import { FeedStore } from '../feed/feed-store.ts';
import { htmlHandler } from '../http/html-handler.ts';
import { Ledger } from '../invoices/ledger.ts';
import { LedgerStore } from '../invoices/ledger-store.ts';
import { cachedSettings } from '../invoices/settings-cache.ts';
import { problemPage } from '../pages/message-pages.ts';
import type { PagesAccess } from '../pages/page-access.ts';
import { pageOperations } from '../pages/page-operations.ts';
import { WITHOUT_HUBSPOT } from '../pages/ports.ts';
import { newId } from '../rep/new-id.ts';
import { parseTicketKeys } from '../rep/signed-claims.ts';
import type { RouteKey } from '../routes.ts';
import { secretsManager, watchSecret } from '../secret-store.ts';
import { logger } from '../telemetry.ts';

const environment = parseEnvironment(process.env);
const storage = { documents: documentClient(), tableName: environment.LEDGER_TABLE };
const store = new LedgerStore(storage);
const settings = cachedSettings((portalId) => store.settings(portalId));
const access: PagesAccess = {
  ledger: new Ledger(store, settings, { now: Date.now, wait, random: Math.random }),
  store,
  feed: new FeedStore(storage),
  settings,
  now: Date.now,
  newId,
  ticketKeys: watchSecret(secretsManager(), environment.TICKET_KEY_SECRET_ID, parseTicketKeys),
  publicBaseUrl: environment.PUBLIC_BASE_URL,
  ports: WITHOUT_HUBSPOT,
};

/** The pages that a rep's browser opens in a frame, each let in by its ticket. */
export const handler = htmlHandler<RouteKey<'pages'>>({
  logger,
  frameAncestors: environment.FRAME_ANCESTORS.split(' '),
  problemPage: (problem, correlationId) => problemPage(problem, correlationId, environment.PUBLIC_BASE_URL),
  operations: pageOperations(access),
});
