import type { AccessTokenSource } from '../hubspot/access-tokens.ts';
import { type LineItemsAccess, readDealLineItems } from '../hubspot/deal-line-items.ts';
import type { DealId, PortalId } from '../invoices/identifiers.ts';
import type { CatalogProduct, FindProducts as FindInCatalog } from '../sync/operations/product-catalog.ts';
import { dealLines } from './deal-lines.ts';
import { type PagePorts, type Product, WITHOUT_HUBSPOT } from './ports.ts';

export interface HubSpotPortsAccess {
  lineItems: LineItemsAccess;
  accessToken: AccessTokenSource;
  findProducts: FindInCatalog;
  /** The external ids of HubSpot's products, by HubSpot's id. */
  externalIds: (portalId: PortalId, productIds: string[]) => Promise<ReadonlyMap<string, string>>;
  /** Told about what could not be had; the page goes on without it. */
  report: (message: string, reason: unknown) => void;
}

const MOST_FOUND = 12;
const NOT_READ = 'A deal’s line items could not be read';

/** What the pages get from HubSpot and from the sync: synced products, and the lines of the deal. */
export function hubspotPorts(access: HubSpotPortsAccess): PagePorts {
  const hasHubSpotToken = async (portalId: PortalId): Promise<boolean> =>
    (await access.accessToken(portalId).catch(() => undefined)) !== undefined;
  return {
    hasHubSpotToken,
    findProducts: async (portalId, text) => {
      try {
        const products = await access.findProducts(portalId, text, MOST_FOUND);
        return { kind: 'found', products: products.map(product) };
      } catch (error) {
        access.report('Products could not be searched', error);
        return {
          kind: 'unavailable',
          notice: 'Products can’t be searched right now. Describe the line by hand.',
        };
      }
    },
    dealLineItems: async (portalId: PortalId, dealId: DealId) => {
      if (!(await hasHubSpotToken(portalId))) return WITHOUT_HUBSPOT.dealLineItems(portalId, dealId);
      try {
        const read = await readDealLineItems(access.lineItems, portalId, dealId);
        if (read.kind !== 'items') access.report(NOT_READ, read);
        const ids =
          read.kind === 'items' ? read.items.map(({ productId }) => productId).filter((id) => id !== '') : [];
        return dealLines(read, ids.length > 0 ? await access.externalIds(portalId, ids) : new Map());
      } catch (error) {
        access.report(NOT_READ, error);
        const notice = 'The deal’s line items could not be filled in. Enter the lines by hand.';
        return { kind: 'unavailable', notice };
      }
    },
  };
}

const product = ({ externalId, name, sku, price, currency }: CatalogProduct): Product => ({
  externalId,
  name,
  detail: [sku ?? externalId, price === undefined ? undefined : `${price} ${currency}`]
    .filter((part) => part !== undefined)
    .join(' · '),
  unitPrice: price,
  currency,
});
