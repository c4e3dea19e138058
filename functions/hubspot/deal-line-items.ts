import { type ApiVersion, crmObjectsPath } from './api-paths.ts';
import type { CallFailure } from './call-failure.ts';
import { arrayIn, objectIn, textIn } from './json-value.ts';
import { type GatewayAccess, type HubSpotCall, sendCall } from './send-call.ts';

/** A line item of a deal, with its values as HubSpot has them: decimal texts, empty where there is none. */
export interface DealLineItem {
  name: string;
  quantity: string;
  /** Per unit. */
  price: string;
  /** Money off each unit. */
  unitDiscount: string;
  /** Percent off. */
  discountPercentage: string;
  /** HubSpot's id of the catalogue's product. */
  productId: string;
}

export type DealLineItems =
  | { kind: 'items'; items: DealLineItem[]; currency?: string }
  /** More than fit into one read, or some that HubSpot didn't give: a part of them would be taken for all. */
  | { kind: 'too-many' | 'incomplete'; reason: string }
  | CallFailure;

export interface LineItemsAccess extends GatewayAccess {
  apiVersion: ApiVersion;
}

/** A form waits for these: better without them than late. */
const TIMEOUT_MS = 2_500;
const BUDGET_WAIT_MS = 500;
/** HubSpot's batches end there. */
const MOST_ITEMS = 100;
const PROPERTIES = ['name', 'quantity', 'price', 'discount', 'hs_discount_percentage', 'hs_product_id'];

/** Reads a deal's line items from HubSpot, in two calls: the deal with its associations, then the items. */
export async function readDealLineItems(
  access: LineItemsAccess,
  portalId: string,
  dealId: string,
): Promise<DealLineItems> {
  const send = (call: HubSpotCall) =>
    sendCall(access, portalId, call, { timeoutMs: TIMEOUT_MS, budgetWaitMs: BUDGET_WAIT_MS });
  const query = 'properties=deal_currency_code&associations=line_items';
  const deal = await send({
    method: 'GET',
    path: `${crmObjectsPath(access.apiVersion, 'deals')}/${dealId}?${query}`,
    pool: 'calls',
  });
  if (deal.kind !== 'answer') return deal;
  const currency = textIn(objectIn(objectIn(deal.json)?.properties)?.deal_currency_code);
  const ids = lineItemIds(deal.json);
  if (ids.length > MOST_ITEMS) {
    return { kind: 'too-many', reason: `The deal has more than ${MOST_ITEMS} line items.` };
  }
  const found = currency === undefined ? {} : { currency };
  if (ids.length === 0) return { kind: 'items', items: [], ...found };
  const items = await send({
    method: 'POST',
    path: `${crmObjectsPath(access.apiVersion, 'line_items')}/batch/read`,
    body: { inputs: ids.map((id) => ({ id })), properties: PROPERTIES, propertiesWithHistory: [] },
    pool: 'calls',
  });
  if (items.kind !== 'answer') return items;
  const byId = new Map(
    arrayIn(objectIn(items.json)?.results).map((entry) => [String(objectIn(entry)?.id), entry]),
  );
  const read = ids.flatMap((id) => lineItem(byId.get(id)) ?? []);
  if (read.length < ids.length) return { kind: 'incomplete', reason: 'HubSpot did not give all of them.' };
  return { kind: 'items', items: read, ...found };
}

/** HubSpot names the association "line items"; a dash or an underscore is taken as well. */
function lineItemIds(deal: unknown): string[] {
  const associations = objectIn(objectIn(deal)?.associations) ?? {};
  const [, lineItems] = Object.entries(associations).find(([name]) => /^line[ _-]items$/.test(name)) ?? [];
  const results = arrayIn(objectIn(lineItems)?.results);
  return [...new Set(results.map((entry) => String(objectIn(entry)?.id ?? '')))].filter((id) =>
    /^\d+$/.test(id),
  );
}

function lineItem(entry: unknown): DealLineItem | undefined {
  const properties = objectIn(objectIn(entry)?.properties);
  if (!properties) return undefined;
  return {
    name: textIn(properties.name) ?? '',
    quantity: textIn(properties.quantity) ?? '',
    price: textIn(properties.price) ?? '',
    unitDiscount: textIn(properties.discount) ?? '',
    discountPercentage: textIn(properties.hs_discount_percentage) ?? '',
    productId: textIn(properties.hs_product_id) ?? '',
  };
}
