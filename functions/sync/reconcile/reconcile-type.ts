import type { CallFailure } from '../../hubspot/call-failure.ts';
import { pausedUntil } from '../../hubspot/pause.ts';
import type { MappingContext } from '../mapping/map-properties.ts';
import { restsUntil } from '../records/portal-control.ts';
import type { Owner } from '../records/record-store.ts';
import { SHARD_COUNT, type Shard } from '../records/shard.ts';
import { CALL_TIMEOUT_MS, RESERVE_MS } from '../sync-settings.ts';
import { callTimes } from '../worker/drain-context.ts';
import { concernedRecords } from './concerned-records.ts';
import { CALLS_PER_READING } from './read-from-hubspot.ts';
import type { ReconcileAccess } from './reconcile-access.ts';
import { type PageAccess, reconcilePage } from './reconcile-page.ts';
import { ended, type ReconcileRun, type ReconcileSummary, withPage } from './reconcile-run.ts';

/** How far a run came: to its end, or until something that passes stopped it, and then it goes on with the next invocation. */
export type RunEnd =
  | { kind: 'ended'; summary: ReconcileSummary }
  | { kind: 'stopped'; why: 'time-short' | 'paused' | 'no-budget' | 'unavailable' };

export interface RunUnderWay extends ReconcileAccess {
  owner: Owner;
  /** When this function will be gone; epoch ms. */
  deadline: number;
  /** Keeps how far the run is. */
  save: (run: ReconcileRun) => Promise<void>;
}

/** What a page takes at the most: its calls, each with a wait for the budget as long as a call may take, and what is stored then. */
const PAGE_MS = CALLS_PER_READING * 2 * CALL_TIMEOUT_MS + RESERVE_MS;

/** Goes on with a run, shard by shard and in each page by page, and rings for every shard in which something became due. */
export async function reconcileType(context: RunUnderWay, begun: ReconcileRun): Promise<RunEnd> {
  const { owner, settings, now } = context;
  if (await portalRests(context)) return { kind: 'stopped', why: 'paused' };
  const reading = await context.properties.read(owner.portalId, owner.type, callTimes(context));
  if (reading.kind !== 'known') return afterFailure(context, begun, reading);
  const mapping: MappingContext = { properties: reading.properties, settings };
  const pages = pageAccess(context);
  let run = begun;
  while (run.position.shard < SHARD_COUNT) {
    if (context.deadline - now() < PAGE_MS) return { kind: 'stopped', why: 'time-short' };
    if (await portalRests(context)) return { kind: 'stopped', why: 'paused' };
    if (run.counts.calls + CALLS_PER_READING > context.reconcile.callsPerRun) {
      return { kind: 'ended', summary: ended(run, now(), 'calls-spent') };
    }
    const step = await reconcileNext(context, pages, mapping, run);
    if (step.kind !== 'went-on') return afterFailure(context, run, step);
    run = step.run;
    await context.save(run);
  }
  return { kind: 'ended', summary: ended(run, now(), 'whole') };
}

const portalRests = async ({ owner, control, now }: RunUnderWay): Promise<boolean> =>
  restsUntil(await control.portal(owner.portalId)) > now();

async function reconcileNext(
  { owner, store, ring }: RunUnderWay,
  pages: PageAccess,
  mapping: MappingContext,
  run: ReconcileRun,
): Promise<{ kind: 'went-on'; run: ReconcileRun } | CallFailure> {
  const { position } = run;
  const shard: Shard = { portalId: owner.portalId, type: owner.type, shard: position.shard };
  const { concerned, isOutdated, after } = await concernedRecords(store, shard, position.after, mapping);
  const next = after === undefined ? { shard: position.shard + 1 } : { shard: position.shard, after };
  const page = concerned.length === 0 ? undefined : await reconcilePage(pages, owner.type, concerned);
  if (page && page.kind !== 'done') return page;
  if (isOutdated || (page && page.counts.marked > 0)) await ring([shard]);
  return { kind: 'went-on', run: page ? withPage(run, page.counts, next) : { ...run, position: next } };
}

/** Calls keep a distance, so that the greater part of the portal's budget is left to the worker. */
function pageAccess(context: RunUnderWay): PageAccess {
  const { now, wait, reconcile } = context;
  let nextCallAt = 0;
  return {
    store: context.store,
    hubspot: context.api(context.owner.portalId),
    rules: {
      onHubSpotEdit: reconcile.onHubSpotEdit,
      onHubSpotDeletion: context.settings.onHubSpotDeletion,
    },
    now,
    beforeCall: async () => {
      if (nextCallAt > now()) await wait(nextCallAt - now());
      nextCallAt = now() + reconcile.callEveryMs;
    },
  };
}

async function afterFailure(
  { owner, control, timeZone, now, random, notice }: RunUnderWay,
  run: ReconcileRun,
  failure: CallFailure,
): Promise<RunEnd> {
  const { portalId } = owner;
  switch (failure.kind) {
    case 'throttled':
    case 'parked': {
      const clock = { now: now(), random: random(), timeZone: await timeZone(portalId) };
      await control.pause(portalId, pausedUntil(failure, clock));
      return { kind: 'stopped', why: 'paused' };
    }
    case 'budget-exhausted':
      return { kind: 'stopped', why: 'no-budget' };
    case 'locked':
    case 'timeout':
    case 'transient':
      notice('Reconcile could not read from HubSpot', { ...owner, reason: failure.reason });
      return { kind: 'stopped', why: 'unavailable' };
    case 'unauthorized':
    case 'forbidden':
    case 'refused':
    case 'conflict':
    case 'not-found':
      return { kind: 'ended', summary: ended(run, now(), 'refused', failure.reason) };
  }
}
