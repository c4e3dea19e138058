import { button, element } from '../../pages/browser/element.ts';
import type { CardDefinition } from '../backend.ts';
import type { CardProperty, CardRow } from './card.ts';
import { menuButton } from './menu-button.ts';
import { showValue } from './property-value.ts';
import { externalLink, renderValue } from './render-value.ts';
import { propertiesAtFirst, rowProperties } from './row-properties.ts';
import { safeLink } from './safe-link.ts';

/** What a row needs of the card around it. */
export type RowContext = {
  readonly definition: CardDefinition;
  /** BCP 47. */
  readonly locale: string;
  /** The rows that show all their properties, by object id; kept over a refetch. */
  readonly expanded: Set<number>;
  readonly choose: (row: CardRow, index: number) => void;
};

const renderProperty = (property: CardProperty, locale: string): HTMLElement =>
  element(
    'div',
    {},
    element('dt', { dir: 'auto' }, property.label),
    element('dd', {}, renderValue(showValue(property, locale))),
  );

const viewMore = (row: CardRow, more: HTMLElement, expanded: Set<number>): HTMLButtonElement => {
  const toggle = button({ class: 'text-button', 'data-focus-key': `more-${row.objectId}` }, () => {
    if (!expanded.delete(row.objectId)) expanded.add(row.objectId);
    show();
  });
  const show = (): void => {
    const isExpanded = expanded.has(row.objectId);
    more.hidden = !isExpanded;
    toggle.textContent = isExpanded ? 'View less' : 'View more';
    toggle.setAttribute('aria-expanded', String(isExpanded));
    toggle.setAttribute('aria-label', `${toggle.textContent} of ${row.title}`);
  };
  show();
  return toggle;
};

const renderTitle = (row: CardRow): HTMLElement => {
  const href = safeLink(row.link);
  const title = href === undefined ? row.title : externalLink(href, row.title);
  return element('h3', { dir: 'auto' }, title);
};

/** One result: its title, its actions in a menu, three properties and the rest on demand. */
export const renderRow = (row: CardRow, context: RowContext): HTMLElement => {
  const { definition, locale, expanded, choose } = context;
  const properties = rowProperties(row, definition).map((property) => renderProperty(property, locale));
  const header = element('div', { class: 'row-header' }, renderTitle(row));
  if (row.actions.length > 0) {
    const items = row.actions.map(({ label }, index) => ({ label, choose: () => choose(row, index) }));
    const texts = { label: 'Actions', name: `Actions for ${row.title}`, focusKey: `row-${row.objectId}` };
    header.append(menuButton(texts, items));
  }
  const rendered = element('li', { class: 'row' }, header);
  rendered.append(element('dl', { class: 'properties' }, ...properties.slice(0, propertiesAtFirst)));
  const rest = properties.slice(propertiesAtFirst);
  if (rest.length > 0) {
    const more = element('dl', { class: 'properties' }, ...rest);
    rendered.append(more, viewMore(row, more, expanded));
  }
  return rendered;
};
