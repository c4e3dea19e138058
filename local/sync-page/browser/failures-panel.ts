import { button, element, find } from '../../pages/browser/element.ts';
import type { Failure, Replay } from '../backend.ts';
import { type RefreshedPart, refreshedPart } from './refreshed-part.ts';
import { foreignText, moment, tableRow } from './table-row.ts';

type Listed = { readonly failures: readonly Failure[]; readonly hasMore: boolean };

const noteOn = ({ failures, hasMore }: Listed): string => {
  if (failures.length === 0) return 'None: HubSpot has refused nothing.';
  return hasMore ? `The first ${failures.length}.` : `${failures.length} in all.`;
};

const words = (type: Failure['type']): string => (type === 'products' ? 'Product' : 'Contact');

const failureRow = (failure: Failure, locale: string, replay: (replay: Replay) => void): HTMLElement => {
  const { type, externalId, reason, reasonCode, since, attempts } = failure;
  const tryAgain = button(
    {
      class: 'button',
      'aria-label': `Try again: ${externalId}`,
      'data-focus-key': `${type} ${externalId}`,
    },
    () => replay({ type, externalIds: [externalId] }),
    'Try again',
  );
  const explained = element(
    'div',
    {},
    element('p', { dir: 'auto' }, reason),
    element('p', { class: 'hint' }, reasonCode),
  );
  return tableRow(foreignText(externalId), [
    { column: 'Type', content: words(type) },
    { column: 'Reason', content: explained, style: 'reason' },
    { column: 'Since', content: moment(since, locale) },
    { column: 'Attempts', content: String(attempts) },
    { column: 'Action', content: tryAgain, style: 'action' },
  ]);
};

/** What HubSpot refused, with the reason; each can be tried again, or all at once. */
export const failuresPanel = (locale: string, replay: (replay: Replay) => void): RefreshedPart<Listed> => {
  const note = refreshedPart(find(document, '#failures-note'), (text: string) => [text]);
  const rows = refreshedPart(find(document, '#failures'), (failures: readonly Failure[]) =>
    failures.map((failure) => failureRow(failure, locale, replay)),
  );
  const all = find(document, '[data-replay-all]');
  all.addEventListener('click', () => replay({ all: true }));
  return (listed) => {
    note(noteOn(listed));
    rows(listed.failures);
  };
};
