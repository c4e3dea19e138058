import type { Context } from 'aws-lambda';
import { asPortalId, HUBSPOT_ID_RULE, type PortalId } from '../invoices/identifiers.ts';
import { reconcile } from '../sync/reconcile/reconcile.ts';
import { parseReconcileSettings } from '../sync/reconcile/reconcile-settings.ts';
import { ReconcileStore } from '../sync/reconcile/reconcile-store.ts';
import { workerAccess } from '../worker-access.ts';

const { table, ...shared } = workerAccess(process.env);
const access = {
  ...shared,
  runs: new ReconcileStore(table),
  reconcile: parseReconcileSettings(process.env),
};

/** A run by hand: `{"begin": "now"}`, for one portal with `"portalId"`. The schedule's own event has neither. */
interface ReconcileEvent {
  begin?: unknown;
  portalId?: unknown;
}

/** Finds what has drifted in HubSpot and marks it as due, on a schedule. */
export const handler = async (event: ReconcileEvent, context: Context): Promise<void> => {
  await reconcile(access, {
    deadline: Date.now() + context.getRemainingTimeInMillis(),
    begin: event.begin === 'now' ? 'now' : 'at-night',
    portalId: event.portalId === undefined ? undefined : portalIn(event.portalId),
  });
};

function portalIn(given: unknown): PortalId {
  const portalId = asPortalId(String(given));
  if (!portalId) throw new Error(`portalId is ${JSON.stringify(given)}; expected ${HUBSPOT_ID_RULE}.`);
  return portalId;
}
