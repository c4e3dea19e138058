import type { CrmRecord } from './crm-record.ts';
import { contactExists, HubSpotError, notFound, validationError } from './hubspot-error.ts';
import { OBJECT_TYPES, type ObjectType } from './object-types.ts';
import type { Portal } from './portal.ts';
import { checkedValues } from './property-values.ts';
import type { UnitOfWork } from './unit-of-work.ts';

type Values = Readonly<Record<string, string>>;

/**
 * The record that an id names: live ones, or with `archived` only archived ones. A merged-away id leads to its survivor.
 * @throws HubSpotError 404, or 400 when `idProperty` is not unique
 */
export function findRecord(
  portal: Portal,
  type: ObjectType,
  id: string,
  idProperty = 'hs_object_id',
  archived = false,
): CrmRecord {
  const table = portal.data.table(type);
  if (!table.identifies(idProperty)) {
    throw validationError(`Property "${idProperty}" can't be used as idProperty: its values are not unique`);
  }
  const recordId = idProperty === 'hs_object_id' ? id : table.holderOf(idProperty, id);
  const record = recordId === undefined ? undefined : table.resolve(recordId);
  if (record === undefined || record.archived !== archived) {
    throw notFound(`Object not found. objectId are usually numeric. (${OBJECT_TYPES[type].singular} ${id})`);
  }
  return record;
}

/**
 * Creates a record under a new id, or under one that is given and free.
 * @throws HubSpotError 400 for refused values, 409 for a contact whose e-mail address is taken
 */
export function createRecord(
  portal: Portal,
  work: UnitOfWork,
  type: ObjectType,
  values: Values,
  id?: string,
): CrmRecord {
  const table = portal.data.table(type);
  const properties = withoutEmpty(checkedValues(portal.id, type, table.definitions, values));
  if (type === 'contacts' && !properties.email && !properties.firstname && !properties.lastname) {
    throw validationError('A contact needs at least one of these properties: email, firstname, lastname');
  }
  const now = portal.now();
  const record = { id: '', properties, createdAt: now, updatedAt: now, archived: false };
  refuseConflict(portal, type, record);
  const created = { ...record, id: id ?? portal.data.nextId() };
  work.put(type, created);
  return created;
}

/** @throws HubSpotError 400 for refused values, 409 for a contact whose e-mail address is taken */
export function updateRecord(
  portal: Portal,
  work: UnitOfWork,
  type: ObjectType,
  record: CrmRecord,
  values: Values,
): CrmRecord {
  const checked = checkedValues(portal.id, type, portal.data.table(type).definitions, values);
  const properties = withoutEmpty({ ...record.properties, ...checked });
  const updated = { ...record, properties, updatedAt: portal.now() };
  refuseConflict(portal, type, updated);
  work.put(type, updated);
  return updated;
}

/** Puts a record into the recycle bin. */
export function archiveRecord(portal: Portal, work: UnitOfWork, type: ObjectType, record: CrmRecord): void {
  const now = portal.now();
  work.put(type, { ...record, archived: true, archivedAt: now, updatedAt: now });
}

function refuseConflict(portal: Portal, type: ObjectType, record: CrmRecord): void {
  const conflict = portal.data.table(type).conflictOf(record);
  if (conflict === undefined) return;
  if (type === 'contacts' && conflict.property === 'email') throw contactExists(conflict.holder);
  const { objectTypeId } = OBJECT_TYPES[type];
  const status = portal.settings.uniqueConflictStatus;
  throw new HubSpotError(
    status,
    status === 409 ? 'CONFLICT' : 'VALIDATION_ERROR',
    `Cannot set PropertyValueCoordinates{portalId=${portal.id}, objectTypeId=${objectTypeId}, propertyName=${conflict.property}, value=${conflict.value}} on ${record.id || 'a new record'}. ${conflict.holder} already has that value.`,
  );
}

function withoutEmpty(values: Values): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name in values) {
    const value = values[name];
    if (value !== undefined && value !== '') kept[name] = value;
  }
  return kept;
}
