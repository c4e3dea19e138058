import type { HubSpotRecord, PropertyDefinition } from './hubspot-api.ts';
import { objectIn, textIn, textsIn } from './json-value.ts';

/** A record out of an answer; undefined where it has no id. Values that are no text are given as text, as HubSpot means them. */
export function recordIn(json: unknown): HubSpotRecord | undefined {
  const fields = objectIn(json);
  const [id] = textsIn(fields?.id);
  if (fields === undefined || id === undefined) return undefined;
  const createdAt = instantIn(fields.createdAt);
  const updatedAt = instantIn(fields.updatedAt);
  return {
    id,
    properties: Object.fromEntries(
      Object.entries(objectIn(fields.properties) ?? {}).map(([name, value]) => [
        name,
        value === null || value === undefined ? null : String(value),
      ]),
    ),
    archived: fields.archived === true,
    ...(createdAt === undefined ? {} : { createdAt }),
    ...(updatedAt === undefined ? {} : { updatedAt }),
  };
}

/** A property's definition out of an answer; undefined where it has no name. */
export function propertyIn(json: unknown): PropertyDefinition | undefined {
  const fields = objectIn(json);
  const name = textIn(fields?.name);
  if (fields === undefined || name === undefined) return undefined;
  return {
    name,
    label: textIn(fields.label) ?? name,
    type: textIn(fields.type) ?? '',
    fieldType: textIn(fields.fieldType) ?? '',
    groupName: textIn(fields.groupName) ?? '',
    hasUniqueValue: fields.hasUniqueValue === true,
    readOnly: fields.calculated === true || objectIn(fields.modificationMetadata)?.readOnlyValue === true,
  };
}

/** HubSpot writes ISO 8601, in some places epoch milliseconds. */
function instantIn(value: unknown): number | undefined {
  const instant = typeof value === 'number' ? value : Date.parse(textIn(value) ?? '');
  return Number.isNaN(instant) ? undefined : instant;
}
