import type { DealId, PortalId } from '../invoices/identifiers.ts';
import type { LineFields } from './invoice-fields.ts';

/** A product of the accounting system that is known to HubSpot. */
export interface Product {
  externalId: string;
  name: string;
  /** What tells it from others of its name, such as its SKU and price. */
  detail: string;
  /** A decimal text, in `currency`. */
  unitPrice?: string | undefined;
  currency?: string | undefined;
}

/** What a look for products came to. The notice is for the rep. */
export type ProductSearch = { kind: 'found'; products: Product[] } | { kind: 'unavailable'; notice: string };

/** Finds synced products by a part of their name or SKU, the best first, a dozen at most. */
export type FindProducts = (portalId: PortalId, text: string) => Promise<ProductSearch>;

/** A deal's own line items as lines of a form, or why they can't be had. The notice is for the rep. */
export type DealLines =
  | { kind: 'lines'; lines: LineFields[]; currency?: string | undefined }
  | { kind: 'unavailable'; notice: string };

/** Fetches the line items that a deal has in HubSpot. Answers in time or not at all; never throws. */
export type DealLineItems = (portalId: PortalId, dealId: DealId) => Promise<DealLines>;

/** Whether there is a token to call HubSpot with for this portal. */
export type HasHubSpotToken = (portalId: PortalId) => Promise<boolean>;

/** What the pages get from elsewhere than the ledger. */
export interface PagePorts {
  findProducts: FindProducts;
  dealLineItems: DealLineItems;
  hasHubSpotToken: HasHubSpotToken;
}

/** Where no HubSpot access token is configured: the pages work, and say what they can't do. */
export const WITHOUT_HUBSPOT: PagePorts = {
  findProducts: async () => ({
    kind: 'unavailable',
    notice: 'Products can’t be searched yet: none have been synced to HubSpot. Describe the line by hand.',
  }),
  dealLineItems: async () => ({
    kind: 'unavailable',
    notice:
      'The deal’s line items could not be filled in: no HubSpot access token is configured. Enter the lines by hand.',
  }),
  hasHubSpotToken: async () => false,
};
