import { type CrmRecord, type RecordView, viewOf } from './crm-record.ts';
import { notFound } from './hubspot-error.ts';
import type { ObjectType } from './object-types.ts';
import type { Portal } from './portal.ts';
import { archiveRecord, createRecord, findRecord, updateRecord } from './record-writes.ts';

type Values = Readonly<Record<string, string>>;

/** A portal's live or archived records with all their properties, in the order of creation. */
export function allRecords(portal: Portal, type: ObjectType, archived: boolean): RecordView[] {
  const wanted = (record: CrmRecord): boolean => record.archived === archived;
  return [...portal.data.table(type).all()]
    .filter(wanted)
    .map((record) => viewOf(type, record, Object.keys(record.properties)));
}

/** How many records there are; one that was merged away counts as archived. */
export function countRecords(portal: Portal, type: ObjectType): { live: number; archived: number } {
  const count = { live: 0, archived: 0 };
  for (const record of portal.data.table(type).all()) count[record.archived ? 'archived' : 'live'] += 1;
  return count;
}

/** How a record is put into HubSpot by hand. */
export interface SeedOptions {
  /** The deal that a line item is put on. */
  readonly dealId?: string;
  /** A free id, higher than those of its type; a new one when absent. */
  readonly id?: string;
}

/** Creates a record outside limits and counters. @throws HubSpotError */
export function seedRecord(
  portal: Portal,
  type: ObjectType,
  values: Values,
  { dealId, id: wantedId }: SeedOptions = {},
): string {
  const deal = dealId === undefined ? undefined : findRecord(portal, 'deals', dealId);
  const work = portal.work();
  const { id } = createRecord(portal, work, type, values, wantedId);
  if (deal !== undefined && type === 'line_items') work.associate(deal.id, id);
  work.commit();
  return id;
}

/** @throws HubSpotError */
export function editRecord(portal: Portal, type: ObjectType, id: string, values: Values): void {
  const work = portal.work();
  updateRecord(portal, work, type, findRecord(portal, type, id), values);
  work.commit();
}

/** @throws HubSpotError */
export function archiveByHand(portal: Portal, type: ObjectType, id: string): void {
  const work = portal.work();
  archiveRecord(portal, work, type, findRecord(portal, type, id));
  work.commit();
}

/** Removes a custom property with its values. @throws HubSpotError 404 when there is none of that name */
export function removeProperty(portal: Portal, type: ObjectType, name: string): void {
  const definition = portal.data.table(type).definitions.get(name);
  if (definition === undefined || definition.hubspotDefined)
    throw notFound(`no property "${name}" to remove`);
  portal.apply({ kind: 'property-removed', type, name });
}
