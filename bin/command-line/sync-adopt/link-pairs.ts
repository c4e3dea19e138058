import { reopened } from '../../../functions/sync/intake/accept-change.ts';
import type { Owner, RecordStore } from '../../../functions/sync/records/record-store.ts';
import type { SyncRecord } from '../../../functions/sync/records/sync-record.ts';
import { CLOCK_DIFFERENCE_MS } from '../../../functions/sync/sync-settings.ts';
import type { Finding } from './entries.ts';

export type Pair = Extract<Finding, { kind: 'pair' }>;

/** What became of a pair. `linked` in a dry run: would be. */
export type LinkResult = { kind: 'linked' } | { kind: 'not-now'; why: string };

export interface LinkContext {
  store: RecordStore;
  owner: Owner;
  dryRun: boolean;
  /** Epoch milliseconds. */
  now: () => number;
}

/** DynamoDB reads 100 items at once. */
const AT_ONCE = 100;
/** So often somebody else may change a record before it is left for another time. */
const TRIES = 5;

/** Links records to what HubSpot has of them, each with its claim, and makes them due. The results are in the order of the pairs. */
export async function linkPairs(context: LinkContext, pairs: readonly Pair[]): Promise<LinkResult[]> {
  const results: LinkResult[] = [];
  for (let first = 0; first < pairs.length; first += AT_ONCE) {
    results.push(...(await linkSome(context, pairs.slice(first, first + AT_ONCE))));
  }
  return results;
}

async function linkSome(
  { store, owner, dryRun, now }: LinkContext,
  pairs: readonly Pair[],
): Promise<LinkResult[]> {
  const results: LinkResult[] = pairs.map(() => ({ kind: 'not-now', why: 'others keep changing it' }));
  let open = [...pairs.entries()];
  for (let tries = 0; tries < TRIES && open.length > 0; tries++) {
    const externalIds = open.map(([, { externalId }]) => externalId);
    const records = await store.records(owner, externalIds);
    // A real run learns it from the claim that it loses.
    const holders = dryRun ? await store.holders(owner, hubspotIdsOf(open)) : NOBODY;
    const changes = open.flatMap(([place, pair]) => {
      const before = records.get(pair.externalId);
      const why = before ? obstacle(before, pair) : 'it is no longer there';
      const holder = holders.get(pair.hubspotId);
      if (why !== undefined) results[place] = { kind: 'not-now', why };
      else if (holder !== undefined && holder !== pair.externalId) results[place] = belongsTo(holder);
      // Linked already: by a call of this tool that was interrupted before it could note it.
      else if (dryRun || before?.hubspotId === pair.hubspotId) results[place] = { kind: 'linked' };
      else if (before) return [{ place, pair, before, after: linked(before, pair, now()) }];
      return [];
    });
    open = [];
    const saved = await store.save(changes);
    for (const [index, { place, pair }] of changes.entries()) {
      const kind = saved[index]?.kind;
      if (kind === 'saved') results[place] = { kind: 'linked' };
      else if (kind === 'id-taken') results[place] = await taken(store, owner, pair);
      else open.push([place, pair]);
    }
  }
  return results;
}

const NOBODY: ReadonlyMap<string, string> = new Map();

const hubspotIdsOf = (open: readonly (readonly [number, Pair])[]): string[] =>
  open.map(([, { hubspotId }]) => hubspotId);

async function taken(store: RecordStore, owner: Owner, { hubspotId }: Pair): Promise<LinkResult> {
  return belongsTo((await store.holders(owner, [hubspotId])).get(hubspotId) ?? 'another record');
}

const belongsTo = (holder: string): LinkResult => ({
  kind: 'not-now',
  why: `HubSpot's record belongs to ${holder} by now`,
});

/** Why a record can't be linked now; undefined where it can. */
function obstacle(record: SyncRecord, { hubspotId }: Pair): string | undefined {
  if (record.hubspotId === hubspotId) return undefined;
  if (record.hubspotId !== undefined) return `it was linked to ${record.hubspotId} meanwhile`;
  if (record.desired.kind === 'deleted') return 'it was deleted meanwhile';
  if (record.attempt || (record.unresolved && record.state !== 'failed')) {
    return 'the worker is creating it, or looking for it, in HubSpot';
  }
  if (record.waiting) return 'it waits for an e-mail address that another customer has';
  return undefined;
}

/**
 * The record as linked, to be written with what it should be. It counts as adopted, and so outlives a deletion in HubSpot, unless it was made
 * there after our own first try to create it.
 */
function linked(record: SyncRecord, { hubspotId, createdAt }: Pair, now: number): SyncRecord {
  const since = record.unresolved?.since;
  const isOurs = since !== undefined && createdAt !== undefined && createdAt >= since - CLOCK_DIFFERENCE_MS;
  return {
    ...reopened(record, now),
    hubspotId,
    adopted: isOurs ? undefined : true,
    gone: undefined,
    unresolved: undefined,
    syncedHash: undefined,
  };
}
