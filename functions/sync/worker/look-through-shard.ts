import type { CallFailure } from '../../hubspot/call-failure.ts';
import { reopened } from '../intake/accept-change.ts';
import type { PortalProperties } from '../mapping/portal-properties.ts';
import { mappingFingerprint } from '../mapping/properties-source.ts';
import type { ShardMapping } from '../records/control-store.ts';
import type { SyncRecord } from '../records/sync-record.ts';
import { isUpToDate } from '../steps/next-step.ts';
import { callTimes, type DrainContext, isTimeShort } from './drain-context.ts';

/** How fresh the definitions must be before a shard is looked through for them; ms. */
const FRESH_MS = 1_000;
const PAGE = 100;
/** Before anything that was accepted since: so a known record has its key before an upsert goes by it. */
const DUE_FIRST = 0;

export type LookedThrough =
  | { kind: 'ready'; properties: PortalProperties }
  | { kind: 'time-short' }
  /** The definitions could not be read anew. */
  | { kind: 'unknown'; failure: CallFailure };

/**
 * Sees to it that a changed mapping (a key property that has appeared, another currency) reaches the records that were synced under the old
 * one: they become due. Goes page by page and remembers where it was.
 */
export async function lookThroughShard(
  context: DrainContext,
  mapping: ShardMapping | undefined,
  properties: PortalProperties,
): Promise<LookedThrough> {
  const { shard, control, settings } = context;
  if (mapping?.fingerprint === mappingFingerprint(properties, settings)) return { kind: 'ready', properties };
  // Another worker may have seen newer definitions than we: who is behind must not undo its work.
  const fresh = await context.properties.read(shard.portalId, shard.type, {
    ...callTimes(context),
    maxAgeMs: FRESH_MS,
  });
  if (fresh.kind !== 'known') return { kind: 'unknown', failure: fresh };
  const ready = { kind: 'ready', properties: fresh.properties } as const;
  const fingerprint = mappingFingerprint(fresh.properties, settings);
  if (mapping?.fingerprint === fingerprint) return ready;
  if (mapping === undefined) {
    await control.setMapping(shard, { fingerprint });
    return ready;
  }
  let after = mapping.scan?.fingerprint === fingerprint ? mapping.scan.after : undefined;
  do {
    if (isTimeShort(context)) return { kind: 'time-short' };
    const page = await context.store.page(shard, after, PAGE);
    await markChanged(context, page.records, fresh.properties);
    after = page.after;
    if (after !== undefined) await control.setMapping(shard, { ...mapping, scan: { fingerprint, after } });
  } while (after !== undefined);
  await control.setMapping(shard, { fingerprint });
  return ready;
}

async function markChanged(
  { store, settings, now }: DrainContext,
  records: readonly SyncRecord[],
  properties: PortalProperties,
): Promise<void> {
  let open = records;
  while (open.length > 0) {
    const changes = open
      .filter((record) => isConcerned(record) && !isUpToDate(record, { properties, settings }))
      .map((before) => ({ before, after: { ...reopened(before, now()), dueAt: DUE_FIRST } }));
    const results = await store.save(changes);
    const moved = changes.filter((_, index) => results[index]?.kind === 'moved');
    const [first] = moved;
    const fresh =
      first &&
      (await store.records(
        first.before,
        moved.map(({ before }) => before.externalId),
      ));
    open = fresh ? [...fresh.values()] : [];
  }
}

/** Records that are written anyway need no mark; nor do those that failed for a reason of their own. */
const isConcerned = ({ state, hubspotId, reasonCode, desired }: SyncRecord): boolean =>
  desired.kind !== 'deleted' &&
  ((state === 'synced' && hubspotId !== undefined) ||
    (state === 'failed' && reasonCode === 'currency-unavailable'));
