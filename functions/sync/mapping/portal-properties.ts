import type { ObjectType, PropertyDefinition } from '../../hubspot/hubspot-api.ts';
import { keyPropertyIn } from '../../hubspot/key-property.ts';

/** What a portal's property definitions mean for the sync of one type. */
export interface PortalProperties {
  /** Our property that has unique values: upserts go by it. */
  uniqueKey?: string | undefined;
  /** Our property that can only be searched. */
  ordinaryKey?: string | undefined;
  /** All names that can be written. */
  names: ReadonlySet<string>;
  /** HubSpot has never shown the definitions: there may be more names than these. */
  isAssumed?: true | undefined;
}

/**
 * What is assumed of a portal that has never shown its definitions: no property of ours, and of the price properties only HubSpot's own.
 * Everything else is written without a look at the names.
 */
export const assumedProperties = (): PortalProperties => ({ names: new Set(['price']), isAssumed: true });

/** What HubSpot's definitions say. Read-only properties count as not there: they can't be written, and so not cleared. */
export function portalProperties(
  type: ObjectType,
  definitions: readonly Pick<PropertyDefinition, 'name' | 'hasUniqueValue' | 'readOnly'>[],
): PortalProperties {
  const { unique, ordinary } = keyPropertyIn(type, definitions);
  return {
    uniqueKey: unique,
    ordinaryKey: ordinary,
    names: new Set(definitions.filter(({ readOnly }) => !readOnly).map(({ name }) => name)),
  };
}

/** All of our properties that the portal has: each is filled, so that a record is found by whichever was there when it was made. */
export const keysIn = ({ uniqueKey, ordinaryKey }: PortalProperties): string[] =>
  [uniqueKey, ordinaryKey].filter((name) => name !== undefined);

/** The property of ours that finds a record best. */
export const bestKey = ({ uniqueKey, ordinaryKey }: PortalProperties): string | undefined =>
  uniqueKey ?? ordinaryKey;
