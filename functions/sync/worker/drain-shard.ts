import type { CallFailure } from '../../hubspot/call-failure.ts';
import { pausedUntil } from '../../hubspot/pause.ts';
import { type PortalControl, restsUntil } from '../records/portal-control.ts';
import type { RecordChange } from '../records/record-change.ts';
import { isOutstanding, type SyncRecord } from '../records/sync-record.ts';
import { afterLostAttempt } from '../steps/attempt.ts';
import {
  batchesOf,
  lookUpBatchesOf,
  MAX_BATCH,
  type PlannedLookUp,
  type PlannedWrite,
} from '../steps/batches.ts';
import { type Interruption, interruptionOf } from '../steps/call-outcome.ts';
import { failed } from '../steps/end-state.ts';
import { nextStep, type Step } from '../steps/next-step.ts';
import { ownReason } from '../sync-reasons.ts';
import {
  callTimes,
  type DrainContext,
  isTimeShort,
  type WorkContext,
  type WorkStop,
} from './drain-context.ts';
import { standInLine, tellWaiters } from './email-line.ts';
import { lookThroughShard } from './look-through-shard.ts';
import { lookUpBatch } from './look-up-batch.ts';
import { writeBatch } from './write-batch.ts';

/** How a drain ended. After `time-short` and `no-budget` there is more to do at once; what else is left, the sweeper rings for. */
export type DrainEnd = 'drained' | 'paused' | 'time-short' | 'no-budget' | 'unavailable';

/**
 * Works on what is due in a shard until nothing is, one HubSpot call at a time:
 * 1. Does the portal rest? 2. What properties has it, and does that change how records are mapped? 3. Up to 100 due records.
 * 4. For each the next step; steps of one kind share a call.
 */
export async function drainShard(context: DrainContext): Promise<DrainEnd> {
  const { shard, control, store, now } = context;
  for (;;) {
    if (isTimeShort(context)) return 'time-short';
    const before = await control.beforeWork(shard);
    if (restsUntil(before.control) > now()) return 'paused';
    const reading = await context.properties.read(shard.portalId, shard.type, callTimes(context));
    if (reading.kind !== 'known') return withoutDefinitions(context, reading);
    const looked = await lookThroughShard(context, before.mapping, reading.properties);
    if (looked.kind === 'time-short') return 'time-short';
    if (looked.kind === 'unknown') return withoutDefinitions(context, looked.failure);
    const records = await store.due(shard, now(), MAX_BATCH);
    if (records.length === 0) return 'drained';
    const stop = await workOn({ ...context, portalProperties: looked.properties }, records);
    if (stop?.kind === 'time-short' || stop?.kind === 'unavailable') return stop.kind;
    if (stop) return interrupted(context, stop);
    await resumeIfStopped(context, before.control);
  }
}

/** Takes every record one step further; what stops the whole portal ends it early. */
async function workOn(context: WorkContext, records: readonly SyncRecord[]): Promise<WorkStop | undefined> {
  const { store, now, settings } = context;
  const rests: RecordChange[] = [];
  const lookUps: PlannedLookUp[] = [];
  const writes: PlannedWrite[] = [];
  for (const before of records) {
    const record = afterLostAttempt(before, now(), settings);
    const step = await resolved(context, record, stepOf(context, record));
    if (step.kind === 'rest') rests.push({ before, after: step.record });
    else if (step.kind === 'look-up') lookUps.push({ before, record, lookUp: step.lookUp });
    else if (step.kind === 'write') writes.push({ before, record, write: step.write });
  }
  for (const result of await store.save(rests)) {
    if (result.kind === 'saved' && result.record.state === 'failed') context.counts.failed += 1;
  }
  for (const batch of lookUpBatchesOf(lookUps)) {
    const stop = await lookUpBatch(context, batch);
    if (stop) return stop;
  }
  for (const batch of batchesOf(writes)) {
    const stop = await writeBatch(context, batch.call, batch.writes);
    if (stop) return stop;
  }
  return undefined;
}

/** One record's mistake must not keep the others from being written. */
function stepOf({ portalProperties, settings, now, notice }: WorkContext, record: SyncRecord): Step {
  try {
    return nextStep(record, { properties: portalProperties, settings, now: now() });
  } catch (error) {
    notice('A record could not be worked on', { externalId: record.externalId, error });
    return { kind: 'rest', record: failed(record, ownReason('unexpected-error'), now()) };
  }
}

/** Does what needs no call to HubSpot at once, so that only rests, look-ups and writes are left. */
async function resolved(
  context: WorkContext,
  record: SyncRecord,
  step: Step,
): Promise<Exclude<Step, { kind: 'tell-waiters' | 'stand-in-line' }>> {
  if (step.kind === 'tell-waiters') {
    await tellWaiters(context, record);
    return { kind: 'rest', record: { ...record, released: undefined, dueAt: context.now() } };
  }
  if (step.kind !== 'stand-in-line') return step;
  const line = await standInLine(context, record);
  if (line.kind === 'rest') return line;
  const { hubspotId } = record;
  if (hubspotId === undefined) return { kind: 'rest', record: { ...record, sentEmails: [] } };
  return { kind: 'write', write: { kind: 'let-go', hubspotId, values: { email: '' } } };
}

/** The definitions can't be read for the moment: nothing is tried, and where it isn't the portal that rests, the records that wait say why. */
async function withoutDefinitions(context: DrainContext, failure: CallFailure): Promise<DrainEnd> {
  const stop = interruptionOf(failure);
  if (stop) return interrupted(context, stop);
  const { shard, store, now, notice } = context;
  const { reason, reasonCode } = failure;
  notice('The property definitions could not be read', { ...shard, reason, reasonCode });
  const waiting = (await store.due(shard, now(), MAX_BATCH)).filter(
    (record) => isOutstanding(record) && record.reasonCode !== reasonCode,
  );
  await store.save(
    waiting.map((before) => ({ before, after: { ...before, state: 'retry', reason, reasonCode } })),
  );
  return 'unavailable';
}

async function interrupted(context: DrainContext, stop: Interruption): Promise<DrainEnd> {
  const { shard, control, settings, now, random, notice } = context;
  const { portalId } = shard;
  switch (stop.kind) {
    case 'no-budget':
      return 'no-budget';
    case 'turned-away': {
      const timeZone = await context.timeZone(portalId);
      const until = pausedUntil(stop.failure, { now: now(), random: random(), timeZone });
      await control.pause(portalId, until);
      notice('HubSpot wants the portal to rest', {
        portalId,
        until: new Date(until).toISOString(),
        reason: stop.failure.reason,
      });
      return 'paused';
    }
    case 'unauthorized': {
      await control.stop(portalId, stop.reason, now(), now() + settings.stoppedMs);
      notice('The portal stands still: HubSpot refuses its access token', { portalId, ...stop.reason });
      return 'paused';
    }
  }
}

/** A step went well although the portal was stopped: its token is accepted again. */
async function resumeIfStopped(context: DrainContext, { stopped }: PortalControl): Promise<void> {
  if (stopped && context.counts.calls > 0) await context.control.resume(context.shard.portalId);
}
