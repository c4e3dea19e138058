import type { PortalId } from '../../functions/invoices/identifiers.ts';
import type { PortalProperties } from '../../functions/sync/mapping/portal-properties.ts';
import type { DesiredContent, ProductContent } from '../../functions/sync/records/desired-content.ts';
import type { SyncRecord } from '../../functions/sync/records/sync-record.ts';
import type { SyncSettings } from '../../functions/sync/sync-settings.ts';

/** Epoch milliseconds. */
export const NOW = 1_000_000;
const NAMES = ['name', 'description', 'hs_sku', 'price', 'hs_price_usd', 'ledgerbridge_product_id'];
/** A portal with our unique property. */
export const UNIQUE: PortalProperties = { uniqueKey: 'ledgerbridge_product_id', names: new Set(NAMES) };
/** A portal without a property of ours. */
export const NO_KEY: PortalProperties = { names: new Set(NAMES.slice(0, -1)) };
export const SETTINGS: SyncSettings = {
  priceCurrency: 'EUR',
  onHubSpotDeletion: 'fail',
  onAdoptedDeletion: 'unlink',
  settleMs: 120_000,
  searchLagMs: 60_000,
  retryCapMs: 300_000,
  stoppedMs: 300_000,
};

export const product = (content: ProductContent): DesiredContent => ({ kind: 'product', content });

/** A product that has been taken in and not been written yet, with whatever else is given. */
export const record = (more: Partial<SyncRecord> = {}): SyncRecord => ({
  portalId: '4711' as PortalId,
  type: 'products',
  externalId: 'P-1',
  version: 3,
  desired: product({ name: 'Lamp' }),
  contentHash: 'x',
  revision: 2,
  updatedAt: '2026-11-22T08:00:00Z',
  sourceInstant: '2026-11-22T08:00:00.000000000Z',
  state: 'pending',
  since: NOW - 1_000,
  attempts: 0,
  unfinished: 0,
  dueAt: NOW,
  names: [],
  sentEmails: [],
  ...more,
});
