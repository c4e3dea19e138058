import type { CardDefinition } from './card-definition.ts';
import { validationError } from './hubspot-error.ts';
import { arrayOf, objectOf, stringOf, stringsOf, wordOf } from './json-shape.ts';
import { objectTypeOf } from './object-types.ts';
import type { Portal } from './portal.ts';

const CARD_OBJECTS = ['companies', 'contacts', 'deals', 'marketing_events', 'tickets'] as const;
const DATA_TYPES = [
  'BOOLEAN',
  'CURRENCY',
  'DATE',
  'DATETIME',
  'EMAIL',
  'LINK',
  'NUMERIC',
  'STRING',
  'STATUS',
] as const;
const STATUS_TYPES = ['DANGER', 'DEFAULT', 'INFO', 'SUCCESS', 'WARNING'] as const;
const PARTS = ['title', 'fetch', 'display', 'actions'];

/** The card a request defines: whole when it creates one, else the `current` one with the parts sent. @throws HubSpotError 400 */
export function cardDefinitionOf(
  json: unknown,
  portal: Portal,
  version: 'v3' | '2026-03',
  current?: CardDefinition,
): CardDefinition {
  const body = current
    ? objectOf(json, { name: 'CardPatchRequest', required: [], optional: PARTS })
    : objectOf(json, { name: 'CardCreateRequest', required: PARTS });
  return {
    title: body.title === undefined && current ? current.title : titleOf(body.title),
    fetch:
      body.fetch === undefined && current ? current.fetch : fetchOf(body.fetch, portal, version, current),
    display: body.display === undefined && current ? current.display : displayOf(body.display),
    actions: body.actions === undefined && current ? current.actions : actionsOf(body.actions),
  };
}

function titleOf(value: unknown): string {
  const title = stringOf(value, 'title');
  if (title.trim() === '') throw validationError('A card needs a title');
  return title;
}

function fetchOf(
  value: unknown,
  portal: Portal,
  version: 'v3' | '2026-03',
  current: CardDefinition | undefined,
): CardDefinition['fetch'] {
  const fetch = objectOf(value, {
    name: current ? 'CardFetchBodyPatch' : 'CardFetchBody',
    required: ['objectTypes', ...(current ? [] : ['targetUrl']), ...(version === 'v3' ? [] : ['cardType'])],
    optional: ['targetUrl', 'cardType', 'serverlessFunction'],
  });
  if (fetch.cardType !== undefined) wordOf(fetch.cardType, 'fetch.cardType', ['EXTERNAL'] as const);
  const objectTypes = arrayOf(fetch.objectTypes, 'fetch.objectTypes').map((entry) =>
    objectTypeFrom(entry, portal),
  );
  if (objectTypes.length === 0) throw validationError('A card needs at least one object type');
  const targetUrl =
    fetch.targetUrl === undefined && current
      ? current.fetch.targetUrl
      : urlOf(fetch.targetUrl, 'fetch.targetUrl');
  return { targetUrl, objectTypes };
}

function objectTypeFrom(value: unknown, portal: Portal): CardDefinition['fetch']['objectTypes'][number] {
  const entry = objectOf(value, { name: 'CardObjectTypeBody', required: ['name', 'propertiesToSend'] });
  const name = wordOf(entry.name, 'objectTypes.name', CARD_OBJECTS);
  const propertiesToSend = stringsOf(entry.propertiesToSend, 'propertiesToSend');
  const type = objectTypeOf(name);
  const unknown = propertiesToSend.filter(
    (property) => type !== undefined && !portal.data.table(type).definitions.has(property),
  );
  if (unknown.length > 0) {
    throw validationError(`These properties do not exist on ${name}: ${unknown.join(', ')}`);
  }
  return { name, propertiesToSend };
}

function displayOf(value: unknown): CardDefinition['display'] {
  const display = objectOf(value, { name: 'CardDisplayBody', required: ['properties'] });
  const properties = arrayOf(display.properties, 'display.properties').map((entry) => {
    const property = objectOf(entry, {
      name: 'CardDisplayProperty',
      required: ['name', 'label', 'dataType', 'options'],
    });
    return {
      name: stringOf(property.name, 'name'),
      label: stringOf(property.label, 'label'),
      dataType: wordOf(property.dataType, 'dataType', DATA_TYPES),
      options: arrayOf(property.options, 'options').map(optionOf),
    };
  });
  return { properties };
}

function optionOf(value: unknown): CardDefinition['display']['properties'][number]['options'][number] {
  const option = objectOf(value, { name: 'DisplayOption', required: ['name', 'label', 'type'] });
  return {
    name: stringOf(option.name, 'name'),
    label: stringOf(option.label, 'label'),
    type: wordOf(option.type, 'type', STATUS_TYPES),
  };
}

function actionsOf(value: unknown): CardDefinition['actions'] {
  const actions = objectOf(value, { name: 'CardActions', required: ['baseUrls'] });
  return {
    baseUrls: stringsOf(actions.baseUrls, 'baseUrls').map((url) => urlOf(url, 'actions.baseUrls')),
  };
}

function urlOf(value: unknown, field: string): string {
  const url = stringOf(value, field);
  if (!URL.canParse(url) || !/^https?:/.test(url))
    throw validationError(`"${field}" must be a URL, not "${url}"`);
  return url;
}
