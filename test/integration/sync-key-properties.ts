import type { HubSpotApi, ObjectType } from '../../functions/hubspot/hubspot-api.ts';
import { KEY_PROPERTIES, keyPropertyIn, uniqueNameBeside } from '../../functions/hubspot/key-property.ts';
import type { PortalId } from '../../functions/invoices/identifiers.ts';
import type { HubSpotImitation } from '../../local/hubspot/imitation.ts';
import type { CustomProperties } from '../../local/hubspot/portal-settings.ts';

/** What a portal can have of properties of ours. */
export const MODES = ['unique', 'ordinary', 'refused'] as const satisfies readonly CustomProperties[];

/**
 * Gives a type of a portal the properties of ours that it is to have from now on, as the setup tool or a person would: a unique one (beside
 * an ordinary one under the second name), only an ordinary one, or none.
 */
export async function changeKeyProperties(
  hubspot: HubSpotImitation,
  api: Pick<HubSpotApi, 'listProperties' | 'createProperty'>,
  { portalId, type }: { portalId: PortalId; type: ObjectType },
  mode: CustomProperties,
): Promise<void> {
  hubspot.configure({ customProperties: mode }, portalId);
  const found = await api.listProperties(type);
  if (found.kind !== 'properties') throw new Error(found.reason);
  const { unique, ordinary } = keyPropertyIn(type, found.properties);
  if (mode !== 'unique' && unique !== undefined) hubspot.removeProperty(portalId, type, unique);
  if (mode === 'refused' && ordinary !== undefined) hubspot.removeProperty(portalId, type, ordinary);
  const isThere = mode === 'unique' ? unique : ordinary;
  if (mode === 'refused' || isThere !== undefined) return;
  const name = KEY_PROPERTIES[type];
  const created = await api.createProperty(type, {
    name: mode === 'unique' && ordinary !== undefined ? uniqueNameBeside(name) : name,
    label: name,
    groupName: type === 'contacts' ? 'contactinformation' : 'productinformation',
    type: 'string',
    fieldType: 'text',
    hasUniqueValue: true,
  });
  if (created.kind !== 'property') throw new Error(created.reason);
}
