import type { WorkerAccess } from '../worker/drain-context.ts';
import type { ReconcileSettings } from './reconcile-settings.ts';
import type { ReconcileStore } from './reconcile-store.ts';

/** What reconcile works with: everything from outside comes in here. */
export interface ReconcileAccess extends WorkerAccess {
  runs: ReconcileStore;
  reconcile: ReconcileSettings;
  wait: (milliseconds: number) => Promise<unknown>;
}
