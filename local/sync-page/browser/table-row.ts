import { element } from '../../pages/browser/element.ts';

/** A cell: the name of its column (shown on a phone, where a row is a block), its content, and the class it may have. */
export type Cell = {
  readonly column: string;
  readonly content: Node | string;
  readonly style?: string;
};

/** A row of a table; the head says what the row is about. */
export const tableRow = (head: Node | string, cells: readonly Cell[]): HTMLTableRowElement =>
  element(
    'tr',
    {},
    element('th', { scope: 'row' }, head),
    ...cells.map(({ column, content, style }) =>
      element('td', { 'data-label': column, class: style }, content),
    ),
  );

/** A text of unknown direction, kept apart from its surroundings. */
export const foreignText = (text: string): HTMLElement => element('bdi', {}, text);

/** A moment for people of this locale (BCP 47), and for machines as it came (ISO 8601). */
export const moment = (at: string, locale: string): HTMLTimeElement =>
  element('time', { datetime: at }, momentInWords(at, locale));

/** The same as a text. */
export const momentInWords = (at: string, locale: string): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(at));
