import type { SyncHealth } from '../sync/operations/health.ts';
import type { SyncState } from '../sync/records/sync-record.ts';
import type { Html } from './html.ts';

/** Whether somebody has to do something; `waiting` goes on by itself. */
export type Verdict = 'good' | 'waiting' | 'bad';

/** One line of the page on the connection. What is only told, such as a setting, has no verdict. */
export interface HealthLine {
  label: string;
  text: string | Html;
  verdict?: Verdict;
}

/** From then on it is no longer an ordinary wait: even a record that is tried again comes round in minutes. */
const TOO_LONG_MS = 3_600_000;

/** What tells how the sync stands. */
export interface SyncFacts {
  /** Undefined where it could not be read. */
  health: SyncHealth | undefined;
  hasToken: boolean;
  /** Epoch milliseconds. */
  now: number;
  /** A moment (epoch ms) as people read it. */
  moment: (at: number) => string;
}

/** How contacts and products get to HubSpot, in words and each with its verdict. */
export function syncLines({ health, hasToken, now, moment }: SyncFacts): HealthLine[] {
  const token: HealthLine = {
    label: 'HubSpot access token',
    ...(hasToken
      ? { text: 'Configured: line items of the deal can be filled in.', verdict: 'good' }
      : {
          text: 'Not configured: invoices work, but the deal’s line items can’t be filled in, and contacts and products don’t reach HubSpot.',
          verdict: 'bad',
        }),
  };
  if (!health) {
    const text = 'How it stands could not be read just now. Open this page again in a minute.';
    return [token, { label: 'Contacts and products', text, verdict: 'bad' }];
  }
  return [
    token,
    { label: 'Contacts and products', ...movement(health, moment) },
    { label: 'On their way', ...outstanding(health, now, moment) },
    { label: 'Could not be synced', ...failures(health) },
  ];
}

type Said = Pick<HealthLine, 'text' | 'verdict'>;

function movement(
  { counts, pausedUntil, heldUntil, stopped }: SyncHealth,
  moment: (at: number) => string,
): Said {
  if (stopped) {
    return { text: `Stopped since ${moment(stopped.since)}. ${stopped.reason}`, verdict: 'bad' };
  }
  if (heldUntil !== undefined) {
    const text = `Held until ${moment(heldUntil)}, or until whoever looks after this connection releases it.`;
    return { text, verdict: 'waiting' };
  }
  if (pausedUntil !== undefined) {
    const text = `Paused until ${moment(pausedUntil)}, because HubSpot asked for it. It goes on by itself.`;
    return { text, verdict: 'waiting' };
  }
  const text =
    total(counts, 'synced') === 0
      ? 'None is in HubSpot yet.'
      : `${recordsIn(counts, ['synced'])} in HubSpot as sent.`;
  return { text, verdict: 'good' };
}

function outstanding(
  { counts, oldestPendingAt }: SyncHealth,
  now: number,
  moment: (at: number) => string,
): Said {
  if (oldestPendingAt === undefined) return { text: 'Nothing waits.', verdict: 'good' };
  const retried = total(counts, 'retry');
  const again =
    retried === 0 ? '' : ` ${COUNTS.format(retried)} of them had a failure and will be tried again.`;
  return {
    text: `${recordsIn(counts, ['pending', 'retry'])} waiting, the longest since ${moment(oldestPendingAt)}.${again}`,
    verdict: now - oldestPendingAt > TOO_LONG_MS ? 'bad' : 'waiting',
  };
}

function failures({ counts }: SyncHealth): Said {
  if (total(counts, 'failed') === 0) return { text: 'None.', verdict: 'good' };
  const text = `${recordsIn(counts, ['failed'])} left out until somebody acts. Whoever looks after this connection finds each with its reason and its remedy in the list of failures.`;
  return { text, verdict: 'bad' };
}

const COUNTS = new Intl.NumberFormat('en-US');

const total = (counts: SyncHealth['counts'], state: SyncState): number =>
  counts.contacts[state] + counts.products[state];

/** "1 contact and 3 products are", to go on from; what there is none of is not named. */
function recordsIn({ contacts, products }: SyncHealth['counts'], states: readonly SyncState[]): string {
  const sum = (of: Record<SyncState, number>) => states.reduce((all, state) => all + of[state], 0);
  const named = [
    { count: sum(contacts), one: 'contact', many: 'contacts' },
    { count: sum(products), one: 'product', many: 'products' },
  ].filter(({ count }) => count > 0);
  const words = named.map(({ count, one, many }) => `${COUNTS.format(count)} ${count === 1 ? one : many}`);
  const isOne = named.length === 1 && named[0]?.count === 1;
  return `${words.join(' and ')} ${isOne ? 'is' : 'are'}`;
}
