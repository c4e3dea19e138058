import type { HubSpotApi } from '../functions/hubspot/hubspot-api.ts';
import { KEY_PROPERTIES } from '../functions/hubspot/key-property.ts';

/** The most records in one call of `POST /v1/products`. */
const MOST_RECORDS_A_CALL = 1_000;

/** Products of a typical size, as the accounting system sends them: in calls of up to a thousand. */
export function* productCalls(count: number): Generator<unknown[]> {
  for (let first = 0; first < count; first += MOST_RECORDS_A_CALL) {
    const size = Math.min(MOST_RECORDS_A_CALL, count - first);
    yield Array.from({ length: size }, (_, index) => product(first + index + 1));
  }
}

/** One of them. */
export const product = (number: number) => ({
  externalId: `A/${number}`,
  updatedAt: '2026-11-02T08:00:00Z',
  name: `Euro pallet, heat-treated, lot ${number}`,
  sku: `PAL-${number}`,
  price: '138.50',
  currency: 'EUR',
  description: 'Four-way pallet 1200 × 800 mm, dried and heat-treated, stackable to 1,500 kg.',
});

/** Gives the portal the unique property by which products are upserted, as the set-up tool does. Throws where HubSpot refuses. */
export async function createProductKey(api: HubSpotApi): Promise<void> {
  const name = KEY_PROPERTIES.products;
  const created = await api.createProperty('products', {
    name,
    label: name,
    groupName: 'productinformation',
    type: 'string',
    fieldType: 'text',
    hasUniqueValue: true,
  });
  if (created.kind !== 'property') throw new Error(`The key property was not created: ${created.reason}`);
}
