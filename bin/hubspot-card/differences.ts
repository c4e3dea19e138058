import type { CardDefinition, DisplayProperty } from '../../functions/card/card-definition.ts';
import type { StoredCard } from './cards-api.ts';

type StoredProperty = StoredCard['display']['properties'][number];

const quoted = (text: string): string => `“${text}”`;
const listed = (texts: readonly string[]): string => texts.map(quoted).join(', ') || 'none';

/**
 * How the card that HubSpot has differs from the definition, each difference as a sentence; none where a push would change nothing. The
 * order of options, object types and URLs means nothing to HubSpot; that of properties is the order on the card.
 */
export const differences = (stored: StoredCard, defined: CardDefinition): string[] => [
  ...changedText('The title', stored.title, defined.title),
  ...changedText('The address that data is fetched from', stored.fetch.targetUrl, defined.fetch.targetUrl),
  ...changedSet(
    'The records it stands on',
    stored.fetch.objectTypes.map(({ name }) => name),
    defined.fetch.objectTypes.map(({ name }) => name),
  ),
  ...defined.fetch.objectTypes.flatMap(({ name, propertiesToSend }) => {
    const there = stored.fetch.objectTypes.find((type) => type.name === name);
    return there ? changedSet(`What is sent along of ${name}`, there.propertiesToSend, propertiesToSend) : [];
  }),
  ...changedProperties(stored.display.properties, defined.display.properties),
  ...changedSet('The addresses that actions may have', stored.actions.baseUrls, defined.actions.baseUrls),
];

const changedText = (what: string, stored: string, defined: string): string[] =>
  stored === defined ? [] : [`${what} is ${quoted(stored)} in HubSpot and ${quoted(defined)} here.`];

function changedSet(what: string, stored: readonly string[], defined: readonly string[]): string[] {
  const isSame = stored.length === defined.length && defined.every((entry) => stored.includes(entry));
  return isSame ? [] : [`${what} are ${listed(stored)} in HubSpot and ${listed(defined)} here.`];
}

function changedProperties(stored: readonly StoredProperty[], defined: readonly DisplayProperty[]): string[] {
  const names = (properties: readonly { name: string }[]): string[] => properties.map(({ name }) => name);
  const gone = stored.filter(({ name }) => !names(defined).includes(name));
  const sentences = defined.flatMap((property) => {
    const there = stored.find(({ name }) => name === property.name);
    return there
      ? changedProperty(there, property)
      : [`The property ${quoted(property.name)} is missing in HubSpot.`];
  });
  const surplus = gone.map(({ name }) => `The property ${quoted(name)} is in HubSpot and no longer here.`);
  const isReordered =
    sentences.length + surplus.length === 0 && names(stored).join('\n') !== names(defined).join('\n');
  const order = isReordered
    ? [
        `The properties stand in another order: ${listed(names(stored))} in HubSpot, ${listed(names(defined))} here.`,
      ]
    : [];
  return [...sentences, ...surplus, ...order];
}

function changedProperty(stored: StoredProperty, defined: DisplayProperty): string[] {
  const what = `of the property ${quoted(defined.name)}`;
  return [
    ...changedText(`The label ${what}`, stored.label, defined.label),
    ...changedText(`The type ${what}`, stored.dataType, defined.dataType),
    ...changedSet(`The options ${what}`, stored.options.map(optionText), defined.options.map(optionText)),
  ];
}

const optionText = ({ name, label, type }: { name: string; label: string; type: string }): string =>
  `${name}: ${label} (${type.toLowerCase()})`;
