/** A run begins within so many hours of its start hour, or waits for the next night. */
const NIGHT_HOURS = 3;

/** The day (ISO date) it is in the time zone, and the hour of it. `now` is epoch milliseconds. */
function localTime(now: number, timeZone: string): { date: string; hour: number } {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
  });
  const parts = new Map(format.formatToParts(now).map(({ type, value }) => [type, value]));
  return {
    date: `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`,
    hour: Number(parts.get('hour')),
  };
}

/** The ISO date of a portal's day; `now` is epoch milliseconds. */
export const dayOf = (now: number, timeZone: string): string => localTime(now, timeZone).date;

/** The night it is for a portal, named by its ISO date; undefined by day. `startHour` is 0 to 20, in the portal's time zone. */
export function nightOf(now: number, timeZone: string, startHour: number): string | undefined {
  const { date, hour } = localTime(now, timeZone);
  return hour >= startHour && hour < startHour + NIGHT_HOURS ? date : undefined;
}
