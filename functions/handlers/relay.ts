import { setTimeout as wait } from 'node:timers/promises';
import { documentClient } from '../dynamodb-client.ts';
import { parseEnvironment } from '../environment.ts';
import { FeedStore } from '../feed/feed-store.ts';
import { relay } from '../feed/relay.ts';
import { LedgerStore } from '../invoices/ledger-store.ts';
import { cachedSettings } from '../invoices/settings-cache.ts';
import { logger } from '../telemetry.ts';

const table = { documents: documentClient(), tableName: parseEnvironment(process.env).LEDGER_TABLE };
const store = new LedgerStore(table);

/** Numbers the ledger's new events for the change feed, from the table's stream. */
export const handler = relay({
  feed: new FeedStore(table),
  settings: cachedSettings((portalId) => store.settings(portalId)),
  wait,
  report: (message, error) => logger.error(message, { error }),
});
