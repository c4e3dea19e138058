import { type ApiCall, byMethod } from './api-call.ts';
import { emptyResponse, type HubSpotResponse, jsonResponse } from './http-message.ts';
import { HubSpotError, missingScopes, notFound, validationError } from './hubspot-error.ts';
import {
  arrayOf,
  booleanParameter,
  isObject,
  jsonBody,
  objectOf,
  optionalStringOf,
  stringOf,
  wordOf,
} from './json-shape.ts';
import type { ObjectType } from './object-types.ts';
import {
  definitionView,
  FIELD_TYPES,
  PROPERTY_TYPES,
  type PropertyDefinition,
  type PropertyOption,
} from './property-definition.ts';
import { propertyGroups } from './property-groups.ts';

/** HubSpot allows this many properties with unique values for each object type. */
const MOST_UNIQUE = 10;

const CHANGEABLE = [
  'label',
  'type',
  'fieldType',
  'groupName',
  'description',
  'options',
  'hidden',
  'displayOrder',
  'formField',
  'calculationFormula',
];

/** `…/properties/{type}` and what lies under it; `rest` are the decoded path segments after the type. @throws HubSpotError */
export function propertiesApi(call: ApiCall, type: ObjectType, rest: readonly string[]): HubSpotResponse {
  const [name, below] = rest;
  if (name === undefined)
    return byMethod(call, { GET: () => list(call, type), POST: () => create(call, type) });
  if (name === 'groups') return propertyGroups(call, type, rest.slice(1));
  if (below !== undefined) throw notFound('resource not found');
  return byMethod(call, {
    GET: () => jsonResponse(200, definitionView(definitionOf(call, type, name))),
    PATCH: () => change(call, type, name),
    DELETE: () => remove(call, type, name),
  });
}

function list(call: ApiCall, type: ObjectType): HubSpotResponse {
  const archived = booleanParameter(call.query, 'archived');
  const definitions = archived ? [] : [...call.portal.data.table(type).definitions.values()];
  return jsonResponse(200, { results: definitions.map(definitionView) });
}

function definitionOf(call: ApiCall, type: ObjectType, name: string): PropertyDefinition {
  const definition = call.portal.data.table(type).definitions.get(name);
  if (definition === undefined) throw notFound(`Property "${name}" does not exist`);
  return definition;
}

function create(call: ApiCall, type: ObjectType): HubSpotResponse {
  refuseWhereRefused(call, type);
  const definition = definitionFrom(call);
  const table = call.portal.data.table(type);
  if (table.definitions.has(definition.name)) {
    const message = `A property named '${definition.name}' already exists.`;
    throw new HubSpotError(409, 'OBJECT_ALREADY_EXISTS', message, {
      subCategory: 'Properties.PROPERTY_EXISTS',
    });
  }
  if (!table.groups.has(definition.groupName)) {
    throw validationError(`There is no property group named '${definition.groupName}'`);
  }
  const unique = [...table.definitions.values()].filter(
    (entry) => entry.hasUniqueValue && !entry.hubspotDefined,
  );
  const kept = { ...definition, hasUniqueValue: keepsUnique(call, type) && definition.hasUniqueValue };
  if (kept.hasUniqueValue && unique.length >= MOST_UNIQUE) {
    throw validationError(`An object type has at most ${MOST_UNIQUE} properties with unique values`);
  }
  call.portal.apply({ kind: 'property', type, definition: kept });
  return jsonResponse(201, definitionView(kept));
}

function keepsUnique(call: ApiCall, type: ObjectType): boolean {
  return call.portal.settings.customProperties[type] === 'unique';
}

function refuseWhereRefused(call: ApiCall, type: ObjectType): void {
  if (call.portal.settings.customProperties[type] === 'refused')
    throw missingScopes([`crm.schemas.${type}.write`]);
}

function definitionFrom(call: ApiCall): PropertyDefinition {
  const input = objectOf(jsonBody(call.request), {
    name: 'PropertyCreate',
    required: ['name', 'label', 'type', 'fieldType', 'groupName'],
    optional: [...CHANGEABLE, 'hasUniqueValue', 'referencedObjectType', 'externalOptions'],
  });
  const name = stringOf(input.name, 'name');
  if (!/^[a-z][a-z0-9_]{0,99}$/.test(name) || name.startsWith('hs_')) {
    throw validationError(
      `The property name "${name}" must be lower-case letters, digits and underscores, start with a letter and not with hs_`,
    );
  }
  const now = call.portal.now();
  return {
    name,
    label: stringOf(input.label, 'label'),
    description: optionalStringOf(input.description, 'description') ?? '',
    groupName: stringOf(input.groupName, 'groupName'),
    type: wordOf(input.type, 'type', PROPERTY_TYPES),
    fieldType: wordOf(input.fieldType, 'fieldType', FIELD_TYPES),
    options: optionsOf(input.options),
    hasUniqueValue: input.hasUniqueValue === true,
    hubspotDefined: false,
    readOnlyValue: false,
    hidden: input.hidden === true,
    formField: input.formField === true,
    displayOrder: typeof input.displayOrder === 'number' ? input.displayOrder : -1,
    createdAt: now,
    updatedAt: now,
  };
}

function optionsOf(value: unknown): PropertyOption[] {
  return arrayOf(value ?? [], 'options').map((entry, index) => {
    if (!isObject(entry)) throw validationError('An option of a property is an object');
    return {
      label: stringOf(entry.label, 'options.label'),
      value: stringOf(entry.value, 'options.value'),
      displayOrder: typeof entry.displayOrder === 'number' ? entry.displayOrder : index,
      hidden: entry.hidden === true,
    };
  });
}

/** `hasUniqueValue` is no field here: it cannot be added to an existing property. */
function change(call: ApiCall, type: ObjectType, name: string): HubSpotResponse {
  refuseWhereRefused(call, type);
  const definition = definitionOf(call, type, name);
  const input = objectOf(jsonBody(call.request), {
    name: 'PropertyUpdate',
    required: [],
    optional: CHANGEABLE,
  });
  const changed: PropertyDefinition = {
    ...definition,
    label: optionalStringOf(input.label, 'label') ?? definition.label,
    description: optionalStringOf(input.description, 'description') ?? definition.description,
    options: input.options === undefined ? definition.options : optionsOf(input.options),
    updatedAt: call.portal.now(),
  };
  call.portal.apply({ kind: 'property', type, definition: changed });
  return jsonResponse(200, definitionView(changed));
}

function remove(call: ApiCall, type: ObjectType, name: string): HubSpotResponse {
  refuseWhereRefused(call, type);
  if (definitionOf(call, type, name).hubspotDefined) {
    throw validationError(`The property "${name}" is defined by HubSpot and can't be archived`);
  }
  call.portal.apply({ kind: 'property-removed', type, name });
  return emptyResponse();
}
