import type { Card, CardAction } from './card.ts';

/** Where on the card an action stands. */
export type ActionPlace =
  | { readonly on: 'settings' }
  | { readonly on: 'primary' }
  | { readonly on: 'secondary'; readonly index: number }
  | { readonly on: 'row'; readonly objectId: number; readonly index: number };

/**
 * The action that stands there now. The page asks at the click: a card that looks the same after a refetch keeps
 * its buttons, while its actions carry newer versions and tickets.
 */
export const actionAt = (card: Card, place: ActionPlace): CardAction | undefined => {
  switch (place.on) {
    case 'settings':
      return card.settings;
    case 'primary':
      return card.primary;
    case 'secondary':
      return card.secondary[place.index];
    case 'row':
      return card.rows.find(({ objectId }) => objectId === place.objectId)?.actions[place.index];
  }
};

const lookOfAction = (action: CardAction | undefined) => action && { kind: action.kind, label: action.label };

/** Everything of a card that meets the eye, as a text to compare; the actions' addresses are no part of it. */
export const lookOf = ({ rows, settings, primary, secondary }: Card): string =>
  JSON.stringify({
    rows: rows.map((row) => ({ ...row, actions: row.actions.map(lookOfAction) })),
    settings: lookOfAction(settings),
    primary: lookOfAction(primary),
    secondary: secondary.map(lookOfAction),
  });
