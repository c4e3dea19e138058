import type { CardDefinition } from '../../functions/card/card-definition.ts';
import type { CardsApi, StoredCard } from './cards-api.ts';
import { differences } from './differences.ts';

export const COMMANDS = ['show', 'diff', 'push', 'delete'] as const;
export type Command = (typeof COMMANDS)[number];

/** What a command came to: what to print, and 1 as exit code where `diff` found something. */
export interface CommandResult {
  lines: string[];
  exitCode: 0 | 1;
}

/** Several cards could be the one that is meant; the message names them. */
export class AmbiguousCardError extends Error {
  override name = 'AmbiguousCardError';
}

/** Carries out a command on the app's card. Throws what the API throws, and an {@link AmbiguousCardError}. */
export async function runCommand(
  command: Command,
  api: CardsApi,
  defined: CardDefinition,
  cardId?: string,
): Promise<CommandResult> {
  const stored = ourCard(await api.list(), defined, cardId);
  switch (command) {
    case 'show':
      return done(stored ? shown(stored) : [NO_CARD]);
    case 'diff': {
      const found = stored ? differences(stored, defined) : [NO_CARD];
      return found.length === 0 ? done([same(stored)]) : { lines: found, exitCode: 1 };
    }
    case 'push':
      return done(await push(api, stored, defined));
    case 'delete':
      if (!stored) return done(['There is no such card in HubSpot: nothing to delete.']);
      await api.delete(stored.id);
      return done([`Deleted ${name(stored)}. It is gone from every account that has the app.`]);
  }
}

async function push(
  api: CardsApi,
  stored: StoredCard | undefined,
  defined: CardDefinition,
): Promise<string[]> {
  if (!stored) return [`Created ${name(await api.create(defined))}.`];
  const found = differences(stored, defined);
  if (found.length === 0) return [same(stored)];
  const updated = await api.update(stored.id, defined);
  const left = differences(updated, defined);
  return [
    `Changed ${name(stored)}:`,
    ...found,
    ...(left.length === 0 ? [] : ['HubSpot did not take all of it:', ...left]),
  ];
}

const done = (lines: string[]): CommandResult => ({ lines, exitCode: 0 });
const name = ({ id, title }: StoredCard): string => `card ${id}, “${title}”`;
const NO_CARD = 'HubSpot has no such card for this app: "push" creates it.';
const same = (stored: StoredCard | undefined): string =>
  `${stored ? `Card ${stored.id}` : 'The card'} is as it is defined here: nothing to change.`;

/**
 * The app's card that is this one: by the id given, else by the address it fetches from, else by its title, as after a move to
 * another address.
 */
function ourCard(
  cards: readonly StoredCard[],
  defined: CardDefinition,
  cardId: string | undefined,
): StoredCard | undefined {
  if (cardId !== undefined) {
    const card = cards.find(({ id }) => id === cardId);
    if (!card) throw new AmbiguousCardError(`The app has no card ${cardId}. It has ${names(cards)}.`);
    return card;
  }
  const byAddress = cards.filter(({ fetch }) => fetch.targetUrl === defined.fetch.targetUrl);
  const candidates = byAddress.length > 0 ? byAddress : cards.filter(({ title }) => title === defined.title);
  if (candidates.length > 1) {
    throw new AmbiguousCardError(
      `Several cards of the app could be this one: ${names(candidates)}. Say which with --card <id>.`,
    );
  }
  return candidates[0];
}

const names = (cards: readonly StoredCard[]): string => cards.map(name).join('; ') || 'none';

const shown = (card: StoredCard): string[] => [
  `Card ${card.id}`,
  `  title          ${card.title}`,
  `  fetches from   ${card.fetch.targetUrl}`,
  ...card.fetch.objectTypes.map(
    ({ name: type, propertiesToSend }) =>
      `  stands on      ${type}${propertiesToSend.length > 0 ? `, with ${propertiesToSend.join(', ')}` : ''}`,
  ),
  ...card.display.properties.map(
    ({ name: property, label, dataType, options }) =>
      `  shows          ${label} (${property}, ${dataType.toLowerCase()}${
        options.length > 0 ? `: ${options.map((option) => option.label).join(', ')}` : ''
      })`,
  ),
  ...card.actions.baseUrls.map((url) => `  actions under  ${url}`),
];
