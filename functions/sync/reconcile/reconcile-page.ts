import type { CallFailure } from '../../hubspot/call-failure.ts';
import type { HubSpotApi, ObjectType } from '../../hubspot/hubspot-api.ts';
import type { RecordChange } from '../records/record-change.ts';
import type { RecordStore } from '../records/record-store.ts';
import type { ConcernedRecord } from './concerned-records.ts';
import { type Drift, driftOf } from './drift.ts';
import { type MarkingRules, markedAsDue } from './mark-drift.ts';
import { readFromHubSpot } from './read-from-hubspot.ts';
import type { DriftExample, PageCounts } from './reconcile-run.ts';

export interface PageAccess {
  store: RecordStore;
  hubspot: HubSpotApi;
  rules: MarkingRules;
  /** Epoch milliseconds. */
  now: () => number;
  /** Awaited ahead of each call to HubSpot. */
  beforeCall: () => Promise<void>;
}

/**
 * Holds up to 100 records to what HubSpot has, and marks those that drifted as due. The records were read before HubSpot is, and are marked
 * only while nobody has changed them since: what is written meanwhile is never taken for drift.
 */
export async function reconcilePage(
  access: PageAccess,
  type: ObjectType,
  page: readonly ConcernedRecord[],
): Promise<{ kind: 'done'; counts: PageCounts } | CallFailure> {
  const names = new Set(page.flatMap(({ wanted }) => Object.keys(wanted)));
  const ids = page.map(({ hubspotId }) => hubspotId);
  const reading = await readFromHubSpot(access.hubspot, type, ids, [...names], access.beforeCall);
  if (reading.kind !== 'read') return reading;

  const drifted: DriftExample[] = [];
  const changes: RecordChange[] = [];
  let unread = 0;
  for (const { record, hubspotId, wanted } of page) {
    const found = reading.found.get(hubspotId);
    if (!found) unread += 1;
    const drift = found && driftOf(record, wanted, found);
    if (!drift) continue;
    const after = markedAsDue(record, drift, access.rules, access.now());
    if (after) changes.push({ before: record, after });
    // What failed because it is gone stands among the failures already.
    if (after || record.state !== 'failed') drifted.push(exampleOf(record.externalId, drift));
  }
  const saved = await access.store.save(changes);
  return {
    kind: 'done',
    counts: {
      calls: reading.calls,
      checked: page.length - unread,
      unread,
      marked: saved.filter(({ kind }) => kind === 'saved').length,
      drifted,
    },
  };
}

const exampleOf = (externalId: string, drift: Drift): DriftExample => ({
  externalId,
  kind: drift.kind,
  properties: drift.kind === 'values' ? drift.properties : undefined,
});
