import type { HubSpotRecord } from '../hubspot/hubspot-api.ts';
import { beginLookUp } from './attempt.ts';
import { failureOutcome, interruptionOf } from './call-outcome.ts';
import type { WorkContext, WorkStop } from './drain-context.ts';
import { type Candidate, finishLookUp, type LookUpOutcome } from './finish-look-up.ts';
import type { LookUp, Probe } from './look-up.ts';
import { keysHaveChanged } from './refusal-check.ts';
import { type ProbeAnswers, runProbes } from './run-probes.ts';
import { saveResults } from './save-results.ts';
import type { SyncRecord } from './sync-record.ts';

/** A record that has to be found in HubSpot before anything is written for it. */
export interface PlannedLookUp {
  /** As it was read. */
  before: SyncRecord;
  /** With what a lost attempt taught us. */
  record: SyncRecord;
  lookUp: LookUp;
}

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
    marked.map(({ id, lookUp, record }, index) => ({
      record,
      finish: (current) =>
        finishLookUp(current, id, lookUp, outcomes[index] ?? { kind: 'not-called' }, {
          now: now(),
          random: random(),
          settings,
        }),
    })),
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
    if (await keysHaveChanged(context, [answers.failure])) return marked.map(() => ({ kind: 'not-called' }));
    const outcome = failureOutcome(answers.failure, 1);
    const { reason, reasonCode } = answers.failure;
    const passing = { kind: 'passing', outcome: 'not-executed', reason: { reason, reasonCode } } as const;
    return marked.map(() =>
      outcome.kind === 'not-called' || outcome.kind === 'passing' ? outcome : passing,
    );
  }
  const found = marked.map(({ lookUp }) => candidatesOf(lookUp, answers.answerTo));
  const ids = found.flat().map(({ hubspotId }) => hubspotId);
  const holders = ids.length === 0 ? new Map<string, string>() : await store.holders(shard, ids);
  return found.map((candidates) => ({
    kind: 'answered',
    candidates: candidates.map((one) => ({ ...one, holder: holders.get(one.hubspotId) })),
  }));
}

function candidatesOf(lookUp: LookUp, answerTo: (probe: Probe) => HubSpotRecord[]): Candidate[] {
  const candidates = new Map<string, Candidate>();
  for (const probe of lookUp.probes) {
    for (const { id, createdAt } of answerTo(probe)) {
      if (!candidates.has(id)) candidates.set(id, { hubspotId: id, createdAt, by: foundBy(probe) });
    }
  }
  return [...candidates.values()];
}

function foundBy(probe: Probe): Candidate['by'] {
  if (probe.by !== 'search') return probe.by;
  return probe.createdSince === undefined ? 'key-search' : 'search';
}
