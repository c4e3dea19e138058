import { type ApiCall, byMethod } from './api-call.ts';
import { type HubSpotResponse, jsonResponse } from './http-message.ts';
import { HubSpotError, notFound } from './hubspot-error.ts';
import { jsonBody, objectOf, stringOf } from './json-shape.ts';
import type { ObjectType } from './object-types.ts';

/** `…/properties/{type}/groups`: list, read and create. @throws HubSpotError */
export function propertyGroups(call: ApiCall, type: ObjectType, rest: readonly string[]): HubSpotResponse {
  const { groups } = call.portal.data.table(type);
  const [name] = rest;
  if (name === undefined) {
    return byMethod(call, {
      GET: () => jsonResponse(200, { results: [...groups.values()].map(groupView) }),
      POST: () => create(call, type),
    });
  }
  return byMethod(call, {
    GET: () => {
      const group = groups.get(name);
      if (group === undefined) throw notFound(`Property group "${name}" does not exist`);
      return jsonResponse(200, groupView(group));
    },
  });
}

function create(call: ApiCall, type: ObjectType): HubSpotResponse {
  const input = objectOf(jsonBody(call.request), {
    name: 'PropertyGroupCreate',
    required: ['name', 'label'],
    optional: ['displayOrder'],
  });
  const name = stringOf(input.name, 'name');
  if (call.portal.data.table(type).groups.has(name)) {
    throw new HubSpotError(409, 'OBJECT_ALREADY_EXISTS', `A property group named '${name}' already exists.`);
  }
  const displayOrder = typeof input.displayOrder === 'number' ? input.displayOrder : -1;
  const group = { name, label: stringOf(input.label, 'label'), displayOrder };
  call.portal.apply({ kind: 'group', type, group });
  return jsonResponse(201, groupView(group));
}

function groupView(group: { name: string; label: string; displayOrder: number }): unknown {
  return { ...group, archived: false };
}
