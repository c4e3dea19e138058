import type { ObjectType } from '../../hubspot/hubspot-api.ts';
import type { PortalId } from '../../invoices/identifiers.ts';
import type { ControlStore } from '../records/control-store.ts';
import { desiredEmail } from '../records/desired-content.ts';
import type { Owner, RecordStore } from '../records/record-store.ts';
import { type Shard, shardOf } from '../records/shard.ts';
import type { SyncRecord } from '../records/sync-record.ts';
import { saveOrStandInLine } from '../worker/email-line.ts';
import { acceptChange, type SentRecord } from './accept-change.ts';
import { newestOfCall } from './newest-of-call.ts';
import { readRecord } from './read-record.ts';

/** What became of one record of a call. */
export interface IntakeResult {
  externalId: string | null;
  verdict: 'accepted' | 'unchanged' | 'stale' | 'rejected';
  reason?: string;
}

export interface IntakeAccess {
  store: RecordStore;
  control: ControlStore;
  ring: (shards: readonly Shard[]) => Promise<void>;
  /** Epoch milliseconds. */
  now: () => number;
}

/**
 * Takes in what the accounting system says its records should be.
 * 1. Read and check each record; of several with one id the newest counts. 2. Hold each to what we have. 3. Store what is accepted, as due.
 * 4. Ring for its shards. Answers each record's verdict, in the order sent; one bad record rejects only itself.
 */
export async function takeIn(
  access: IntakeAccess,
  portalId: PortalId,
  type: ObjectType,
  inputs: readonly unknown[],
): Promise<IntakeResult[]> {
  const owner = { portalId, type };
  const readings = inputs.map((input) => readRecord(type, input, access.now()));
  const sent = readings.flatMap((reading) => (reading.kind === 'read' ? [reading.record] : []));
  const places = new Map(newestOfCall(sent).map((place, index) => [sent[index], place]));
  const newest = sent.filter((record) => places.get(record)?.kind === 'newest');
  const verdicts = new Map<string, IntakeResult>();
  if (newest.length > 0) {
    await access.control.register(portalId, type);
    for (const wave of wavesByEmail(newest)) await storeWave(access, owner, wave, verdicts);
    await access.ring(
      shardsToRing(
        owner,
        newest.filter(({ externalId }) => verdicts.get(externalId)?.verdict === 'accepted'),
      ),
    );
  }
  return readings.map((reading): IntakeResult => {
    if (reading.kind === 'rejected') {
      return { externalId: reading.externalId, verdict: 'rejected', reason: reading.reason };
    }
    const { externalId } = reading.record;
    const verdict = verdicts.get(externalId) ?? { externalId, verdict: 'unchanged' };
    // What we already have is newer than all of this call.
    if (verdict.verdict === 'stale') return verdict;
    const place = places.get(reading.record);
    if (place?.kind === 'same-content') return { externalId, verdict: 'unchanged' };
    if (place?.kind === 'superseded') {
      const reason = `This call also has the change of ${place.by.updatedAt}, which counts.`;
      return { externalId, verdict: 'stale', reason };
    }
    return verdict;
  });
}

/** Records with one e-mail address go in one after the other, so that the first of the call gets it. */
function wavesByEmail(records: readonly SentRecord[]): SentRecord[][] {
  const seen = new Map<string, number>();
  const waves: SentRecord[][] = [];
  for (const record of records) {
    const email = desiredEmail(record.desired);
    const wave = email === undefined ? 0 : (seen.get(email) ?? 0);
    if (email !== undefined) seen.set(email, wave + 1);
    const place = waves[wave] ?? [];
    place.push(record);
    waves[wave] = place;
  }
  return waves;
}

/** So many records are read and stored together: soon after each other, so that others seldom come in between. */
const CHUNK = 100;
const CHUNKS_AT_ONCE = 4;

async function storeWave(
  access: IntakeAccess,
  owner: Owner,
  wave: readonly SentRecord[],
  verdicts: Map<string, IntakeResult>,
): Promise<void> {
  let next = 0;
  const storeNext = async (): Promise<void> => {
    while (next < wave.length) {
      const chunk = wave.slice(next, next + CHUNK);
      next += CHUNK;
      await storeChunk(access, owner, chunk, verdicts);
    }
  };
  await Promise.all(Array.from({ length: CHUNKS_AT_ONCE }, storeNext));
}

/** Decides and stores; a record that somebody changed meanwhile is decided again on what is there now. */
async function storeChunk(
  { store, now }: IntakeAccess,
  owner: Owner,
  chunk: readonly SentRecord[],
  verdicts: Map<string, IntakeResult>,
): Promise<void> {
  let open = chunk;
  while (open.length > 0) {
    const ids = open.map(({ externalId }) => externalId);
    const current = await store.records(owner, ids);
    const changes: { sent: SentRecord; before: SyncRecord | undefined; after: SyncRecord }[] = [];
    for (const sent of open) {
      const { externalId } = sent;
      const before = current.get(externalId);
      const acceptance = acceptChange(owner, before, sent, now());
      noteVerdict(verdicts, externalId, acceptance);
      if (acceptance.verdict !== 'stale' && acceptance.record) {
        changes.push({ sent, before, after: acceptance.record });
      }
    }
    const results = await saveOrStandInLine(store, changes, now());
    open = changes.filter((_, index) => results[index]?.kind !== 'saved').map(({ sent }) => sent);
  }
}

/** A record that looks unchanged at a second look was stored at the first, whose answer got lost. */
function noteVerdict(
  verdicts: Map<string, IntakeResult>,
  externalId: string,
  acceptance: ReturnType<typeof acceptChange>,
): void {
  const { verdict } = acceptance;
  if (verdict === 'unchanged' && verdicts.get(externalId)?.verdict === 'accepted') return;
  verdicts.set(
    externalId,
    verdict === 'stale' ? { externalId, verdict, reason: acceptance.reason } : { externalId, verdict },
  );
}

function shardsToRing({ portalId, type }: Owner, records: readonly SentRecord[]): Shard[] {
  const shards = new Set(records.map(({ externalId }) => shardOf(externalId)));
  return [...shards].map((shard) => ({ portalId, type, shard }));
}
