/** When the accounting system of the samples last changed its catalogue: long ago, so that whatever is sent later is newer. */
const UPDATED_AT = '2026-01-05T08:00:00Z';

/** The accounting system's products, for the sync to bring to HubSpot and for a form to pick from. */
export const SAMPLE_CATALOG = [
  { externalId: 'DESK-160', name: 'Oak desk, 160 cm', sku: 'DESK-160', price: '640.00' },
  { externalId: 'CHAIR-W', name: 'Walnut chair', sku: 'CHAIR-W', price: '189.50' },
  { externalId: 'LAMP-BR', name: 'Brass desk lamp', sku: 'LAMP-BR', price: '74.90' },
  { externalId: 'INSTALL', name: 'Delivery and installation', sku: 'INSTALL', price: '120.00' },
].map((product) => ({ ...product, currency: 'EUR', updatedAt: UPDATED_AT }));
