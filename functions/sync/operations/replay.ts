import type { ObjectType } from '../../hubspot/hubspot-api.ts';
import type { PortalId } from '../../invoices/identifiers.ts';
import { reopened } from '../intake/accept-change.ts';
import type { IntakeAccess } from '../intake/intake.ts';
import type { Owner } from '../records/record-store.ts';
import { RECORD_TYPES, type Shard, shardOf, shardsOf } from '../records/shard.ts';
import type { StateReader } from '../records/state-reader.ts';
import type { SyncRecord } from '../records/sync-record.ts';
import type { SyncReasonCode } from '../sync-reasons.ts';
import { saveOrStandInLine } from '../worker/email-line.ts';

/** Which records to try again: these, whatever their state; or those that have failed, all or for one reason. */
export type ReplaySelection =
  | { kind: 'ids'; type: ObjectType; externalIds: readonly string[] }
  | { kind: 'failures'; reasonCode?: SyncReasonCode | undefined };

export interface ReplayAccess extends IntakeAccess {
  states: StateReader;
}

const PAGE = 100;

/**
 * Makes records due again and rings for them; answers how many. Records named by id are written to HubSpot again even where it has them
 * already. A portal that stands still because of its token is tried again too.
 */
export async function replay(
  access: ReplayAccess,
  portalId: PortalId,
  selection: ReplaySelection,
): Promise<number> {
  await access.control.resume(portalId);
  if (selection.kind === 'ids') {
    const { type, externalIds } = selection;
    return reopenAll(access, { portalId, type }, externalIds, (record, now) => ({
      ...reopened(record, now),
      syncedHash: undefined,
    }));
  }
  const { reasonCode } = selection;
  const counts = await Promise.all(
    RECORD_TYPES.flatMap((type) => shardsOf(portalId, type)).map((shard) =>
      replayFailures(access, shard, reasonCode),
    ),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

/** What fails again while this runs comes after what is read, by its time: each failure is taken once. */
async function replayFailures(
  access: ReplayAccess,
  shard: Shard,
  reasonCode: SyncReasonCode | undefined,
): Promise<number> {
  const startedAt = access.now();
  let replayed = 0;
  let after: string | undefined;
  do {
    const page = await access.states.failures(shard, after, PAGE);
    const chosen = page.failures.filter(
      (failure) =>
        failure.since <= startedAt && (reasonCode === undefined || failure.reasonCode === reasonCode),
    );
    replayed += await reopenAll(
      access,
      shard,
      chosen.map(({ externalId }) => externalId),
      (record, now) => (record.state === 'failed' ? reopened(record, now) : undefined),
    );
    after = page.after;
  } while (after !== undefined);
  return replayed;
}

async function reopenAll(
  { store, ring, now }: ReplayAccess,
  owner: Owner,
  externalIds: readonly string[],
  reopen: (record: SyncRecord, now: number) => SyncRecord | undefined,
): Promise<number> {
  let open = externalIds;
  let replayed = 0;
  const shards = new Map<number, Shard>();
  while (open.length > 0) {
    const current = await store.records(owner, open);
    const changes = [...current.values()].flatMap((before) => {
      const after = reopen(before, now());
      return after ? [{ before, after }] : [];
    });
    const results = await saveOrStandInLine(store, changes, now());
    const moved: string[] = [];
    for (const [index, { before }] of changes.entries()) {
      if (results[index]?.kind !== 'saved') {
        moved.push(before.externalId);
        continue;
      }
      replayed += 1;
      const shard = shardOf(before.externalId);
      shards.set(shard, { portalId: owner.portalId, type: owner.type, shard });
    }
    open = moved;
  }
  await ring([...shards.values()]);
  return replayed;
}
