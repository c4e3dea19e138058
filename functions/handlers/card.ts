import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { CARD_UNAVAILABLE_METRIC, fetchCard } from '../card/fetch-card.ts';
import { documentClient } from '../dynamodb-client.ts';
import { parseEnvironment } from '../environment.ts';
import { httpHandler } from '../http/http-handler.ts';
import { type HubSpotCaller, hubspotSignature, parseClientSecrets } from '../http/hubspot-signature.ts';
import { LedgerStore } from '../invoices/ledger-store.ts';
import { cachedSettings } from '../invoices/settings-cache.ts';
import { parseTicketKeys } from '../rep/signed-claims.ts';
import type { RouteKey } from '../routes.ts';
import { secretsManager, watchSecret } from '../secret-store.ts';
import { logger, metrics } from '../telemetry.ts';

const environment = parseEnvironment(process.env);
const readSecret = secretsManager();
const clientSecrets = watchSecret(readSecret, environment.HUBSPOT_CLIENT_SECRET_ID, parseClientSecrets);
const ticketKeys = watchSecret(readSecret, environment.TICKET_KEY_SECRET_ID, parseTicketKeys);
// Both are read while the function starts, instead of one after the other in its first request; that one tells where it fails.
for (const secret of [clientSecrets, ticketKeys]) secret.value().catch(() => undefined);
const store = new LedgerStore({ documents: documentClient(), tableName: environment.LEDGER_TABLE });

/** The card's data, for HubSpot. */
export const handler = httpHandler<HubSpotCaller, RouteKey<'card'>>({
  logger,
  metrics,
  authenticate: hubspotSignature({
    secrets: clientSecrets,
    publicBaseUrl: environment.PUBLIC_BASE_URL,
    acceptV2: environment.HUBSPOT_SIGNATURE_V2 === 'on',
    metrics,
    now: Date.now,
  }),
  operations: {
    'GET /hubspot/card': fetchCard({
      store,
      settings: cachedSettings((portalId, abortSignal) => store.settings(portalId, abortSignal)),
      ticketKeys,
      publicBaseUrl: environment.PUBLIC_BASE_URL,
      now: Date.now,
      countUnavailable: () => metrics.addMetric(CARD_UNAVAILABLE_METRIC, MetricUnit.Count, 1),
      report: (message, error) => logger.error(message, { error }),
    }),
  },
});
