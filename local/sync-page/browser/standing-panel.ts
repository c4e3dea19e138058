import { element, find } from '../../pages/browser/element.ts';
import type { Health, Standing } from '../backend.ts';
import { type RefreshedPart, refreshedPart } from './refreshed-part.ts';
import { standingInWords, type Wait, waitsOf } from './standing-in-words.ts';
import { moment, tableRow } from './table-row.ts';

const STATES = [
  ['pending', 'Pending'],
  ['retry', 'Retry'],
  ['synced', 'Synced'],
  ['failed', 'Failed'],
  ['archived', 'Archived'],
] as const;

const countRow = (name: string, counts: Health['counts']['products']): HTMLTableRowElement =>
  tableRow(
    name,
    STATES.map(([state, column]) => ({
      column,
      content: String(counts[state]),
      style: counts[state] > 0 ? `count count-${state}` : 'count',
    })),
  );

/** Counts by state in a table, and in words what they come to and what is waited for. */
export const standingPanel = (locale: string): RefreshedPart<Standing> => {
  const words = refreshedPart(find(document, '#standing'), (text: string) => [text]);
  const counts = refreshedPart(find(document, '#counts'), ({ products, contacts }: Health['counts']) => [
    countRow('Products', products),
    countRow('Contacts', contacts),
  ]);
  const waits = refreshedPart(find(document, '#waits'), (lines: readonly Wait[]) =>
    lines.map(({ before, at, after }) => element('p', {}, before, moment(at, locale), after)),
  );
  return (standing) => {
    words(standingInWords(standing));
    if (standing.kind === 'refused') return;
    counts(standing.health.counts);
    waits(waitsOf(standing.health));
  };
};
