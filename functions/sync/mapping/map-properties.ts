import type { PropertyValues } from '../../hubspot/hubspot-api.ts';
import { type ContactContent, fingerprint, type ProductContent } from '../records/desired-content.ts';
import type { SyncRecord } from '../records/sync-record.ts';
import { ownReason, type SyncReason } from '../sync-reasons.ts';
import type { SyncSettings } from '../sync-settings.ts';
import { keysIn, type PortalProperties } from './portal-properties.ts';

/** A record's content as HubSpot properties. `hash` covers the content, the mapping and the settings at once. */
export type Mapping =
  | { kind: 'mapped'; values: PropertyValues; hash: string }
  | { kind: 'unmappable'; reason: SyncReason };

export interface MappingContext {
  properties: PortalProperties;
  settings: Pick<SyncSettings, 'priceCurrency'>;
}

/** Which HubSpot property each of our fields goes to. A price has a rule of its own: {@link pricePropertyOf}. */
const CONTACT_FIELDS = {
  email: 'email',
  firstName: 'firstname',
  lastName: 'lastname',
  company: 'company',
  phone: 'phone',
} as const satisfies Partial<Record<keyof ContactContent, string>>;

const PRODUCT_FIELDS = {
  name: 'name',
  sku: 'hs_sku',
  description: 'description',
} as const satisfies Partial<Record<keyof ProductContent, string>>;

const PRICE = 'price';
const PRICE_IN_CURRENCY = 'hs_price_';

/** HubSpot moves a contact's stage only forward and people work by it: a routine sync keeps its hands off. */
const NEVER_WRITTEN: ReadonlyMap<string, string> = new Map([
  ['hs_object_id', 'HubSpot alone sets it'],
  ['lifecyclestage', 'the sync leaves it to the people who work by it'],
]);

/**
 * Why `properties` may not name this property: a field of ours goes there, or the sync must not touch it. Our own are refused too.
 * Undefined where it may.
 */
export function reservedBecause(type: SyncRecord['type'], name: string): string | undefined {
  const never = NEVER_WRITTEN.get(name);
  if (never !== undefined) return never;
  if (name.startsWith('ledgerbridge_')) return 'the sync writes it itself';
  const mapped = Object.entries(type === 'contacts' ? CONTACT_FIELDS : PRODUCT_FIELDS);
  const [field] = mapped.find(([, property]) => property === name) ?? [];
  if (field !== undefined) return `the field ${field} is for it`;
  const isPrice = type === 'products' && (name === PRICE || name.startsWith(PRICE_IN_CURRENCY));
  return isPrice ? 'the fields price and currency are for it' : undefined;
}

/** Maps what a record should be (not a deletion) to the values HubSpot should have. */
export function mapProperties(record: SyncRecord, { properties, settings }: MappingContext): Mapping {
  const { desired } = record;
  const keys = Object.fromEntries(keysIn(properties).map((name) => [name, record.externalId]));
  switch (desired.kind) {
    case 'deleted':
      return mapped({});
    case 'contact':
      return mapped({ ...fields(desired.content, CONTACT_FIELDS), ...desired.content.properties, ...keys });
    case 'product': {
      const { content } = desired;
      const values = { ...fields(content, PRODUCT_FIELDS), ...content.properties, ...keys };
      if (content.price === undefined) return mapped(values);
      const priceProperty = pricePropertyOf(content.currency, settings.priceCurrency);
      if (!properties.names.has(priceProperty)) return { kind: 'unmappable', reason: noSuchPrice(content) };
      return mapped({ ...values, [priceProperty]: content.price });
    }
  }
}

const mapped = (values: PropertyValues): Mapping => ({ kind: 'mapped', values, hash: fingerprint(values) });

function fields<Content extends object>(
  content: Content,
  names: Partial<Record<keyof Content, string>>,
): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [field, name] of Object.entries(names) as [keyof Content, string][]) {
    const value = content[field];
    if (typeof value === 'string') values[name] = value;
  }
  return values;
}

/** HubSpot has `price` in the portal's own currency, and one property for each further currency that is enabled. */
const pricePropertyOf = (currency: string | undefined, priceCurrency: string | undefined): string =>
  priceCurrency === undefined || currency === priceCurrency
    ? PRICE
    : `${PRICE_IN_CURRENCY}${(currency ?? '').toLowerCase()}`;

const noSuchPrice = ({ currency }: ProductContent): SyncReason =>
  ownReason(
    'currency-unavailable',
    `The price is in ${currency}, and HubSpot has no property ${pricePropertyOf(currency, '')} for it.`,
  );

/** What a write sends: the values, and an empty text for each name we sent before that has no value now (unless the portal no longer has it). */
export function withClears(
  values: PropertyValues,
  sentBefore: readonly string[],
  properties: PortalProperties,
): PropertyValues {
  const cleared = sentBefore.filter(
    (name) => !(name in values) && (properties.isAssumed || properties.names.has(name)),
  );
  return { ...values, ...Object.fromEntries(cleared.map((name) => [name, ''])) };
}

/** The names that have a value in what is sent: what HubSpot holds of ours once the write is confirmed. */
export const namesWithValue = (values: PropertyValues): string[] =>
  Object.keys(values).filter((name) => values[name] !== '');
