import type { PortalId } from '../../invoices/identifiers.ts';
import { reopened } from '../intake/accept-change.ts';
import { desiredEmail } from '../records/desired-content.ts';
import type { RecordChange, SaveResult } from '../records/record-change.ts';
import type { RecordStore } from '../records/record-store.ts';
import { type Shard, shardOf } from '../records/shard.ts';
import type { EmailWait, SyncRecord } from '../records/sync-record.ts';
import { failed } from '../steps/end-state.ts';
import { ownReason } from '../sync-reasons.ts';

/**
 * Saves changes that may want an e-mail address. Where another record has it, the record is saved as failed and stands in line: it is tried
 * again when the address is let go. Every result is `saved` or `moved`.
 */
export async function saveOrStandInLine(
  store: RecordStore,
  changes: readonly RecordChange[],
  now: number,
): Promise<SaveResult[]> {
  const results: SaveResult[] = [];
  let open = changes.map((change, place) => ({ change, place, wanted: change.after }));
  while (open.length > 0) {
    const saved = await store.save(open.map(({ change }) => change));
    const next: typeof open = [];
    for (const [index, entry] of open.entries()) {
      const result = saved[index] ?? { kind: 'moved' };
      if (result.kind === 'email-taken') {
        const { holder } = await store.emailClaim(entry.wanted.portalId, result.email);
        const place = entry.change.before?.waiting;
        const after =
          holder === undefined ? entry.wanted : inLine(entry.wanted, result.email, holder, place, now);
        next.push({ ...entry, change: { before: entry.change.before, after } });
      } else if (result.kind === 'email-free') {
        next.push({ ...entry, change: { before: entry.change.before, after: entry.wanted } });
      } else results[entry.place] = result;
    }
    open = next;
  }
  return results;
}

/** The record while another has its address; one that stood in line already keeps its place. It is due once more, to ask the holder whether it still needs it. */
function inLine(
  record: SyncRecord,
  email: string,
  holder: string,
  place: EmailWait | undefined,
  now: number,
): SyncRecord {
  const detail = `The e-mail address ${email} belongs to customer ${holder}.`;
  const since = place?.email === email ? place.since : now;
  return {
    ...failed(record, ownReason('email-taken', detail), now),
    waiting: { email, since, revision: record.revision, ask: true },
    dueAt: now,
  };
}

export interface LineContext {
  store: RecordStore;
  now: () => number;
  ring: (shards: readonly Shard[]) => Promise<void>;
}

/**
 * Tells those in line that addresses are free: each is tried again in the order of their coming, so that the first gets the address and the
 * others stand in line for it. Done again as a whole after a crash, it does no harm.
 */
export async function tellWaiters({ store, now, ring }: LineContext, record: SyncRecord): Promise<void> {
  const { portalId, released = [] } = record;
  for (const email of released) {
    for (const externalId of await store.waiters(portalId, email)) {
      await tellWaiter(store, portalId, email, externalId, now());
    }
  }
  const shards = new Map<number, Shard>();
  for (const email of released) {
    const { holder } = await store.emailClaim(portalId, email);
    if (holder !== undefined) {
      const shard = shardOf(holder);
      shards.set(shard, { portalId, type: 'contacts', shard });
    }
  }
  await ring([...shards.values()]);
}

async function tellWaiter(
  store: RecordStore,
  portalId: PortalId,
  email: string,
  externalId: string,
  now: number,
): Promise<void> {
  for (;;) {
    const waiter = await store.record({ portalId, type: 'contacts' }, externalId);
    const { waiting } = waiter ?? {};
    if (!waiter || waiting?.email !== email || desiredEmail(waiter.desired) !== email) return;
    const after = { ...reopened(waiter, now), waiting: undefined };
    const [result] = await saveOrStandInLine(store, [{ before: waiter, after }], now);
    if (result?.kind === 'saved') return;
  }
}

/** What a record in line does when its turn at the worker comes. */
export type LineStep =
  /** Somebody waits for an address that it has in HubSpot and no longer wants: it lets that go. */
  | { kind: 'let-go' }
  /** It only waits. */
  | { kind: 'rest'; record: SyncRecord };

/**
 * A record in line keeps the address it has in HubSpot, until somebody else waits for that one: so two customers who swap their addresses
 * don't wait for each other for ever. Where it need not let go, it asks the holder of its address once to see whether that one must.
 */
export async function standInLine(context: LineContext, record: SyncRecord): Promise<LineStep> {
  const { store, now } = context;
  const { portalId, waiting } = record;
  for (const email of record.sentEmails) {
    if (await hasWaiters(store, portalId, email)) return { kind: 'let-go' };
  }
  if (!waiting) return { kind: 'rest', record: { ...record, dueAt: undefined } };
  if (waiting.ask) await askHolder(context, portalId, waiting.email, now());
  return { kind: 'rest', record: { ...record, waiting: { ...waiting, ask: false }, dueAt: undefined } };
}

/** The mark on the claim tells where it is worth looking; it stays when those in line have left again. */
const hasWaiters = async (store: RecordStore, portalId: PortalId, email: string): Promise<boolean> =>
  (await store.emailClaim(portalId, email)).isWanted && (await store.waiters(portalId, email)).length > 0;

async function askHolder(
  { store, ring }: LineContext,
  portalId: PortalId,
  email: string,
  now: number,
): Promise<void> {
  const owner = { portalId, type: 'contacts' as const };
  for (;;) {
    const { holder } = await store.emailClaim(portalId, email);
    const before = holder === undefined ? undefined : await store.record(owner, holder);
    // Who doesn't wait lets go by itself, when its next write is confirmed.
    if (!before?.waiting) return;
    // Saved even where it is due already: it may have looked before we stood in line, and must look again.
    const after = { ...before, dueAt: before.dueAt ?? now };
    const [result] = await store.save([{ before, after }]);
    if (result?.kind === 'moved') continue;
    await ring([{ ...owner, shard: shardOf(before.externalId) }]);
    return;
  }
}
