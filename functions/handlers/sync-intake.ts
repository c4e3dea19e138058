import { setTimeout as wait } from 'node:timers/promises';
import { SQSClient } from '@aws-sdk/client-sqs';
import { documentClient } from '../dynamodb-client.ts';
import { parseEnvironment } from '../environment.ts';
import { type AccountingCaller, bearerToken, parseLedgerTokens } from '../http/bearer-token.ts';
import { httpHandler } from '../http/http-handler.ts';
import { secretsManager, watchSecret } from '../secret-store.ts';
import { bellRinger } from '../sync/bells.ts';
import { healthReader } from '../sync/operations/health.ts';
import { getFailures } from '../sync/operations/list-failures.ts';
import { getHealth, getRecord, postRecords, postReplay } from '../sync/operations/sync-operations.ts';
import { ReconcileStore } from '../sync/reconcile/reconcile-store.ts';
import { ControlStore } from '../sync/records/control-store.ts';
import { RecordStore } from '../sync/records/record-store.ts';
import { StateReader } from '../sync/records/state-reader.ts';
import { parseSyncEnvironment } from '../sync/sync-environment.ts';
import { logger } from '../telemetry.ts';

const environment = parseEnvironment(process.env);
const { SYNC_TABLE, SYNC_QUEUE_URL } = parseSyncEnvironment(process.env);
const table = { documents: documentClient(), tableName: SYNC_TABLE };
const control = new ControlStore(table);
const states = new StateReader(table);
const access = {
  store: new RecordStore({ ...table, now: Date.now, wait, random: Math.random }),
  control,
  states,
  runs: new ReconcileStore(table),
  health: healthReader({ states, control, now: Date.now }),
  ring: bellRinger({
    queue: new SQSClient({}),
    queueUrl: SYNC_QUEUE_URL,
    notice: (message, details) => logger.warn(message, details),
  }),
  now: Date.now,
};

/** Contacts and products, for the accounting system. */
export const handler = httpHandler<AccountingCaller, SyncRouteKey>({
  logger,
  authenticate: bearerToken(
    watchSecret(secretsManager(), environment.LEDGER_TOKENS_SECRET_ID, parseLedgerTokens),
  ),
  operations: {
    'POST /v1/contacts': postRecords(access, 'contacts'),
    'POST /v1/products': postRecords(access, 'products'),
    'GET /v1/contacts': getRecord(access, 'contacts'),
    'GET /v1/products': getRecord(access, 'products'),
    'GET /v1/contacts/{externalId}': getRecord(access, 'contacts'),
    'GET /v1/products/{externalId}': getRecord(access, 'products'),
    'GET /v1/sync/failures': getFailures(access),
    'POST /v1/sync/replay': postReplay(access),
    'GET /v1/sync/health': getHealth(access),
  },
});

type SyncRouteKey =
  | `${'POST' | 'GET'} /v1/${'contacts' | 'products'}`
  | `GET /v1/${'contacts' | 'products'}/{externalId}`
  | 'GET /v1/sync/failures'
  | 'POST /v1/sync/replay'
  | 'GET /v1/sync/health';
