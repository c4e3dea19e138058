import type { HubSpotRecord, ObjectType } from '../../../functions/hubspot/hubspot-api.ts';
import { desiredEmail, normalizedEmail } from '../../../functions/sync/records/desired-content.ts';
import type { SyncRecord } from '../../../functions/sync/records/sync-record.ts';
import type { HubSpotEntry, OwnEntry } from './entries.ts';

/** The properties of HubSpot, beside ours, that tell which record one is. */
export const TELLING_PROPERTIES: Readonly<Record<ObjectType, readonly string[]>> = {
  products: ['hs_sku'],
  contacts: ['email', 'hs_additional_emails'],
};

/** What tells a HubSpot record: our property where it is filled, and only else its SKU or addresses. `keys` are our properties' names. */
export function hubSpotEntries(
  type: ObjectType,
  { id, properties, createdAt }: HubSpotRecord,
  keys: readonly string[],
): { by: 'key' | 'value'; entries: HubSpotEntry[] } {
  const entry = (value: string): HubSpotEntry => ({ value, hubspotId: id, createdAt });
  const key = keys.map((name) => properties[name] ?? '').find((value) => value !== '');
  if (key !== undefined) return { by: 'key', entries: [entry(key)] };
  const values = TELLING_PROPERTIES[type].flatMap((name) => valuesIn(type, properties[name] ?? ''));
  return { by: 'value', entries: [...new Set(values)].map(entry) };
}

/** A record of ours that HubSpot should have; undefined for one that was deleted. */
export function ownEntry(record: SyncRecord): OwnEntry | undefined {
  const { desired, externalId, hubspotId } = record;
  if (desired.kind === 'deleted') return undefined;
  const match =
    desired.kind === 'contact' ? desiredEmail(desired) : valuesIn('products', desired.content.sku ?? '')[0];
  return { value: externalId, externalId, hubspotId, match };
}

/** A SKU counts as it is written but for blanks around it; of addresses there may be several, separated by semicolons. */
function valuesIn(type: ObjectType, text: string): string[] {
  const values = type === 'contacts' ? text.split(';').map(normalizedEmail) : [text.trim()];
  return values.filter((value) => value !== '');
}
