import { isIsoDate, isIsoDateTime } from '../../../functions/invoices/calendar.ts';
import { UsageError } from '../run-tool.ts';

/** One end of what is sent again: a number of the feed, or a moment (epoch milliseconds). */
export type RangeEnd = { kind: 'number'; number: number } | { kind: 'moment'; at: number };

export interface ResendRange {
  from: RangeEnd;
  /** Included. Undefined for the newest. */
  to: RangeEnd | undefined;
}

const DAY_MS = 86_400_000;
const EXPECTED =
  'a number of the feed such as 1200, a date such as 2026-11-22 or a date-time such as 2026-11-22T09:30:00Z';

/** Reads `--from` and `--to`. A date means the whole day, in UTC. Throws a UsageError. */
export function resendRange(from: string | undefined, to: string | undefined): ResendRange {
  if (from === undefined) throw new UsageError(`From where? Pass --from with ${EXPECTED}.`);
  return {
    from: rangeEnd('from', from, 0),
    to: to === undefined ? undefined : rangeEnd('to', to, DAY_MS - 1),
  };
}

function rangeEnd(option: string, text: string, intoTheDay: number): RangeEnd {
  if (/^[1-9]\d{0,14}$/.test(text)) return { kind: 'number', number: Number(text) };
  if (isIsoDate(text)) return { kind: 'moment', at: Date.parse(text) + intoTheDay };
  if (isIsoDateTime(text)) return { kind: 'moment', at: Date.parse(text) };
  throw new UsageError(`--${option} is ${JSON.stringify(text)}; expected ${EXPECTED}.`);
}

/** Whether a change with this number and time (RFC 3339) is in the range. */
export function isInRange({ from, to }: ResendRange, sequence: number, at: string): boolean {
  const place = (end: RangeEnd): number =>
    end.kind === 'number' ? sequence - end.number : Date.parse(at) - end.at;
  return place(from) >= 0 && (to === undefined || place(to) <= 0);
}

/** The numbers that have to be looked at: all, where an end is a moment, since times are only roughly in the order of numbers. */
export const numbersToRead = (
  { from, to }: ResendRange,
  newest: number,
): { first: number; last: number } => ({
  first: from.kind === 'number' ? from.number : 1,
  last: to?.kind === 'number' ? Math.min(to.number, newest) : newest,
});
