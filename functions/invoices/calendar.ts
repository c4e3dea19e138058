import type { IsoDate, IsoDateTime } from './invoice.ts';

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
/** RFC 3339 with an offset: without one an instant is a guess. */
const DATE_TIME =
  /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/** Whether the text is a date that exists, yyyy-mm-dd, from year 1 on. */
export function isIsoDate(text: string): text is IsoDate {
  const match = DATE.exec(text);
  if (!match || match[1] === '0000') return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** Whether the text is an RFC 3339 date-time with offset on a date that exists; in UTC too it is in the years 1 to 9999. */
export function isIsoDateTime(text: string): text is IsoDateTime {
  const match = DATE_TIME.exec(text);
  return match?.[1] !== undefined && isIsoDate(match[1]) && isIsoDate(instantOf(text).slice(0, 10));
}

/** The instant a date or date-time stands for, in UTC with milliseconds: a date stands for its first moment in UTC. */
export const instantOf = (text: IsoDate | IsoDateTime): IsoDateTime => new Date(text).toISOString();

/** Whether the first moment is before the second, down to the nanosecond: systems tell times finer than a Date holds. */
export const isEarlier = (a: IsoDateTime, b: IsoDateTime): boolean => inNanoseconds(a) < inNanoseconds(b);

const FRACTION = /\.(\d{1,9})/;

/** The moment that a date or date-time stands for, in nanoseconds since 1970: equal for whatever stands for the same one. */
export function inNanoseconds(text: IsoDate | IsoDateTime): bigint {
  const fraction = (FRACTION.exec(text)?.[1] ?? '').padEnd(9, '0');
  return BigInt(Date.parse(text.replace(FRACTION, ''))) * 1_000_000n + BigInt(fraction);
}

/** The calendar date that this moment (epoch milliseconds) is in an IANA time zone. */
export function dateInTimeZone(epochMs: number, timeZone: string): IsoDate {
  let format = FORMATS.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
    FORMATS.set(timeZone, format);
  }
  return format.format(epochMs);
}

/** Making a formatter costs 50 times what using it does; there are as many as time zones. */
const FORMATS = new Map<string, Intl.DateTimeFormat>();
