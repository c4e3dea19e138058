import { documentClient } from '../dynamodb-client.ts';
import { parseEnvironment } from '../environment.ts';
import { listEvents } from '../feed/event-feed.ts';
import { FeedStore } from '../feed/feed-store.ts';
import { type AccountingCaller, bearerToken, parseLedgerTokens } from '../http/bearer-token.ts';
import { httpHandler } from '../http/http-handler.ts';
import { LedgerStore } from '../invoices/ledger-store.ts';
import { cachedSettings } from '../invoices/settings-cache.ts';
import type { RouteKey } from '../routes.ts';
import { secretsManager, watchSecret } from '../secret-store.ts';
import { logger } from '../telemetry.ts';

const environment = parseEnvironment(process.env);
const table = { documents: documentClient(), tableName: environment.LEDGER_TABLE };
const store = new LedgerStore(table);

/** The change feed, for the accounting system. */
export const handler = httpHandler<AccountingCaller, RouteKey<'event-feed'>>({
  logger,
  authenticate: bearerToken(
    watchSecret(secretsManager(), environment.LEDGER_TOKENS_SECRET_ID, parseLedgerTokens),
  ),
  operations: {
    'GET /v1/events': listEvents({
      feed: new FeedStore(table),
      settings: cachedSettings((portalId) => store.settings(portalId)),
      now: Date.now,
    }),
  },
});
