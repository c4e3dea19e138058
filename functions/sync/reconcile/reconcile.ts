import type { PortalId } from '../../invoices/identifiers.ts';
import type { Owner } from '../records/record-store.ts';
import { dayOf, nightOf } from './night.ts';
import type { ReconcileAccess } from './reconcile-access.ts';
import { newRun, type ReconcileRun } from './reconcile-run.ts';
import type { ReconcileState } from './reconcile-store.ts';
import { type RunEnd, reconcileType } from './reconcile-type.ts';

export interface ReconcileCall {
  /** When this function will be gone; epoch ms. */
  deadline: number;
  /** `at-night`: runs begin when the portal's night does. `now`: one begins for every portal that has none under way. */
  begin: 'at-night' | 'now';
  /** Only this portal. */
  portalId?: PortalId | undefined;
}

/** What a call did about one portal's records of one type. */
export type Reconciled = Owner & { end: RunEnd };

const PORTALS_AT_ONCE = 8;
/** A run may be held so much longer than its function lives. */
const HOLD_MARGIN_MS = 1_000;

/**
 * Holds every portal's records to what HubSpot has, and marks as due what has drifted; writes nothing to HubSpot itself. Goes on with the
 * runs that earlier calls left, and begins those whose night it is: called every quarter of an hour, it does each portal once a night.
 */
export async function reconcile(access: ReconcileAccess, call: ReconcileCall): Promise<Reconciled[]> {
  const registered = await access.control.registered();
  const chosen = registered.filter(({ portalId }) => (call.portalId ?? portalId) === portalId);
  const portals = [...Map.groupBy(chosen, ({ portalId }) => portalId).values()];
  const done: Reconciled[] = [];
  const next = async (): Promise<void> => {
    for (let owners = portals.shift(); owners; owners = portals.shift()) {
      for (const owner of owners) {
        const end = await guarded(access, call, owner);
        if (end) done.push({ ...owner, end });
      }
    }
  };
  await Promise.all(Array.from({ length: PORTALS_AT_ONCE }, next));
  return done;
}

/** One portal's misfortune must not keep the others from their turn. */
async function guarded(
  access: ReconcileAccess,
  call: ReconcileCall,
  owner: Owner,
): Promise<RunEnd | undefined> {
  try {
    return await reconcileOwner(access, call, owner);
  } catch (error) {
    access.notice('Reconcile ended with an error', { ...owner, error });
    return { kind: 'stopped', why: 'unavailable' };
  }
}

async function reconcileOwner(
  access: ReconcileAccess,
  { deadline, begin }: ReconcileCall,
  owner: Owner,
): Promise<RunEnd | undefined> {
  const { runs, now, notice } = access;
  const state = (await runs.states(owner.portalId))[owner.type] ?? {};
  if ((await runToGoOnWith(access, begin, owner, state)) === undefined) return undefined;
  const holder = access.newId();
  const held = await runs.take(owner, holder, now(), deadline + HOLD_MARGIN_MS);
  // Decided again on what is there now that nobody else can change it.
  const run = held && (await runToGoOnWith(access, begin, owner, held));
  try {
    if (!run) return undefined;
    const save = (saved: ReconcileRun): Promise<void> => runs.save(owner, holder, saved);
    const end = await reconcileType({ ...access, owner, deadline, save }, run);
    if (end.kind === 'ended') {
      await runs.end(owner, holder, end.summary);
      notice('Reconcile ended', { ...owner, ...end.summary });
    }
    return end;
  } finally {
    if (held) await runs.giveBack(owner, holder);
  }
}

/** The run under way, or a new one where it is time for one; it begins where the last one had to leave off. */
async function runToGoOnWith(
  { timeZone, reconcile: { startHour }, now }: ReconcileAccess,
  begin: ReconcileCall['begin'],
  { portalId }: Owner,
  { run, last }: ReconcileState,
): Promise<ReconcileRun | undefined> {
  if (run) return run;
  const zone = await timeZone(portalId);
  const night = begin === 'now' ? dayOf(now(), zone) : nightOf(now(), zone, startHour);
  if (night === undefined || (begin === 'at-night' && last?.night === night)) return undefined;
  return newRun(night, now(), last?.continuesAt ?? { shard: 0 });
}
