import type { CallFailure } from '../../hubspot/call-failure.ts';
import type { SyncRecord } from '../records/sync-record.ts';
import { beginLookUp } from '../steps/attempt.ts';
import type { PlannedLookUp } from '../steps/batches.ts';
import { failureOutcome, interruptionOf } from '../steps/call-outcome.ts';
import { besideHeld, type Candidate, finishLookUp, type LookUpOutcome } from '../steps/finish-look-up.ts';
import type { LookUp, Probe } from '../steps/look-up.ts';
import type { SyncReason } from '../sync-reasons.ts';
import type { WorkContext, WorkStop } from './drain-context.ts';
import { keyChange, namesKey } from './refusal-check.ts';
import { type ProbeAnswer, type ProbeAnswers, runProbes } from './run-probes.ts';
import { saveResults } from './save-results.ts';

/** Looks for the records in HubSpot, all of them in as few calls as possible, and stores what was found. */
export async function lookUpBatch(
  context: WorkContext,
  planned: readonly PlannedLookUp[],
): Promise<WorkStop | undefined> {
  const { store, now, random, newId, settings } = context;
  const batchId = newId();
  const began = planned.map(({ before, record, lookUp }, index) => {
    const id = `${batchId}.${index}`;
    return { id, lookUp, change: { before, after: beginLookUp(record, { id, now: now() }) } };
  });
  const results = await store.save(began.map(({ change }) => change));
  const marked = began.flatMap(({ id, lookUp }, index) => {
    const result = results[index];
    return result?.kind === 'saved' ? [{ id, lookUp, record: result.record }] : [];
  });
  const answers = await runProbes(
    context,
    marked.flatMap(({ lookUp }) => lookUp.probes),
  );
  const outcomes = await outcomesOf(context, answers, marked);
  await saveResults(
    context,
    marked.map(({ id, lookUp, record }, index) => {
      const outcome = outcomes[index] ?? { kind: 'not-called' };
      const finishWith = (found: LookUpOutcome) => (current: SyncRecord) =>
        finishLookUp(current, id, lookUp, found, { now: now(), random: random(), settings });
      return {
        record,
        finish: finishWith(outcome),
        // Two that look for the same find the same, and one of them has taken it.
        finishBeside: (held) => finishWith(besideHeld(outcome, held)),
      };
    }),
  );
  if (answers.kind === 'stopped') return answers.stop;
  return answers.kind === 'failed' ? interruptionOf(answers.failure) : undefined;
}

async function outcomesOf(
  context: WorkContext,
  answers: ProbeAnswers,
  marked: readonly { lookUp: LookUp }[],
): Promise<LookUpOutcome[]> {
  const { store, shard } = context;
  if (answers.kind === 'stopped') return marked.map(() => ({ kind: 'not-called' }));
  if (answers.kind === 'failed') {
    // A property of ours has gone: from now on the question is another.
    const change = await keyChange(context, [answers.failure]);
    if (change === 'changed') return marked.map(() => ({ kind: 'not-called' }));
    const outcome = lookUpFailure(context, answers.failure, marked.length);
    return marked.map(() => outcome);
  }
  const found = marked.map(({ lookUp }) => answerOf(lookUp, answers.answerTo));
  const ids = found.flatMap(({ candidates }) => candidates.map(({ hubspotId }) => hubspotId));
  const holders = ids.length === 0 ? new Map<string, string>() : await store.holders(shard, ids);
  return found.map(({ candidates, cutOff, failure }) =>
    failure
      ? { kind: 'passing', outcome: 'not-executed', reason: failure }
      : {
          kind: 'answered',
          candidates: candidates.map((one) => ({ ...one, holder: holders.get(one.hubspotId) })),
          cutOff,
        },
  );
}

/**
 * What a failed call means for each of so many look-ups. Only a refusal of the question itself is a record's own: not one for a property of
 * ours, nor a path that isn't there.
 */
function lookUpFailure(context: WorkContext, failure: CallFailure, size: number): LookUpOutcome {
  const { reason, reasonCode } = failure;
  const outcome = failureOutcome(failure, size);
  switch (outcome.kind) {
    case 'not-called':
    case 'passing':
      return outcome;
    case 'refused':
    case 'refused-in-batch':
      if (!namesKey(context, reason)) return outcome;
      break;
    default:
  }
  return { kind: 'passing', outcome: 'not-executed', reason: { reason, reasonCode } };
}

/** What the answers to all of its questions come to. Where HubSpot failed at one of them, the others don't tell enough. */
function answerOf(
  { probes }: LookUp,
  answerTo: (probe: Probe) => ProbeAnswer,
): { candidates: Candidate[]; cutOff: Probe | undefined; failure: SyncReason | undefined } {
  const candidates = new Map<string, Candidate>();
  for (const probe of probes) {
    for (const { id, createdAt } of answerTo(probe).records) {
      if (!candidates.has(id)) candidates.set(id, { hubspotId: id, createdAt, ...foundBy(probe) });
    }
  }
  const cutOff = probes.find((probe) => answerTo(probe).isCutOff);
  const [failure] = probes.flatMap((probe) => answerTo(probe).failure ?? []);
  return { candidates: [...candidates.values()], cutOff, failure };
}

function foundBy(probe: Probe): Pick<Candidate, 'by' | 'email'> {
  if (probe.by === 'email') return { by: 'email', email: probe.value };
  if (probe.by !== 'search') return { by: probe.by };
  return { by: probe.createdSince === undefined ? 'key-search' : 'search' };
}
