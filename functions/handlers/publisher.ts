import { setTimeout as wait } from 'node:timers/promises';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { documentClient } from '../dynamodb-client.ts';
import { parseEnvironment } from '../environment.ts';
import { eventBridgeBus } from '../feed/event-bus.ts';
import { publisher } from '../feed/publisher.ts';
import { LedgerStore } from '../invoices/ledger-store.ts';
import { cachedSettings } from '../invoices/settings-cache.ts';
import { logger } from '../telemetry.ts';

const environment = parseEnvironment(process.env);
const store = new LedgerStore({ documents: documentClient(), tableName: environment.LEDGER_TABLE });

/** Puts the ledger's new events on the EventBridge bus, from the table's stream. */
export const handler = publisher({
  putOnBus: eventBridgeBus(
    new EventBridgeClient({
      maxAttempts: 2,
      requestHandler: { connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
    }),
    wait,
  ),
  busName: environment.EVENT_BUS_NAME,
  settings: cachedSettings((portalId) => store.settings(portalId)),
  report: (message, details) => logger.error(message, details),
});
