import { documentClient } from '../dynamodb-client.ts';
import { parseEnvironment } from '../environment.ts';
import { htmlHandler } from '../http/html-handler.ts';
import { LedgerStore } from '../invoices/ledger-store.ts';
import { cachedSettings } from '../invoices/settings-cache.ts';
import { problemPage } from '../pages/message-pages.ts';
import { readFonts } from '../pages/pdf/font-files.ts';
import { showPdf } from '../pages/show-pdf.ts';
import { parseTicketKeys } from '../rep/signed-claims.ts';
import type { RouteKey } from '../routes.ts';
import { secretsManager, watchSecret } from '../secret-store.ts';
import { logger } from '../telemetry.ts';

const environment = parseEnvironment(process.env);
const store = new LedgerStore({ documents: documentClient(), tableName: environment.LEDGER_TABLE });
const frameAncestors = environment.FRAME_ANCESTORS.split(' ');
const fonts = readFonts(environment.PDF_FONT_FILES.split(',').filter((file) => file !== ''));
// A font that can't be read fails the request that needs it, not the process.
fonts.catch(() => undefined);

/** An invoice as PDF, for a rep's browser. */
export const handler = htmlHandler<RouteKey<'pdf'>>({
  logger,
  frameAncestors,
  problemPage: (problem, correlationId) => problemPage(problem, correlationId, environment.PUBLIC_BASE_URL),
  operations: {
    'GET /pages/invoices/{invoiceId}/pdf': showPdf({
      store,
      settings: cachedSettings((portalId) => store.settings(portalId)),
      ticketKeys: watchSecret(secretsManager(), environment.TICKET_KEY_SECRET_ID, parseTicketKeys),
      now: Date.now,
      fonts: () => fonts,
      frameAncestors,
      notice: (message, details) => logger.warn(message, details),
    }),
  },
});
