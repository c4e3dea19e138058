import { faultRuleOf } from './fault-body.ts';
import { emptyResponse, type HubSpotRequest, type HubSpotResponse, jsonResponse } from './http-message.ts';
import { methodNotAllowed, notFound, validationError } from './hubspot-error.ts';
import type { HubSpotImitation } from './imitation.ts';
import {
  anyJsonBody,
  booleanParameter,
  isObject,
  limitParameter,
  objectOf,
  optionalStringOf,
  propertiesOf,
  stringOf,
} from './json-shape.ts';
import { OBJECT_TYPE_NAMES, type ObjectType, objectTypeOf } from './object-types.ts';
import { settingsPatchOf } from './portal-settings.ts';
import { decodedSegments } from './router.ts';

/**
 * `/_imitation/…`: what HubSpot doesn't have. Reads and changes the imitation itself, without a token.
 * @throws HubSpotError
 */
export function controlApi(hubspot: HubSpotImitation, request: HubSpotRequest, url: URL): HubSpotResponse {
  const [, resource = '', ...rest] = decodedSegments(url.pathname) ?? [];
  const resources: Record<string, Record<string, () => HubSpotResponse>> = {
    state: { GET: () => state(hubspot, url.searchParams) },
    calls: {
      GET: () => jsonResponse(200, { results: hubspot.calls(required(url.searchParams, 'portalId')) }),
    },
    settings: { POST: () => settings(hubspot, anyJsonBody(request)) },
    faults: {
      GET: () => jsonResponse(200, { results: hubspot.faults.pending() }),
      POST: () => jsonResponse(201, { id: hubspot.faults.add(faultRuleOf(anyJsonBody(request))) }),
      DELETE: () => removeFaults(hubspot, rest[0]),
    },
    properties: {
      DELETE: () => {
        const { portalId, type, id } = named(rest);
        hubspot.removeProperty(portalId, type, id);
        return emptyResponse();
      },
    },
    records: {
      GET: () => listRecords(hubspot, url.searchParams),
      POST: () => seed(hubspot, anyJsonBody(request)),
      PATCH: () => {
        const { portalId, type, id } = named(rest);
        const body = objectOf(anyJsonBody(request), { name: 'record', required: ['properties'] });
        hubspot.edit(portalId, type, id, propertiesOf(body.properties));
        return emptyResponse();
      },
      DELETE: () => {
        const { portalId, type, id } = named(rest);
        hubspot.archive(portalId, type, id);
        return emptyResponse();
      },
    },
  };
  const methods = Object.hasOwn(resources, resource) ? resources[resource] : undefined;
  if (methods === undefined) throw notFound(`the imitation has no ${url.pathname}`);
  const handler = Object.hasOwn(methods, request.method) ? methods[request.method] : undefined;
  if (handler === undefined) throw methodNotAllowed(Object.keys(methods));
  return handler();
}

function state(hubspot: HubSpotImitation, query: URLSearchParams): HubSpotResponse {
  const only = query.get('portalId');
  const ids = only === null ? hubspot.portalIds() : [only];
  const portals = ids.map((portalId) => ({
    portalId,
    settings: hubspot.settings(portalId),
    counters: hubspot.counters(portalId),
    records: Object.fromEntries(OBJECT_TYPE_NAMES.map((type) => [type, hubspot.counts(portalId, type)])),
  }));
  return jsonResponse(200, { portals, faults: hubspot.faults.pending() });
}

function settings(hubspot: HubSpotImitation, body: unknown): HubSpotResponse {
  if (!isObject(body)) throw validationError('settings must be an object');
  const { portalId, ...patch } = body;
  hubspot.configure(settingsPatchOf(patch), optionalStringOf(portalId, 'portalId'));
  return emptyResponse();
}

function removeFaults(hubspot: HubSpotImitation, id: string | undefined): HubSpotResponse {
  if (id === undefined) hubspot.faults.clear();
  else if (!hubspot.faults.remove(id)) throw notFound(`no fault ${id} is pending`);
  return emptyResponse();
}

function listRecords(hubspot: HubSpotImitation, query: URLSearchParams): HubSpotResponse {
  const type = typeOf(required(query, 'type'));
  const archived = booleanParameter(query, 'archived');
  const all = hubspot.records(required(query, 'portalId'), type, { archived });
  const start = Number(query.get('after') ?? 0);
  const end = start + limitParameter(query.get('limit'), 100, 1_000);
  return jsonResponse(200, {
    total: all.length,
    results: all.slice(start, end),
    ...(end < all.length ? { paging: { next: { after: String(end) } } } : {}),
  });
}

function seed(hubspot: HubSpotImitation, json: unknown): HubSpotResponse {
  const body = objectOf(json, {
    name: 'record',
    required: ['portalId', 'type', 'properties'],
    optional: ['dealId'],
  });
  const id = hubspot.seed(
    stringOf(body.portalId, 'portalId'),
    typeOf(stringOf(body.type, 'type')),
    propertiesOf(body.properties),
    body.dealId === undefined ? {} : { dealId: stringOf(body.dealId, 'dealId') },
  );
  return jsonResponse(201, { id });
}

function named([portalId, type, id]: readonly string[]): { portalId: string; type: ObjectType; id: string } {
  if (portalId === undefined || type === undefined || id === undefined) {
    throw notFound('the path must end in /{portalId}/{type}/{id or name}');
  }
  return { portalId, type: typeOf(type), id };
}

function typeOf(name: string): ObjectType {
  const type = objectTypeOf(name);
  if (type === undefined) throw validationError(`"${name}" is no object type`);
  return type;
}

function required(query: URLSearchParams, name: string): string {
  const value = query.get(name);
  if (value === null) throw validationError(`the query parameter ${name} is missing`);
  return value;
}
