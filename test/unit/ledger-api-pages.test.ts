import { expect, test } from '@jest/globals';
import { invoicePage } from '../../functions/ledger-api/invoice-page.ts';
import { dealId, invoice, invoiceId, portalId } from '../support/invoice-factory.ts';

const PORTAL = portalId('1');
const DEAL = dealId('5');

test('a page leaves out invoices that went elsewhere between their row and their own reading', async () => {
  const stays = invoice({ invoiceId: invoiceId('A-1'), dealId: DEAL });
  const moved = invoice({ invoiceId: invoiceId('A-2'), dealId: dealId('6') });
  const last = invoice({ invoiceId: invoiceId('A-3'), dealId: DEAL });
  const all = [stays, moved, last];
  const page = await invoicePage(
    { invoices: async (_portal, ids) => all.filter((one) => ids.includes(one.invoiceId)) },
    {
      portalId: PORTAL,
      entries: all.map((one) => ({ invoiceId: one.invoiceId, position: one.invoiceId })),
      limit: 2,
      today: '2026-11-22',
      belongs: (one) => one.dealId === DEAL,
    },
  );
  expect(page.invoices.map((one) => one.invoiceId)).toEqual(['A-1']);
  expect(page.nextCursor).toBeDefined();
});
