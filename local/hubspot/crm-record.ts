import { OBJECT_TYPES, type ObjectType } from './object-types.ts';

/** One CRM record as it is kept. Replaced by a new object at each write, never changed. Times are epoch milliseconds. */
export interface CrmRecord {
  readonly id: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly archived: boolean;
  readonly archivedAt?: number;
  /** The survivor's id, once this record was merged into another. */
  readonly mergedInto?: string;
}

/** One record as HubSpot's API shows it (`SimplePublicObject` in the generated models). */
export interface RecordView {
  readonly id: string;
  readonly properties: Readonly<Record<string, string | null>>;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly archived: boolean;
  readonly archivedAt?: string;
}

/** The value of a property, the ones HubSpot computes included; undefined when it has none. */
export function propertyOf(type: ObjectType, record: CrmRecord, name: string): string | undefined {
  const own = record.properties[name];
  if (own !== undefined) return own;
  if (name === 'hs_object_id') return record.id;
  if (name === 'createdate' || name === 'hs_createdate') return new Date(record.createdAt).toISOString();
  if (name === OBJECT_TYPES[type].lastModifiedProperty) return new Date(record.updatedAt).toISOString();
  return undefined;
}

/** The record with the named properties; HubSpot always adds id and dates, and shows null for what has no value. */
export function viewOf(type: ObjectType, record: CrmRecord, names: readonly string[]): RecordView {
  const createdAt = new Date(record.createdAt).toISOString();
  const updatedAt =
    record.updatedAt === record.createdAt ? createdAt : new Date(record.updatedAt).toISOString();
  const properties: Record<string, string | null> = {
    createdate: record.properties.createdate ?? createdAt,
    hs_object_id: record.id,
    [OBJECT_TYPES[type].lastModifiedProperty]: updatedAt,
  };
  for (const name of names) properties[name] = propertyOf(type, record, name) ?? null;
  return {
    id: record.id,
    properties,
    createdAt,
    updatedAt,
    archived: record.archived,
    ...(record.archivedAt === undefined ? {} : { archivedAt: new Date(record.archivedAt).toISOString() }),
  };
}

/** All e-mail addresses of a contact, the additional ones included, lower-cased: each is unique in its portal. */
export function emailsOf(properties: Readonly<Record<string, string>>): string[] {
  const additional = (properties.hs_additional_emails ?? '').split(';');
  return [properties.email ?? '', ...additional].map(normalizedEmail).filter((email) => email !== '');
}

/** HubSpot stores and compares e-mail addresses trimmed and in lower case. */
export function normalizedEmail(email: string): string {
  return email.trim().toLowerCase();
}
