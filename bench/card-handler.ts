import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { fetchCard } from '../functions/card/fetch-card.ts';
import { httpHandler } from '../functions/http/http-handler.ts';
import { type HubSpotCaller, hubspotSignature } from '../functions/http/hubspot-signature.ts';
import { signV3 } from '../functions/hubspot/request-signature.ts';
import { DEFAULT_SETTINGS } from '../functions/invoices/portal-settings.ts';
import { gatewayEvent, lambdaContext } from '../local/gateway/gateway-event.ts';
import { matchRoute } from '../local/gateway/match-route.ts';
import { atMost, type Figure } from './figure.ts';
import { LARGE_DEAL, type LedgerFixture, PORTAL } from './ledger-fixture.ts';
import { quantile } from './statistics.ts';

const REQUESTS = 3_000;
const WARM_UP = 500;
const SECRET = 'bench-client-secret';
const TICKET_KEY = 'bench-ticket-key-of-at-least-32-characters';
const PUBLIC_BASE_URL = 'https://ledgerbridge.example.com';

/** What the card's handler itself takes for a request, signature check and JSON included, without the database call. */
export async function cardHandler({ store }: LedgerFixture): Promise<Figure[]> {
  let inDatabase = 0;
  const logger = new Logger({ logLevel: 'SILENT' });
  const metrics = new Metrics({ namespace: 'Bench', serviceName: 'bench' });
  const handler = httpHandler<HubSpotCaller, 'GET /hubspot/card'>({
    logger,
    metrics,
    authenticate: hubspotSignature({
      secrets: { value: async () => [SECRET], fresh: async () => undefined },
      publicBaseUrl: PUBLIC_BASE_URL,
      acceptV2: true,
      metrics,
      now: Date.now,
    }),
    operations: {
      'GET /hubspot/card': fetchCard({
        store: {
          dealTop: async (...query) => {
            const startedAt = performance.now();
            const answer = await store.dealTop(...query);
            inDatabase += performance.now() - startedAt;
            return answer;
          },
        },
        settings: async () => DEFAULT_SETTINGS,
        ticketKeys: { value: async () => [TICKET_KEY], fresh: async () => undefined },
        publicBaseUrl: PUBLIC_BASE_URL,
        now: Date.now,
        countUnavailable: () => undefined,
        report: (message, error) => console.error(message, error),
      }),
    },
  });
  const own: number[] = [];
  for (let request = -WARM_UP; request < REQUESTS; request++) {
    const event = signedCardEvent();
    inDatabase = 0;
    const startedAt = performance.now();
    const { statusCode } = await handler(event, lambdaContext('card', 30_000, Date.now));
    const taken = performance.now() - startedAt - inDatabase;
    if (statusCode !== 200) throw new Error(`The card answered ${statusCode}.`);
    if (request >= 0) own.push(taken);
  }
  return [
    atMost('card handler’s own time, p50', quantile(own, 0.5), 1, ' ms', 3),
    atMost('card handler’s own time, p99', quantile(own, 0.99), 5, ' ms', 3),
  ];
}

/** A card's data fetch as HubSpot sends it, signed now. */
function signedCardEvent() {
  const target = `/hubspot/card?userId=1&userEmail=rep@example.com&associatedObjectId=${LARGE_DEAL}&associatedObjectType=DEAL&portalId=${PORTAL}`;
  const timestamp = String(Date.now());
  const body = Buffer.alloc(0);
  const signature = signV3({ method: 'GET', uri: `${PUBLIC_BASE_URL}${target}`, body }, timestamp, SECRET);
  const headers = { 'x-hubspot-signature-v3': signature, 'x-hubspot-request-timestamp': timestamp };
  const match = matchRoute('GET', '/hubspot/card');
  if (!match) throw new Error('There is no route for the card.');
  return gatewayEvent({ method: 'GET', target, headers, body }, '/hubspot/card', match, Date.now());
}
