import { fieldSentence } from '../../http/problem.ts';
import type { ObjectType } from '../../hubspot/hubspot-api.ts';
import { fieldProblems } from '../../input/field-problem.ts';
import { LONGEST_EXTERNAL_ID } from '../../input/text.ts';
import type { DesiredContent } from '../records/desired-content.ts';
import type { SentRecord } from './accept-change.ts';
import { contactInput, deletionInput, productInput } from './record-input.ts';
import { sourceInstant } from './source-instant.ts';

export type RecordReading =
  | { kind: 'read'; record: SentRecord }
  /** `externalId` as far as there is one to name. */
  | { kind: 'rejected'; externalId: string | null; reason: string };

/** A time that is so much ahead of ours is a mistake: it would keep every true change out. */
const MAX_AHEAD_MS = 10 * 60_000;
/** With what we keep of it, a record must fit into an item of DynamoDB (400 kB). */
const MAX_RECORD_BYTES = 200_000;

/** Reads one record as it was sent. `now` is epoch milliseconds. */
export function readRecord(type: ObjectType, input: unknown, now: number): RecordReading {
  const parsed = parseRecord(type, input);
  if (parsed.kind === 'problem') return { kind: 'rejected', externalId: idIn(input), reason: parsed.reason };
  const { externalId, updatedAt, desired } = parsed;
  if (Date.parse(updatedAt) > now + MAX_AHEAD_MS) {
    const reason = `updatedAt is ${updatedAt}, which is more than ten minutes ahead of our clock.`;
    return { kind: 'rejected', externalId, reason };
  }
  if (Buffer.byteLength(JSON.stringify(desired)) > MAX_RECORD_BYTES) {
    const reason = `The record has more than ${MAX_RECORD_BYTES} bytes.`;
    return { kind: 'rejected', externalId, reason };
  }
  const record = { externalId, updatedAt, sourceInstant: sourceInstant(updatedAt), desired };
  return { kind: 'read', record };
}

type Parsed =
  | { kind: 'parsed'; externalId: string; updatedAt: string; desired: DesiredContent }
  | { kind: 'problem'; reason: string };

function parseRecord(type: ObjectType, input: unknown): Parsed {
  if (isDeletion(input)) {
    const deletion = deletionInput.safeParse(input);
    if (!deletion.success) return problem(deletion.error.issues, input);
    const { externalId, updatedAt } = deletion.data;
    return { kind: 'parsed', externalId, updatedAt, desired: { kind: 'deleted' } };
  }
  if (type === 'contacts') {
    const contact = contactInput.safeParse(input);
    if (!contact.success) return problem(contact.error.issues, input);
    const { externalId, updatedAt, deleted: _, ...content } = contact.data;
    return { kind: 'parsed', externalId, updatedAt, desired: { kind: 'contact', content } };
  }
  const product = productInput.safeParse(input);
  if (!product.success) return problem(product.error.issues, input);
  const { externalId, updatedAt, deleted: _, ...content } = product.data;
  return { kind: 'parsed', externalId, updatedAt, desired: { kind: 'product', content } };
}

const problem = (issues: Parameters<typeof fieldProblems>[0], input: unknown): Parsed => ({
  kind: 'problem',
  reason: fieldSentence(fieldProblems(issues, input), 'The record'),
});

const isDeletion = (input: unknown): boolean =>
  input !== null && typeof input === 'object' && 'deleted' in input && input.deleted === true;

function idIn(input: unknown): string | null {
  if (input === null || typeof input !== 'object' || !('externalId' in input)) return null;
  const { externalId } = input;
  return typeof externalId === 'string' ? externalId.slice(0, LONGEST_EXTERNAL_ID).toWellFormed() : null;
}
