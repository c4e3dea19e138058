import type { CallFailure } from '../../hubspot/call-failure.ts';
import type { BatchRows, HubSpotApi, ObjectType } from '../../hubspot/hubspot-api.ts';
import { CALL_TIMEOUT_MS } from '../sync-settings.ts';
import type { Found } from './drift.ts';

/** What HubSpot has under each id. An id that is not in `found` got no clear answer. */
export type Reading = { kind: 'read'; found: Map<string, Found>; calls: number } | CallFailure;

/** The most calls that {@link readFromHubSpot} makes. */
export const CALLS_PER_READING = 2;

/** The longest wait for the portal's call budget. */
const BUDGET_WAIT_MS = 10_000;

/**
 * Reads up to 100 records by id. An id is nowhere only where two reads by id came back whole and without it, first among the living, then
 * among the archived; what HubSpot failed on stays open. `beforeCall` is awaited ahead of each call.
 */
export async function readFromHubSpot(
  hubspot: HubSpotApi,
  type: ObjectType,
  ids: readonly string[],
  properties: readonly string[],
  beforeCall: () => Promise<void>,
): Promise<Reading> {
  const options = { timeoutMs: CALL_TIMEOUT_MS, budgetWaitMs: BUDGET_WAIT_MS };
  await beforeCall();
  const living = await hubspot.batchRead(type, { ids, properties }, options);
  if (living.kind !== 'rows') return living;
  const found = livingIn(ids, living);
  const absent = notFoundIn(ids, living);
  if (absent.length === 0) return { kind: 'read', found, calls: 1 };
  await beforeCall();
  const archived = await hubspot.batchRead(type, { ids: absent, properties: [], archived: true }, options);
  if (archived.kind !== 'rows') return archived;
  for (const id of absent) {
    const kind = archived.rows.get(id)?.kind;
    if (kind === 'ok') found.set(id, { kind: 'archived' });
    else if (kind === 'not-found') found.set(id, { kind: 'nowhere' });
  }
  return { kind: 'read', found, calls: 2 };
}

const livingIn = (ids: readonly string[], { rows }: BatchRows): Map<string, Found> =>
  new Map(
    ids.flatMap((id): [string, Found][] => {
      const row = rows.get(id);
      return row?.kind === 'ok' ? [[id, { kind: 'living', record: row.record }]] : [];
    }),
  );

const notFoundIn = (ids: readonly string[], { rows }: BatchRows): string[] =>
  ids.filter((id) => rows.get(id)?.kind === 'not-found');
