import type { PageOperation } from '../http/html-handler.ts';
import type { RouteKey } from '../routes.ts';
import { pageAsset } from './assets/asset.ts';
import { renewFormToken, searchProducts } from './form-services.ts';
import { healthPage } from './health-page.ts';
import { editInvoicePage, newInvoicePage } from './invoice-form-pages.ts';
import { listPage, submitListAction } from './list-page.ts';
import type { PagesAccess } from './page-access.ts';
import { paymentPage, submitPayment } from './payment-pages.ts';
import { submitInvoice } from './submit-invoice.ts';

/** What answers each of the pages' routes. */
export const pageOperations = (access: PagesAccess): Record<RouteKey<'pages'>, PageOperation> => ({
  'GET /pages/invoices/new': newInvoicePage(access),
  'POST /pages/invoices/new': submitInvoice(access),
  'GET /pages/invoices/{invoiceId}/edit': editInvoicePage(access),
  'POST /pages/invoices/{invoiceId}/edit': submitInvoice(access),
  'GET /pages/invoices/{invoiceId}/payment': paymentPage(access),
  'POST /pages/invoices/{invoiceId}/payment': submitPayment(access),
  'GET /pages/deals/{dealId}/invoices': listPage(access),
  'POST /pages/deals/{dealId}/invoices': submitListAction(access),
  'GET /pages/health': healthPage(access),
  'POST /pages/form-token': renewFormToken(access),
  'GET /pages/products': searchProducts(access),
  'GET /pages/assets/{asset}': pageAsset,
});
