import type { ObjectType } from './hubspot-api.ts';

/** HubSpot's API versions that the gateway speaks. Their bodies are alike; only the paths differ. */
export const API_VERSIONS = ['2026-03', 'v3'] as const;
export type ApiVersion = (typeof API_VERSIONS)[number];

export const DEFAULT_API_VERSION: ApiVersion = '2026-03';

/** Numbered versions stand before the resource, dated ones after it. */
const family = (version: ApiVersion, resource: string): string =>
  version === 'v3' ? `/crm/v3/${resource}` : `/crm/${resource}/${version}`;

/** The path of a type's records, without a slash at the end. */
export const objectsPath = (version: ApiVersion, type: ObjectType): string => crmObjectsPath(version, type);

/** The same for objects that are only read. */
export const crmObjectsPath = (version: ApiVersion, type: ObjectType | 'deals' | 'line_items'): string =>
  `${family(version, 'objects')}/${type}`;

/** The path of a type's property definitions. */
export const propertiesPath = (version: ApiVersion, type: ObjectType): string =>
  `${family(version, 'properties')}/${type}`;
