import type { CallFailure } from '../../hubspot/call-failure.ts';
import type { BatchResult, HubSpotRecord, PageResult, SearchFilter } from '../../hubspot/hubspot-api.ts';
import { MAX_BATCH } from '../steps/batches.ts';
import type { Probe } from '../steps/look-up.ts';
import type { SyncReason } from '../sync-reasons.ts';
import { admitted, callTimes, type WorkContext, type WorkStop } from './drain-context.ts';

/** What HubSpot answered to many questions at once. */
export type ProbeAnswers =
  | { kind: 'answered'; answerTo: (probe: Probe) => ProbeAnswer }
  | { kind: 'failed'; failure: CallFailure }
  | { kind: 'stopped'; stop: WorkStop };

export interface ProbeAnswer {
  records: HubSpotRecord[];
  /** HubSpot has more records with this value than a search is read for: what was asked for may be among the rest. */
  isCutOff: boolean;
  /** HubSpot failed at this question alone, and may answer it another time. */
  failure?: SyncReason | undefined;
}

type SearchProbe = Extract<Probe, { by: 'search' }>;

/** HubSpot takes 3,000 characters in the body of a search. */
const MAX_SEARCH_CHARACTERS = 2_000;
const SEARCH_PAGE = 200;
/** A search is read so far. More records with one and the same value can't be told apart anyway. */
const MAX_SEARCH_PAGES = 5;

/** Asks HubSpot all of these, in as few calls as its batches and searches allow; the first call that fails ends it. */
export async function runProbes(context: WorkContext, probes: readonly Probe[]): Promise<ProbeAnswers> {
  const found = new Map<string, HubSpotRecord[]>();
  const cutOff = new Set<string>();
  const failures = new Map<string, SyncReason>();
  const note = (probe: Probe, record: HubSpotRecord): void => {
    const question = JSON.stringify(probe);
    found.set(question, [...(found.get(question) ?? []), record]);
  };
  for (const property of distinct(probes.flatMap((probe) => idPropertyOf(probe) ?? []))) {
    const own = probes.filter((probe) => idPropertyOf(probe) === property);
    for (const values of chunks(distinct(own.map(({ value }) => value)))) {
      const answer = await readBy(context, property, values);
      if (answer.kind !== 'rows') return answer;
      for (const probe of own) {
        const row = answer.rows.get(probe.value);
        if (row?.kind === 'ok') note(probe, row.record);
        if (row?.kind === 'transient') {
          failures.set(JSON.stringify(probe), { reason: row.reason, reasonCode: row.reasonCode });
        }
      }
    }
  }
  const searches = probes.filter((probe) => probe.by === 'search');
  for (const property of distinct(searches.map((probe) => probe.property))) {
    const own = searches.filter((probe) => probe.property === property);
    const open = searchChunks(own);
    for (let some = open.shift(); some; some = open.shift()) {
      const answer = await searchAll(context, property, some);
      if (answer.kind !== 'found') return answer;
      if (answer.isCutOff && some.length > 1) {
        // One frequent value must not hide the others.
        open.unshift(...halves(some));
        continue;
      }
      for (const probe of some) {
        if (answer.isCutOff) cutOff.add(JSON.stringify(probe));
        for (const record of answer.records) if (answers(record, probe)) note(probe, record);
      }
    }
  }
  return {
    kind: 'answered',
    answerTo: (probe) => {
      const question = JSON.stringify(probe);
      return {
        records: found.get(question) ?? [],
        isCutOff: cutOff.has(question),
        failure: failures.get(question),
      };
    },
  };
}

const halves = <T>(list: readonly T[]): [T[], T[]] => {
  const middle = Math.ceil(list.length / 2);
  return [list.slice(0, middle), list.slice(middle)];
};

const idPropertyOf = (probe: Probe): string | undefined => {
  if (probe.by === 'unique') return probe.property;
  return probe.by === 'email' ? 'email' : undefined;
};

async function readBy(
  context: WorkContext,
  idProperty: string,
  ids: readonly string[],
): Promise<Extract<BatchResult, { kind: 'rows' }> | Exclude<ProbeAnswers, { kind: 'answered' }>> {
  const right = await admitted(context, 'calls');
  if (right.kind === 'stop') return { kind: 'stopped', stop: right.stop };
  context.counts.calls += 1;
  const answer = await context.hubspot.batchRead(
    context.shard.type,
    { ids, idProperty, properties: [idProperty] },
    { ...callTimes(context), admission: right.admission },
  );
  return answer.kind === 'rows' ? answer : { kind: 'failed', failure: answer };
}

/**
 * Reads what the search finds, up to so many pages. `IN` wants lower case, and so finds more than was asked for: {@link answers} looks
 * closely.
 */
async function searchAll(
  context: WorkContext,
  property: string,
  probes: readonly SearchProbe[],
): Promise<
  { kind: 'found'; records: HubSpotRecord[]; isCutOff: boolean } | Exclude<ProbeAnswers, { kind: 'answered' }>
> {
  const records: HubSpotRecord[] = [];
  const since = probes.map(({ createdSince }) => createdSince ?? 0).reduce((a, b) => Math.min(a, b));
  const values = distinct(probes.map(({ value }) => value.toLowerCase()));
  const [only, ...others] = probes;
  // Of one question both halves can be asked.
  const also = others.length === 0 ? only?.also : undefined;
  const filters: SearchFilter[] = [
    { propertyName: property, operator: 'IN', values },
    ...(also
      ? [{ propertyName: also.property, operator: 'IN' as const, values: [also.value.toLowerCase()] }]
      : []),
    ...(since > 0 ? [{ propertyName: 'createdate', operator: 'GTE' as const, value: String(since) }] : []),
  ];
  const properties = distinct([property, ...probes.flatMap(({ also }) => also?.property ?? [])]);
  let after: string | undefined;
  for (let pages = 0; pages < MAX_SEARCH_PAGES; pages++) {
    const right = await admitted(context, 'search');
    if (right.kind === 'stop') return { kind: 'stopped', stop: right.stop };
    context.counts.calls += 1;
    const page: PageResult = await context.hubspot.search(
      context.shard.type,
      {
        filterGroups: [{ filters }],
        properties,
        limit: SEARCH_PAGE,
        ...(after === undefined ? {} : { after }),
      },
      { ...callTimes(context), admission: right.admission },
    );
    if (page.kind !== 'page') return { kind: 'failed', failure: page };
    records.push(...page.records);
    after = page.after;
    const isMoreThanIsRead = (page.total ?? 0) > MAX_SEARCH_PAGES * SEARCH_PAGE;
    if (after === undefined || isMoreThanIsRead) break;
  }
  return { kind: 'found', records, isCutOff: after !== undefined };
}

/** Whether a found record has exactly the values asked for, and was created in time. */
function answers(record: HubSpotRecord, probe: SearchProbe): boolean {
  const has = (property: string, value: string): boolean =>
    record.properties[property]?.trim() === value.trim();
  return (
    has(probe.property, probe.value) &&
    (probe.also === undefined || has(probe.also.property, probe.also.value)) &&
    (probe.createdSince === undefined || (record.createdAt ?? Infinity) >= probe.createdSince)
  );
}

const distinct = (texts: readonly string[]): string[] => [...new Set(texts)];

const chunks = (texts: readonly string[]): string[][] =>
  Array.from({ length: Math.ceil(texts.length / MAX_BATCH) }, (_, index) =>
    texts.slice(index * MAX_BATCH, (index + 1) * MAX_BATCH),
  );

function searchChunks(probes: readonly SearchProbe[]): SearchProbe[][] {
  const some: SearchProbe[][] = [];
  let characters = 0;
  for (const probe of probes) {
    const size = JSON.stringify(probe.value).length + 1;
    const open = some.at(-1);
    if (open && open.length < MAX_BATCH && characters + size <= MAX_SEARCH_CHARACTERS) {
      open.push(probe);
      characters += size;
    } else {
      some.push([probe]);
      characters = size;
    }
  }
  return some;
}
