/** The CRM objects that are imitated. */
export type ObjectType = 'contacts' | 'products' | 'deals' | 'line_items';

interface ObjectTypeFacts {
  readonly objectTypeId: string;
  /** The name in messages such as "Could not get some CONTACT objects". */
  readonly singular: string;
  /** What a read without `properties` shows besides the record's id and dates. */
  readonly defaultProperties: readonly string[];
  readonly lastModifiedProperty: 'lastmodifieddate' | 'hs_lastmodifieddate';
  readonly searchedByQuery: readonly string[];
}

/** What differs between the object types. */
export const OBJECT_TYPES: Readonly<Record<ObjectType, ObjectTypeFacts>> = {
  contacts: {
    objectTypeId: '0-1',
    singular: 'CONTACT',
    defaultProperties: ['email', 'firstname', 'lastname'],
    lastModifiedProperty: 'lastmodifieddate',
    searchedByQuery: ['firstname', 'lastname', 'email', 'phone', 'company', 'hs_additional_emails'],
  },
  products: {
    objectTypeId: '0-7',
    singular: 'PRODUCT',
    defaultProperties: ['name', 'description', 'price'],
    lastModifiedProperty: 'hs_lastmodifieddate',
    searchedByQuery: ['name', 'description', 'price', 'hs_sku'],
  },
  deals: {
    objectTypeId: '0-3',
    singular: 'DEAL',
    defaultProperties: ['dealname', 'amount', 'closedate', 'dealstage', 'pipeline'],
    lastModifiedProperty: 'hs_lastmodifieddate',
    searchedByQuery: ['dealname', 'description'],
  },
  line_items: {
    objectTypeId: '0-8',
    singular: 'LINE_ITEM',
    defaultProperties: ['amount', 'quantity', 'hs_product_id'],
    lastModifiedProperty: 'hs_lastmodifieddate',
    searchedByQuery: ['name', 'hs_sku'],
  },
};

/** All imitated object types. */
export const OBJECT_TYPE_NAMES = Object.keys(OBJECT_TYPES).filter(isObjectType);

/** The object type a path names, by name or by HubSpot's type id (`0-1`). */
export function objectTypeOf(segment: string): ObjectType | undefined {
  if (isObjectType(segment)) return segment;
  return OBJECT_TYPE_NAMES.find((name) => OBJECT_TYPES[name].objectTypeId === segment);
}

function isObjectType(name: string): name is ObjectType {
  return Object.hasOwn(OBJECT_TYPES, name);
}
