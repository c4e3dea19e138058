import { button, element, find } from '../../pages/browser/element.ts';
import { icon } from '../../pages/browser/icon.ts';
import type { ActionPlace } from './action-place.ts';
import type { Card, CardState } from './card.ts';
import { menuButton } from './menu-button.ts';
import { type RowContext, renderRow } from './render-row.ts';

/** What the card needs of the page around it. */
export type CardContext = Omit<RowContext, 'choose'> & {
  /** `subject` is the title of the row that the action belongs to. */
  readonly choose: (place: ActionPlace, subject?: string) => void;
  readonly reload: () => void;
};

const skeleton = (): Node[] => [
  element('div', { class: 'skeleton', 'aria-hidden': 'true' }, ...[1, 2, 3].map(() => element('i', {}))),
  element('p', { class: 'visually-hidden' }, 'Loading the card'),
];

const failure = (reason: string, { reload }: CardContext): Node[] => [
  element(
    'div',
    { class: 'card-failure', role: 'alert' },
    element('p', { class: 'strong' }, "This card couldn't be loaded"),
    element('p', { dir: 'auto' }, reason),
    button({ class: 'button', 'data-focus-key': 'retry', 'data-calls': '' }, reload, 'Try again'),
  ),
];

const results = ({ rows }: Card, context: CardContext): Node[] => {
  if (rows.length === 0) return [element('p', { class: 'card-empty' }, 'No invoices on this deal yet')];
  const rowContext: RowContext = {
    ...context,
    choose: (row, index) => context.choose({ on: 'row', objectId: row.objectId, index }, row.title),
  };
  return [element('ul', { class: 'rows' }, ...rows.map((row) => renderRow(row, rowContext)))];
};

const cardActions = ({ primary, secondary }: Card, { choose }: CardContext): Node[] => {
  if (primary === undefined && secondary.length === 0) return [];
  const bar = element('div', { class: 'card-actions' });
  if (primary !== undefined) {
    const attributes = {
      class: 'button button-primary',
      dir: 'auto',
      'data-focus-key': 'primary',
      'data-calls': '',
    };
    bar.append(button(attributes, () => choose({ on: 'primary' }), primary.label));
  }
  if (secondary.length > 0) {
    const items = secondary.map(({ label }, index) => ({
      label,
      choose: () => choose({ on: 'secondary', index }),
    }));
    bar.append(menuButton({ label: 'More', name: 'More card actions', focusKey: 'secondary' }, items));
  }
  return [bar];
};

const settingsButton = ({ settings }: Card, { choose }: CardContext): Node[] =>
  settings === undefined
    ? []
    : [
        button(
          {
            class: 'icon-button',
            'aria-label': settings.label,
            title: settings.label,
            'data-focus-key': 'settings',
            'data-calls': '',
          },
          () => choose({ on: 'settings' }),
          icon('gear'),
        ),
      ];

const footer = ({ reload }: CardContext): HTMLElement =>
  element(
    'div',
    { class: 'card-footer' },
    element('span', { class: 'fetch-time' }),
    button({ class: 'text-button', 'data-focus-key': 'reload', 'data-calls': '' }, reload, 'Reload card'),
  );

const renderBody = (state: CardState, context: CardContext): Node[] => {
  switch (state.kind) {
    case 'loading':
      return skeleton();
    case 'failed':
      return failure(state.reason, context);
    case 'loaded':
      return [...results(state.card, context), ...cardActions(state.card, context), footer(context)];
  }
};

/**
 * Shows the state in the card's place. The focus stays where it was, or goes to the card's title if what had it is
 * gone.
 */
export const renderCard = (place: HTMLElement, state: CardState, context: CardContext): void => {
  const focused = document.activeElement;
  const hadFocus = focused !== null && place.contains(focused);
  const focusKey = focused instanceof HTMLElement ? focused.dataset.focusKey : undefined;

  const title = find(place, '#card-title');
  title.textContent = context.definition.title;
  const settings = state.kind === 'loaded' ? settingsButton(state.card, context) : [];
  find(place, '.card-header').replaceChildren(title, ...settings);
  find(place, '.card-body').replaceChildren(...renderBody(state, context));

  if (!hadFocus) return;
  const keyed = [...place.querySelectorAll<HTMLElement>('[data-focus-key]')];
  (keyed.find(({ dataset }) => dataset.focusKey === focusKey) ?? title).focus();
};
