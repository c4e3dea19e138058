import type { HubSpotImitation } from '../hubspot/imitation.ts';
import { SAMPLE_DEAL_LIST, SAMPLE_DEALS } from './sample-deals.ts';

/** What a rep has put on the deals that have not been invoiced in full: with a discount off each unit, in percent, and with none. */
const LINE_ITEMS: Readonly<Record<string, readonly Readonly<Record<string, string>>[]>> = {
  [SAMPLE_DEALS.none]: [
    { name: 'Oak desk, 160 cm', quantity: '1', price: '640.00' },
    { name: 'Walnut chair', quantity: '2', price: '189.50', hs_discount_percentage: '10' },
  ],
  [SAMPLE_DEALS.two]: [
    { name: 'Walnut chair', quantity: '12', price: '189.50', discount: '9.50' },
    { name: 'Delivery and installation', quantity: '1', price: '120.00' },
  ],
};

/** Puts the sample deals into a portal of the imitation that has none yet, some with line items. Answers whether it was new. */
export function seedSampleDeals(hubspot: HubSpotImitation, portalId: string): boolean {
  const { live, archived } = hubspot.counts(portalId, 'deals');
  if (live + archived > 0) return false;
  for (const { dealId, name } of [...SAMPLE_DEAL_LIST].sort((a, b) => (a.dealId < b.dealId ? -1 : 1))) {
    hubspot.seed(portalId, 'deals', { dealname: name, deal_currency_code: 'EUR' }, { id: dealId });
    for (const item of LINE_ITEMS[dealId] ?? []) hubspot.seed(portalId, 'line_items', item, { dealId });
  }
  return true;
}
