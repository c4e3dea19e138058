import type { CardDefinition } from '../backend.ts';
import type { Card, CardAction, CardProperty, CardRow } from './card.ts';
import { readCardAction } from './read-card-action.ts';
import {
  readInteger,
  readList,
  readObject,
  readOptionalText,
  readText,
  UnexpectedJson,
} from './read-json.ts';

/** HubSpot shows five results of a legacy card and drops the rest. */
const mostRows = 5;

const readProperty = (value: unknown, place: string): CardProperty => {
  const property = readObject(value, place);
  return {
    label: readText(property.label, `${place}.label`),
    dataType: readText(property.dataType, `${place}.dataType`),
    value: readText(property.value, `${place}.value`),
    currencyCode: readOptionalText(property.currencyCode, `${place}.currencyCode`),
    linkLabel: readOptionalText(property.linkLabel, `${place}.linkLabel`),
    optionType: readOptionalText(property.optionType, `${place}.optionType`),
  };
};

const readActions = (value: unknown, place: string): readonly CardAction[] =>
  readList(value, place).map((action, index) => readCardAction(action, `${place}[${index}]`));

const readOptionalAction = (value: unknown, place: string): CardAction | undefined =>
  value === undefined || value === null ? undefined : readCardAction(value, place);

const readRow = (value: unknown, place: string, definition: CardDefinition): CardRow => {
  const row = readObject(value, place);
  const declared = definition.displayProperties.flatMap(({ name }) => {
    const text = row[name];
    return text === undefined || text === null ? [] : [[name, String(text)]];
  });
  return {
    objectId: readInteger(row.objectId, `${place}.objectId`),
    title: readText(row.title, `${place}.title`),
    link: readOptionalText(row.link, `${place}.link`),
    declared: Object.fromEntries(declared),
    properties: readList(row.properties, `${place}.properties`).map((property, index) =>
      readProperty(property, `${place}.properties[${index}]`),
    ),
    actions: readActions(row.actions, `${place}.actions`),
  };
};

const readRows = (results: unknown, definition: CardDefinition): readonly CardRow[] => {
  if (!Array.isArray(results)) throw new UnexpectedJson('results is not a list');
  const rows = results.map((row, index) => readRow(row, `results[${index}]`, definition));
  if (new Set(rows.map(({ objectId }) => objectId)).size < rows.length) {
    throw new UnexpectedJson('an objectId stands there twice');
  }
  return rows.slice(0, mostRows);
};

/** What became of a card's answer. */
export type CardReading =
  | { readonly kind: 'card'; readonly card: Card }
  | { readonly kind: 'unreadable'; readonly reason: string };

/**
 * Reads a card's answer in the flat format with HubSpot's strictness: one field that breaks the contract, and the
 * whole card can't be shown; the reason names it.
 */
export const readCard = (body: unknown, definition: CardDefinition): CardReading => {
  try {
    const answer = readObject(body, 'The answer');
    const card = {
      rows: readRows(answer.results, definition),
      settings: readOptionalAction(answer.settingsAction, 'settingsAction'),
      primary: readOptionalAction(answer.primaryAction, 'primaryAction'),
      secondary: readActions(answer.secondaryActions, 'secondaryActions'),
    };
    return { kind: 'card', card };
  } catch (error) {
    if (!(error instanceof UnexpectedJson)) throw error;
    return { kind: 'unreadable', reason: `${error.message}.` };
  }
};
