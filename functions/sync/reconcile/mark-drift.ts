import { reopened } from '../intake/accept-change.ts';
import type { SyncSettings } from '../sync-settings.ts';
import type { Drift, ReconciledRecord } from './drift.ts';
import type { ReconcileSettings } from './reconcile-settings.ts';

export interface MarkingRules {
  onHubSpotEdit: ReconcileSettings['onHubSpotEdit'];
  onHubSpotDeletion: SyncSettings['onHubSpotDeletion'];
}

/**
 * The record as due for the worker, which then heals it: what is gone goes through its look-up and the setting for deletions, everything else
 * is written again. Undefined where the settings say to let it be. `now` is epoch milliseconds.
 */
export function markedAsDue(
  record: ReconciledRecord,
  drift: Drift,
  rules: MarkingRules,
  now: number,
): ReconciledRecord | undefined {
  const open = { ...reopened(record, now), syncedHash: undefined };
  switch (drift.kind) {
    case 'missing':
    case 'archived':
      // One that has failed for this very reason is tried again only where the setting has changed since.
      return record.state === 'failed' && rules.onHubSpotDeletion === 'fail'
        ? undefined
        : { ...open, gone: true, sentEmails: [] };
    case 'merged':
    case 'returned':
      return open;
    case 'values':
      return rules.onHubSpotEdit === 'overwrite' ? { ...open, seenDrift: drift.seen } : undefined;
  }
}
