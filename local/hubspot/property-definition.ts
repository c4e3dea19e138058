import type { ObjectType } from './object-types.ts';

/** What the imitation keeps of a property's definition. */
export interface PropertyDefinition {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  readonly groupName: string;
  readonly type: PropertyType;
  readonly fieldType: string;
  readonly options: readonly PropertyOption[];
  readonly hasUniqueValue: boolean;
  readonly hubspotDefined: boolean;
  readonly readOnlyValue: boolean;
  readonly hidden: boolean;
  readonly formField: boolean;
  readonly displayOrder: number;
  /** Epoch milliseconds; absent for what HubSpot defined. */
  readonly createdAt?: number;
  readonly updatedAt?: number;
}

/** The types of `PropertyCreate` in the generated models. */
export const PROPERTY_TYPES = ['string', 'number', 'date', 'datetime', 'enumeration', 'bool'] as const;
export type PropertyType = (typeof PROPERTY_TYPES)[number];

/** The field types of `PropertyCreate` in the generated models. */
export const FIELD_TYPES = [
  'textarea',
  'text',
  'date',
  'file',
  'number',
  'select',
  'radio',
  'checkbox',
  'booleancheckbox',
  'calculation_equation',
] as const;

/** One option of an enumeration. */
export interface PropertyOption {
  readonly label: string;
  readonly value: string;
  readonly description?: string;
  readonly displayOrder: number;
  readonly hidden: boolean;
}

/** A definition as the properties API shows it (`Property` in the generated models). */
export function definitionView(definition: PropertyDefinition): Record<string, unknown> {
  const { readOnlyValue, createdAt, updatedAt, ...shown } = definition;
  return {
    ...shown,
    calculated: false,
    externalOptions: false,
    archived: false,
    modificationMetadata: {
      archivable: !definition.hubspotDefined,
      readOnlyDefinition: definition.hubspotDefined,
      readOnlyOptions: definition.hubspotDefined,
      readOnlyValue,
    },
    ...(createdAt === undefined ? {} : { createdAt: new Date(createdAt).toISOString() }),
    ...(updatedAt === undefined ? {} : { updatedAt: new Date(updatedAt).toISOString() }),
  };
}

/** The groups each object type has from the start. */
export const STANDARD_GROUPS: Readonly<Record<ObjectType, string>> = {
  contacts: 'contactinformation',
  products: 'productinformation',
  deals: 'dealinformation',
  line_items: 'lineiteminformation',
};
