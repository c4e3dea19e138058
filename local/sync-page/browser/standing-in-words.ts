import type { Health, Standing } from '../backend.ts';

/** The sync of a type has nothing, is at work, or has come to rest. */
const typeInWords = (name: string, counts: Health['counts']['products']): string => {
  const { pending, retry, synced, failed, archived } = counts;
  const waiting = pending + retry;
  const parts = [
    [waiting, 'on the way'],
    [synced, 'in HubSpot'],
    [failed, 'failed'],
    [archived, 'archived'],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return `${name}: ${said.length === 0 ? 'none yet' : said.join(', ')}.`;
};

/** In one or two sentences how the sync stands: what a screen reader says when it changes. */
export const standingInWords = (standing: Standing): string => {
  if (standing.kind === 'refused') return standing.reason;
  const { products, contacts } = standing.health.counts;
  return `${typeInWords('Products', products)} ${typeInWords('Contacts', contacts)}`;
};

/** A line about what the sync waits for: its words, the moment they speak of (ISO 8601), and what follows. */
export type Wait = { readonly before: string; readonly at: string; readonly after: string };

/** What the sync waits for, or what stopped it. */
export const waitsOf = ({ oldestPendingAt, stopped, ...rest }: Health): readonly Wait[] => [
  ...(stopped === undefined
    ? []
    : [{ before: 'The sync stands still since ', at: stopped.since, after: `: ${stopped.reason}` }]),
  ...restOf(rest, stopped !== undefined),
  ...(oldestPendingAt === undefined
    ? []
    : [{ before: 'The oldest record on the way waits since ', at: oldestPendingAt, after: '.' }]),
];

/** Who keeps the sync from calling HubSpot, and until when. */
function restOf(
  { pausedUntil, heldUntil }: Pick<Health, 'pausedUntil' | 'heldUntil'>,
  isStopped: boolean,
): Wait[] {
  if (heldUntil !== undefined) {
    return [
      { before: 'An operator holds the sync until ', at: heldUntil, after: ', or until it is released.' },
    ];
  }
  if (pausedUntil === undefined) return [];
  const before = isStopped
    ? 'It is tried again at '
    : 'HubSpot takes no calls for now: the sync rests until ';
  return [{ before, at: pausedUntil, after: '.' }];
}
