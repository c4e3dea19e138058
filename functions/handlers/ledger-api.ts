import { setTimeout as wait } from 'node:timers/promises';
import { documentClient } from '../dynamodb-client.ts';
import { parseEnvironment } from '../environment.ts';
import { type AccountingCaller, bearerToken, parseLedgerTokens } from '../http/bearer-token.ts';
import { httpHandler } from '../http/http-handler.ts';
import { Ledger } from '../invoices/ledger.ts';
import { LedgerStore } from '../invoices/ledger-store.ts';
import { cachedSettings } from '../invoices/settings-cache.ts';
import {
  deleteDeal,
  deleteInvoice,
  getInvoice,
  postPayment,
  putDeal,
  putExternalId,
  putInvoice,
} from '../ledger-api/change-invoice.ts';
import { findInvoices, listDealInvoices } from '../ledger-api/list-invoices.ts';
import { putInvoiceBatch } from '../ledger-api/put-invoice-batch.ts';
import { unknownPath } from '../ledger-api/unknown-path.ts';
import type { RouteKey } from '../routes.ts';
import { secretsManager, watchSecret } from '../secret-store.ts';
import { logger } from '../telemetry.ts';

const environment = parseEnvironment(process.env);
const store = new LedgerStore({ documents: documentClient(), tableName: environment.LEDGER_TABLE });
const settings = cachedSettings((portalId) => store.settings(portalId));
const access = {
  store,
  ledger: new Ledger(store, settings, { now: Date.now, wait, random: Math.random }),
  settings,
  now: Date.now,
};

/** Invoices, for the accounting system. */
export const handler = httpHandler<AccountingCaller, RouteKey<'ledger-api'>>({
  logger,
  authenticate: bearerToken(
    watchSecret(secretsManager(), environment.LEDGER_TOKENS_SECRET_ID, parseLedgerTokens),
  ),
  operations: {
    'PUT /v1/invoices/{invoiceId}': putInvoice(access),
    'GET /v1/invoices/{invoiceId}': getInvoice(access),
    'DELETE /v1/invoices/{invoiceId}': deleteInvoice(access),
    'POST /v1/invoices/{invoiceId}/payments': postPayment(access),
    'PUT /v1/invoices/{invoiceId}/deal': putDeal(access),
    'DELETE /v1/invoices/{invoiceId}/deal': deleteDeal(access),
    'PUT /v1/invoices/{invoiceId}/external-id': putExternalId(access),
    'GET /v1/invoices': findInvoices(access),
    'POST /v1/invoices/batch': putInvoiceBatch({
      ...access,
      report: (message, error) => logger.error(message, { error }),
    }),
    'GET /v1/deals/{dealId}/invoices': listDealInvoices(access),
    'ANY /v1/{proxy+}': unknownPath(environment.PUBLIC_BASE_URL),
  },
});
