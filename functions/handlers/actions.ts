import { setTimeout as wait } from 'node:timers/promises';
import { actionOperations } from '../actions/action-operations.ts';
import { messageAnswers } from '../actions/message-answers.ts';
import { documentClient } from '../dynamodb-client.ts';
import { parseEnvironment } from '../environment.ts';
import { httpHandler } from '../http/http-handler.ts';
import { type HubSpotCaller, hubspotSignature, parseClientSecrets } from '../http/hubspot-signature.ts';
import { Ledger } from '../invoices/ledger.ts';
import { LedgerStore } from '../invoices/ledger-store.ts';
import { cachedSettings } from '../invoices/settings-cache.ts';
import { newId } from '../rep/new-id.ts';
import { parseTicketKeys } from '../rep/signed-claims.ts';
import type { RouteKey } from '../routes.ts';
import { secretsManager, watchSecret } from '../secret-store.ts';
import { logger, metrics } from '../telemetry.ts';

const environment = parseEnvironment(process.env);
const readSecret = secretsManager();
const store = new LedgerStore({ documents: documentClient(), tableName: environment.LEDGER_TABLE });
const settings = cachedSettings((portalId) => store.settings(portalId));
const access = {
  store,
  ledger: new Ledger(store, settings, { now: Date.now, wait, random: Math.random }),
  settings,
  ticketKeys: watchSecret(readSecret, environment.TICKET_KEY_SECRET_ID, parseTicketKeys),
  publicBaseUrl: environment.PUBLIC_BASE_URL,
  now: Date.now,
  newId: () => newId(),
  report: (message: string, error: unknown): void => logger.warn(message, { error }),
};

/** What reps do with invoices, for HubSpot: the card's action hooks, and the full card view. */
export const handler = messageAnswers(
  httpHandler<HubSpotCaller, RouteKey<'actions'>>({
    logger,
    metrics,
    authenticate: hubspotSignature({
      secrets: watchSecret(readSecret, environment.HUBSPOT_CLIENT_SECRET_ID, parseClientSecrets),
      publicBaseUrl: environment.PUBLIC_BASE_URL,
      acceptV2: environment.HUBSPOT_SIGNATURE_V2 === 'on',
      metrics,
      now: Date.now,
    }),
    operations: actionOperations(access),
  }),
);
