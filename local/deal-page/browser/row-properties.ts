import type { CardDefinition, DeclaredProperty } from '../backend.ts';
import type { CardProperty, CardRow } from './card.ts';

/** Properties that a row shows before "View more". */
export const propertiesAtFirst = 3;

const declaredValue = ({ label, dataType, options }: DeclaredProperty, value: string): CardProperty => {
  if (dataType !== 'STATUS') return { label, dataType, value };
  const option = options.find(({ name }) => name === value);
  return option === undefined
    ? { label, dataType, value, optionType: 'not declared' }
    : { label, dataType, value: option.label, optionType: option.type };
};

/**
 * A row's properties in HubSpot's order: the declared ones as the card's definition lists them, then the row's own.
 * A declared status takes its words and colour from the definition.
 */
export const rowProperties = (row: CardRow, definition: CardDefinition): readonly CardProperty[] => [
  ...definition.displayProperties.flatMap((declared) => {
    const value = row.declared[declared.name];
    return value === undefined ? [] : [declaredValue(declared, value)];
  }),
  ...row.properties,
];
