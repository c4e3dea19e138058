import { dateInTimeZone, isIsoDate } from '../../invoices/calendar.ts';
import type { IsoDate, IsoDateTime } from '../../invoices/invoice.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A date in words that can't be misread as month and day swapped: "2026-11-02" is "2 Nov 2026". A date-time is the day it was in the IANA time zone. */
export function printedDate(date: IsoDate | IsoDateTime, timeZone: string): string {
  const day = isIsoDate(date) ? date : dateInTimeZone(Date.parse(date), timeZone);
  const [year, month, dayOfMonth] = day.split('-');
  return `${Number(dayOfMonth)} ${MONTHS[Number(month) - 1]} ${year}`;
}
