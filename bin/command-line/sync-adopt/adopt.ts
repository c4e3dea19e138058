import type { HubSpotApi } from '../../../functions/hubspot/hubspot-api.ts';
import { keysIn, portalProperties } from '../../../functions/sync/mapping/portal-properties.ts';
import type { Owner, RecordStore } from '../../../functions/sync/records/record-store.ts';
import { SHARD_COUNT } from '../../../functions/sync/records/shard.ts';
import type { AdoptCounts, AdoptPoint } from './adopt-point.ts';
import type { Remark } from './adopt-report.ts';
import type { Candidate, Finding, HubSpotEntry, OwnEntry } from './entries.ts';
import { linkPairs } from './link-pairs.ts';
import { listPage, type Patience, patiently } from './list-hubspot.ts';
import { matchByKey, matchByRecord, matchByValue } from './match.ts';
import { PARTITIONS, PartitionedList } from './partitions.ts';
import { hubSpotEntries, ownEntry, TELLING_PROPERTIES } from './read-entries.ts';

export interface Adoption {
  store: RecordStore;
  owner: Owner;
  hubspot: HubSpotApi;
  patience: Patience;
  /** Where the lists are kept while it runs. */
  directory: string;
  from: AdoptPoint;
  save: (point: AdoptPoint) => Promise<void>;
  /** Told of everything that is not simply linked. */
  remark: (remark: Remark, by: 'key' | 'value') => void;
  /** Epoch milliseconds. */
  now: () => number;
  /** Ends it after the step under way, with everything saved. */
  stop: AbortSignal;
}

interface Lists {
  theirKeys: PartitionedList<HubSpotEntry>;
  ourKeys: PartitionedList<OwnEntry>;
  theirValues: PartitionedList<HubSpotEntry>;
  ourValues: PartitionedList<OwnEntry>;
  candidates: PartitionedList<Candidate>;
}

const PAGE = 100;
/** So many pages are read between two resume points. */
const PAGES_A_STEP = 20;

/**
 * Links records of ours to those that HubSpot has of them already: 1. lists what HubSpot has and nobody is linked to, 2. lists our records,
 * 3. matches by our property, 4. matches the rest by SKU or e-mail address, 5. links a record in HubSpot that only one of ours lays claim to. Only what is alone on both sides is linked. The lists lie on disk and are
 * held against each other part by part, so memory doesn't grow with them. Throws a ToolFailure where HubSpot does not answer.
 */
export async function adopt(adoption: Adoption): Promise<AdoptPoint> {
  const lists = listsAt(adoption.directory, adoption.from.sizes);
  let point = adoption.from;
  if (point.phase !== 'done') for (const list of Object.values(lists)) await list.begin();
  while (point.phase !== 'done' && !adoption.stop.aborted) {
    const next = await step(adoption, lists, point);
    point = { ...next, sizes: await flushed(lists) };
    await adoption.save(point);
  }
  if (point.phase === 'done') for (const list of Object.values(lists)) await list.remove();
  return point;
}

const listsAt = (directory: string, sizes: AdoptPoint['sizes']): Lists => ({
  theirKeys: new PartitionedList(directory, 'their-keys', sizes.theirKeys),
  ourKeys: new PartitionedList(directory, 'our-keys', sizes.ourKeys),
  theirValues: new PartitionedList(directory, 'their-values', sizes.theirValues),
  ourValues: new PartitionedList(directory, 'our-values', sizes.ourValues),
  candidates: new PartitionedList(directory, 'candidates', sizes.candidates),
});

const flushed = async (lists: Lists): Promise<AdoptPoint['sizes']> => ({
  theirKeys: await lists.theirKeys.flush(),
  ourKeys: await lists.ourKeys.flush(),
  theirValues: await lists.theirValues.flush(),
  ourValues: await lists.ourValues.flush(),
  candidates: await lists.candidates.flush(),
});

async function step(adoption: Adoption, lists: Lists, point: AdoptPoint): Promise<AdoptPoint> {
  switch (point.phase) {
    case 'hubspot':
      return listTheirs(adoption, lists, point);
    case 'ours':
      return listOurs(adoption, lists, point);
    case 'by-key': {
      const ours = await lists.ourKeys.read(point.next);
      const { findings, left } = matchByKey(await lists.theirKeys.read(point.next), ours);
      for (const entry of left) {
        if (entry.match !== undefined) lists.ourValues.add({ ...entry, value: entry.match });
      }
      return settled(adoption, point, findings, 'key');
    }
    case 'by-value': {
      const ours = await lists.ourValues.read(point.next);
      const { findings, candidates } = matchByValue(await lists.theirValues.read(point.next), ours);
      for (const candidate of candidates) lists.candidates.add(candidate);
      return settled(adoption, point, findings, 'value');
    }
    case 'by-record':
      return settled(adoption, point, matchByRecord(await lists.candidates.read(point.next)), 'value');
    case 'done':
      return point;
  }
}

async function listTheirs(
  { hubspot, store, owner, patience }: Adoption,
  lists: Lists,
  point: AdoptPoint,
): Promise<AdoptPoint> {
  const { type } = owner;
  const { properties: definitions } = await patiently(() => hubspot.listProperties(type), patience);
  const keys = keysIn(portalProperties(type, definitions));
  const properties = [...keys, ...TELLING_PROPERTIES[type]];
  const counts = { ...point.counts };
  let after = point.after;
  for (let pages = 0; pages < PAGES_A_STEP; pages++) {
    const query = { properties, limit: PAGE, ...(after === undefined ? {} : { after }) };
    const page = await listPage(hubspot, type, query, patience);
    const holders = await store.holders(
      owner,
      page.records.map(({ id }) => id),
    );
    counts.inHubSpot += page.records.length;
    counts.linkedBefore += holders.size;
    for (const record of page.records) {
      if (holders.has(record.id)) continue;
      const { by, entries } = hubSpotEntries(type, record, keys);
      for (const entry of entries) lists[by === 'key' ? 'theirKeys' : 'theirValues'].add(entry);
    }
    after = page.after;
    if (after === undefined) return { ...point, phase: PHASE_AFTER.hubspot, after, next: 0, counts };
  }
  return { ...point, after, counts };
}

async function listOurs({ store, owner }: Adoption, lists: Lists, point: AdoptPoint): Promise<AdoptPoint> {
  const counts = { ...point.counts };
  let { next: shard, after } = point;
  for (let pages = 0; pages < PAGES_A_STEP; pages++) {
    const page = await store.page({ ...owner, shard }, after, PAGE);
    const entries = page.records.flatMap((record) => ownEntry(record) ?? []);
    for (const entry of entries) lists.ourKeys.add(entry);
    counts.ours += entries.length;
    after = page.after;
    if (after === undefined) shard += 1;
    if (shard === SHARD_COUNT) return { ...point, phase: PHASE_AFTER.ours, after, next: 0, counts };
  }
  return { ...point, after, next: shard, counts };
}

/** Links the pairs among the findings, tells of the others, and goes on to the next part. */
async function settled(
  { store, owner, now, remark }: Adoption,
  point: AdoptPoint,
  findings: readonly Finding[],
  by: 'key' | 'value',
): Promise<AdoptPoint> {
  const counts: AdoptCounts = { ...point.counts };
  const pairs = findings.filter((finding) => finding.kind === 'pair');
  const results = await linkPairs({ store, owner, now, dryRun: point.dryRun }, pairs);
  for (const [index, pair] of pairs.entries()) {
    const result = results[index];
    if (result?.kind === 'not-now') {
      counts.notNow += 1;
      remark({ kind: 'not-now', pair, why: result.why }, by);
    } else counts.linked += 1;
  }
  for (const finding of findings) {
    if (finding.kind === 'pair') continue;
    counts[finding.kind === 'contested' ? 'ambiguous' : finding.kind] += 1;
    remark(finding, by);
  }
  const next = point.next + 1;
  if (next < PARTITIONS) return { ...point, next, counts };
  return { ...point, phase: PHASE_AFTER[point.phase], next: 0, counts };
}

const PHASE_AFTER = {
  hubspot: 'ours',
  ours: 'by-key',
  'by-key': 'by-value',
  'by-value': 'by-record',
  'by-record': 'done',
  done: 'done',
} as const satisfies Record<AdoptPoint['phase'], AdoptPoint['phase']>;
