import type { ObjectType, PropertyDefinition } from './hubspot-api.ts';

/** The properties of ours that hold a record's external id. */
export const KEY_PROPERTIES: Readonly<Record<ObjectType, string>> = {
  contacts: 'ledgerbridge_customer_id',
  products: 'ledgerbridge_product_id',
};

/**
 * The name for the unique property where an ordinary one took the first: uniqueness can't be added to a property that exists.
 */
export const uniqueNameBeside = (ordinary: string): string => `${ordinary}_key`;

/** Which of our properties a portal has. `unique` serves upserts; `ordinary` can only be searched. */
export interface KeyProperty {
  unique?: string;
  ordinary?: string;
}

/** Our properties among a type's definitions. */
export function keyPropertyIn(
  type: ObjectType,
  definitions: readonly Pick<PropertyDefinition, 'name' | 'hasUniqueValue'>[],
): KeyProperty {
  const names = [KEY_PROPERTIES[type], uniqueNameBeside(KEY_PROPERTIES[type])];
  const ours = names.flatMap((name) => definitions.find((definition) => definition.name === name) ?? []);
  const unique = ours.find(({ hasUniqueValue }) => hasUniqueValue);
  const ordinary = ours.find(({ hasUniqueValue }) => !hasUniqueValue);
  return {
    ...(unique === undefined ? {} : { unique: unique.name }),
    ...(ordinary === undefined ? {} : { ordinary: ordinary.name }),
  };
}
