import { accountApi } from './account-api.ts';
import type { ApiCall } from './api-call.ts';
import { cardsApi } from './cards-api.ts';
import type { HubSpotResponse } from './http-message.ts';
import { notFound } from './hubspot-error.ts';
import { type ObjectType, objectTypeOf } from './object-types.ts';
import { objectsApi } from './objects-api.ts';
import { propertiesApi } from './properties-api.ts';

/** Which API a path belongs to. Numbered paths carry the version before the resource, dated ones after it. */
export type Route =
  | { readonly api: 'account' }
  | { readonly api: 'objects' | 'properties'; readonly type: ObjectType; readonly rest: readonly string[] }
  | {
      readonly api: 'cards';
      readonly appId: string;
      readonly rest: readonly string[];
      readonly version: 'v3' | '2026-03';
    };

/** `associations`: whether the family has nothing but the association endpoint, or everything but it. */
const PREFIXES = [
  { prefix: '/crm/v3/objects/', api: 'objects', version: 'v3', associations: false },
  { prefix: '/crm/v4/objects/', api: 'objects', version: 'v3', associations: true },
  { prefix: '/crm/objects/2026-03/', api: 'objects', version: '2026-03' },
  { prefix: '/crm/v3/properties/', api: 'properties', version: 'v3' },
  { prefix: '/crm/properties/2026-03/', api: 'properties', version: '2026-03' },
  { prefix: '/crm/v3/extensions/cards-dev/', api: 'cards', version: 'v3' },
  { prefix: '/crm/extensions/cards-dev/2026-03/', api: 'cards', version: '2026-03' },
] as const;

const ACCOUNT_PATHS: ReadonlySet<string> = new Set([
  '/account-info/v3/details',
  '/account-info/2026-03/details',
]);

/** The route of a path (without its query); undefined when HubSpot has none. */
export function routeOf(path: string): Route | undefined {
  if (ACCOUNT_PATHS.has(path)) return { api: 'account' };
  const family = PREFIXES.find(({ prefix }) => path.startsWith(prefix));
  if (family === undefined) return undefined;
  const segments = decodedSegments(path.slice(family.prefix.length));
  if (segments === undefined) return undefined;
  const [first, ...rest] = segments;
  if (first === undefined) return undefined;
  if (family.api === 'cards') return { api: 'cards', appId: first, rest, version: family.version };
  const type = objectTypeOf(first);
  if (
    type === undefined ||
    ('associations' in family && (rest[1] === 'associations') !== family.associations)
  ) {
    return undefined;
  }
  return { api: family.api, type, rest };
}

/** Answers one call. @throws HubSpotError for every refusal */
export function answer(call: ApiCall, route: Route | undefined): HubSpotResponse {
  if (route === undefined) throw notFound('resource not found');
  switch (route.api) {
    case 'account':
      return accountApi(call);
    case 'objects':
      return objectsApi(call, route.type, route.rest);
    case 'properties':
      return propertiesApi(call, route.type, route.rest);
    case 'cards':
      return cardsApi(call, route.appId, route.rest, route.version);
  }
}

/** Whether the call counts against the search limit instead of the common one. */
export function isSearch(route: Route | undefined): boolean {
  return route?.api === 'objects' && route.rest.length === 1 && route.rest[0] === 'search';
}

/** The path's segments, decoded and without empty ones; undefined where a percent sign encodes nothing. */
export function decodedSegments(path: string): string[] | undefined {
  try {
    return path
      .split('/')
      .filter((segment) => segment !== '')
      .map(decodeURIComponent);
  } catch {
    return undefined;
  }
}
