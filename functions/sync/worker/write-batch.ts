import type { Admission, BatchResult, CallOptions } from '../../hubspot/hubspot-api.ts';
import { isOutstanding, type SyncRecord } from '../records/sync-record.ts';
import { beginWrite } from '../steps/attempt.ts';
import type { BatchCall, PlannedWrite } from '../steps/batches.ts';
import { failureOutcome, interruptionOf, type RawOutcome, rowOutcome } from '../steps/call-outcome.ts';
import { type Existing, finishWrite, type WriteOutcome } from '../steps/finish-write.ts';
import { ATTEMPT_MARGIN_MS } from '../sync-settings.ts';
import { admitted, callTimes, type WorkContext, type WorkStop } from './drain-context.ts';
import { withoutStaleRefusals } from './refusal-check.ts';
import { saveResults } from './save-results.ts';

/** A write whose attempt is on its row. */
interface MarkedWrite {
  record: SyncRecord;
  attemptId: string;
  write: PlannedWrite['write'];
}

/** When an admission has gone stale before the rows were marked, the call may wait so long for another. */
const SECOND_BUDGET_WAIT_MS = 2_000;
/** A call that has not started by then is not made: it must have ended when its attempt ends, with a little to spare. */
const LATEST_START_MS = ATTEMPT_MARGIN_MS - 2_000;

/**
 * Makes one batch call: 1. the right to call, 2. an attempt on every row, 3. the call, 4. the results, each stored only while its attempt is
 * still ours. A worker may end between any two of these.
 */
export async function writeBatch(
  context: WorkContext,
  call: BatchCall,
  writes: readonly PlannedWrite[],
): Promise<WorkStop | undefined> {
  const right = await admitted(context, 'calls');
  if (right.kind === 'stop') return right.stop;
  const marked = await mark(context, writes);
  if (marked.length === 0) return undefined;
  context.counts.calls += 1;
  const result = await send(context, call, marked, right.admission);
  const answered = marked.map((one) => outcomeOf(result, one, marked.length));
  const raw = await withoutStaleRefusals(context, result, answered);
  const outcomes = await withHolders(context, marked, raw);
  await saveResults(
    context,
    marked.map(({ record, attemptId }, index) => ({
      record,
      finish: (current) =>
        finishWrite(current, attemptId, outcomes[index] ?? NOT_CALLED, {
          now: context.now(),
          random: context.random(),
          settings: context.settings,
        }),
    })),
  );
  return result.kind === 'rows' ? undefined : interruptionOf(result);
}

const NOT_CALLED: WriteOutcome = { kind: 'not-called' };

/** Puts attempts on the rows; one that somebody changed meanwhile is left for the next look. */
async function mark(context: WorkContext, writes: readonly PlannedWrite[]): Promise<MarkedWrite[]> {
  const { store, now, newId, portalProperties: properties } = context;
  const batchId = newId();
  const planned = writes.map(({ before, record, write }, index) => {
    const attemptId = `${batchId}.${index}`;
    const after = beginWrite(record, write, { id: attemptId, now: now(), properties });
    return { attemptId, write, change: { before, after } };
  });
  const results = await store.save(planned.map(({ change }) => change));
  return planned.flatMap(({ attemptId, write }, index) => {
    const result = results[index];
    return result?.kind === 'saved' ? [{ record: result.record, attemptId, write }] : [];
  });
}

function send(
  context: WorkContext,
  call: BatchCall,
  marked: readonly MarkedWrite[],
  admission: Admission,
): Promise<BatchResult> {
  const { hubspot, shard, now } = context;
  const { timeoutMs, startBy } = callTimes(context);
  const begun = Math.min(...marked.map(({ record }) => record.attempt?.startedAt ?? 0));
  const times = { timeoutMs, startBy: Math.min(startBy, begun + LATEST_START_MS) };
  const options: CallOptions =
    now() < admission.usableUntil
      ? { ...times, admission }
      : { ...times, budgetWaitMs: SECOND_BUDGET_WAIT_MS };
  const { type } = shard;
  const row = ({ attemptId, write }: MarkedWrite) => ({
    traceId: attemptId,
    properties: 'values' in write ? write.values : {},
  });
  switch (call) {
    case 'create':
      return hubspot.batchCreate(type, marked.map(row), options);
    case 'update':
      return hubspot.batchUpdate(
        type,
        marked.map((one) => ({ ...row(one), id: hubspotIdOf(one) })),
        options,
      );
    case 'upsert':
      return hubspot.batchUpsert(
        type,
        marked.map((one) => ({
          ...row(one),
          id: one.record.externalId,
          idProperty: one.write.kind === 'upsert' ? one.write.key : '',
        })),
        options,
      );
    case 'archive':
      return hubspot.batchArchive(type, marked.map(hubspotIdOf), options);
  }
}

const hubspotIdOf = ({ write }: MarkedWrite): string => ('hubspotId' in write ? write.hubspotId : '');

function outcomeOf(result: BatchResult, one: MarkedWrite, size: number): RawOutcome {
  if (result.kind !== 'rows') return failureOutcome(result, size);
  const row = result.rows.get(one.write.kind === 'archive' ? hubspotIdOf(one) : one.attemptId);
  if (row) return rowOutcome(row);
  return {
    kind: 'passing',
    outcome: 'unknown',
    reason: { reasonCode: 'hubspot-row-unanswered', reason: 'HubSpot said nothing of this record.' },
  };
}

/** Looks up whose the records are that stand in the way. */
async function withHolders(
  { store, shard }: WorkContext,
  marked: readonly MarkedWrite[],
  raw: readonly RawOutcome[],
): Promise<WriteOutcome[]> {
  const ids = raw.flatMap((one) => (one.kind === 'conflict' ? (one.existingId ?? []) : []));
  const holders = ids.length === 0 ? new Map<string, string>() : await store.holders(shard, ids);
  const records =
    holders.size === 0 ? new Map<string, SyncRecord>() : await store.records(shard, holders.values());
  return raw.map((one, index): WriteOutcome => {
    if (one.kind !== 'conflict') return one;
    const { existingId, property, reason } = one;
    if (existingId === undefined) return { kind: 'conflict', existing: undefined, property, reason };
    const holder = holders.get(existingId);
    const own = marked[index]?.record;
    if (holder !== undefined && holder === own?.externalId) {
      return own.hubspotId === undefined
        ? { kind: 'conflict', existing: { hubspotId: existingId }, property, reason }
        : { kind: 'passing', outcome: 'not-executed', reason };
    }
    const existing: Existing = { hubspotId: existingId };
    if (holder !== undefined) {
      const other = records.get(holder);
      existing.holder = { externalId: holder, isMoving: other !== undefined && isMoving(other) };
    }
    return { kind: 'conflict', existing, property, reason };
  });
}

const isMoving = (record: SyncRecord): boolean =>
  isOutstanding(record) || record.attempt !== undefined || record.dueAt !== undefined;
