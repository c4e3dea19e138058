import { fingerprint } from '../records/desired-content.ts';
import type { SentRecord } from './accept-change.ts';

/** A sent record that has to give way to another of the same call, or none. */
export type WithinCall =
  | { kind: 'newest' }
  | { kind: 'same-content' }
  | { kind: 'superseded'; by: SentRecord };

/**
 * Of several records with one id in one call the newest counts, of equally new ones the last. The answer is in the order sent; what has the
 * newest's content is as good as the newest.
 */
export function newestOfCall(sent: readonly SentRecord[]): WithinCall[] {
  const newest = new Map<string, SentRecord>();
  for (const record of sent) {
    const other = newest.get(record.externalId);
    if (!other || record.sourceInstant >= other.sourceInstant) newest.set(record.externalId, record);
  }
  return sent.map((record) => {
    const by = newest.get(record.externalId) ?? record;
    if (by === record) return { kind: 'newest' };
    return fingerprint(by.desired) === fingerprint(record.desired)
      ? { kind: 'same-content' }
      : { kind: 'superseded', by };
  });
}
