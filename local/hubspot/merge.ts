import type { ApiCall } from './api-call.ts';
import { type CrmRecord, emailsOf, viewOf } from './crm-record.ts';
import { type HubSpotResponse, jsonResponse } from './http-message.ts';
import { validationError } from './hubspot-error.ts';
import { jsonBody, objectOf, stringOf } from './json-shape.ts';
import { findRecord } from './record-writes.ts';

/**
 * Merges two contacts into a record with a new id, as HubSpot documents it: the primary's values win, both addresses
 * stay taken, and a read by either old id returns the survivor.
 */
export function mergeContacts(call: ApiCall): HubSpotResponse {
  const { portal } = call;
  const input = objectOf(jsonBody(call.request), {
    name: 'PublicMergeInput',
    required: ['primaryObjectId', 'objectIdToMerge'],
  });
  const primary = findRecord(portal, 'contacts', stringOf(input.primaryObjectId, 'primaryObjectId'));
  const other = findRecord(portal, 'contacts', stringOf(input.objectIdToMerge, 'objectIdToMerge'));
  if (primary.id === other.id) throw validationError('A contact cannot be merged with itself');
  const survivor: CrmRecord = {
    id: portal.data.nextId(),
    properties: mergedProperties(primary, other),
    createdAt: Math.min(primary.createdAt, other.createdAt),
    updatedAt: portal.now(),
    archived: false,
  };
  const work = portal.work();
  for (const record of [primary, other]) {
    work.put('contacts', { ...record, archived: true, mergedInto: survivor.id });
  }
  work.put('contacts', survivor);
  work.commit();
  portal.calls.noteWrites(call.entry, work.records);
  return jsonResponse(200, viewOf('contacts', survivor, Object.keys(survivor.properties)));
}

function mergedProperties(primary: CrmRecord, other: CrmRecord): Record<string, string> {
  const properties: Record<string, string> = { ...other.properties, ...primary.properties };
  const [email, ...additional] = [
    ...new Set([...emailsOf(primary.properties), ...emailsOf(other.properties)]),
  ];
  if (email !== undefined) properties.email = email;
  if (additional.length > 0) properties.hs_additional_emails = additional.join(';');
  const earlier = [primary, other].flatMap((record) => [
    ...(record.properties.hs_merged_object_ids?.split(';') ?? []),
    record.id,
  ]);
  properties.hs_merged_object_ids = earlier.join(';');
  return properties;
}
