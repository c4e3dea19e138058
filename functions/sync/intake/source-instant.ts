import type { IsoDateTime } from '../../invoices/invoice.ts';

const FRACTION = /\.(\d{1,9})/;

/**
 * A date-time with offset (RFC 3339) as a text in UTC with nine decimals. Such texts compare as the instants do, down to the nanosecond,
 * whatever the offsets they were written with.
 */
export function sourceInstant(text: IsoDateTime): string {
  const fraction = (FRACTION.exec(text)?.[1] ?? '').padEnd(9, '0');
  const seconds = new Date(text.replace(FRACTION, '')).toISOString().slice(0, -'.000Z'.length);
  return `${seconds}.${fraction}Z`;
}
