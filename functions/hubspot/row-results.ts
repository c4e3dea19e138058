import { readError } from './error-body.ts';
import type { HubSpotRecord, PropertyValues, RowResult } from './hubspot-api.ts';
import { arrayIn, objectIn, textIn } from './json-value.ts';
import { plainReason } from './plain-reason.ts';
import { recordIn } from './record-json.ts';
import { classifyRowError } from './row-error.ts';

/** One input of a batch, and by what its result can be told from the others'. */
export interface BatchRow {
  /** Under which the result is given. */
  key: string;
  traceId?: string;
  /** As it was sent: HubSpot's id, or with `idProperty` that property's value. */
  id?: string;
  idProperty?: string;
  /** What was sent. */
  properties?: PropertyValues;
}

/**
 * What it means when HubSpot passes over a row in silence: of a write, nothing certain; of a read, that the record isn't there; of an
 * archive, that it is archived. Where errors stand in the answer that name no row, it never means more than `unknown`.
 */
export type Silence = 'unknown' | 'not-found' | 'done';

/** The property in which a merged contact names the records that went into it. */
export const MERGED_IDS_PROPERTY = 'hs_merged_object_ids';

/**
 * Results and errors of a batch, row by row. HubSpot promises no order, so a row is found by its trace id, else by what named the record:
 * HubSpot's id (also one that was merged away) or the unique property; of a create, by a property that tells all inputs apart. Undefined where the answer is no batch answer.
 */
export function rowResults(
  rows: readonly BatchRow[],
  json: unknown,
  silence: Silence,
): Map<string, RowResult> | undefined {
  const answer = objectIn(json);
  if (answer === undefined || !Array.isArray(answer.results)) return undefined;
  const found = new Map<string, RowResult>();
  const keyOf = keyFinder(rows);

  for (const entry of answer.results) {
    const record = recordIn(entry);
    const fields = objectIn(entry);
    if (record === undefined || fields === undefined) continue;
    const key = keyOf(textIn(fields.objectWriteTraceId), record);
    if (key === undefined || found.has(key)) continue;
    const created = fields.new;
    found.set(key, {
      kind: 'ok',
      id: record.id,
      ...(typeof created === 'boolean' ? { created } : {}),
      record,
    });
  }

  const unplaced: RowResult[] = [];
  for (const entry of arrayIn(answer.errors)) {
    const error = readError(objectIn(entry) ?? {});
    const result = classifyRowError(error);
    const keys = keysNamed(rows, error.traceIds, error.ids).filter((key) => !found.has(key));
    for (const key of keys) found.set(key, result);
    if (error.traceIds.length === 0 && error.ids.length === 0) unplaced.push(result);
  }

  const silent = rows.filter(({ key }) => !found.has(key));
  // One error without a name and one row without a word: they belong together.
  const [only] = unplaced;
  const isPair = silent.length === 1 && unplaced.length === 1;
  const hasErrors = unplaced.length > 0 || Number(answer.numErrors ?? 0) > arrayIn(answer.errors).length;
  for (const row of silent) {
    found.set(row.key, isPair && only ? only : silentResult(row, hasErrors ? 'unknown' : silence));
  }
  return found;
}

function silentResult({ id = '' }: BatchRow, silence: Silence): RowResult {
  switch (silence) {
    case 'not-found':
      return { kind: 'not-found', ...plainReason('hubspot-record-gone') };
    case 'done':
      return { kind: 'ok', id, record: { id, properties: {}, archived: true } };
    case 'unknown':
      return { kind: 'transient', outcome: 'unknown', ...plainReason('hubspot-row-unanswered') };
  }
}

/** The keys of the rows that an error names. */
function keysNamed(rows: readonly BatchRow[], traceIds: readonly string[], ids: readonly string[]): string[] {
  const named = (row: BatchRow): boolean =>
    traceIds.length > 0
      ? row.traceId !== undefined && traceIds.includes(row.traceId)
      : row.id !== undefined && ids.includes(row.id);
  return rows.filter(named).map(({ key }) => key);
}

function keyFinder(rows: readonly BatchRow[]) {
  const byTraceId = new Map(rows.flatMap(({ key, traceId }) => (traceId ? [[traceId, key]] : [])));
  const byId = new Map(rows.flatMap(({ key, id, idProperty }) => (id && !idProperty ? [[id, key]] : [])));
  let byProperty: Map<string, Map<string, string>> | undefined;

  return (traceId: string | undefined, record: HubSpotRecord): string | undefined => {
    if (traceId !== undefined) return byTraceId.get(traceId);
    const merged = record.properties[MERGED_IDS_PROPERTY]?.split(';') ?? [];
    for (const id of [record.id, ...merged]) {
      const key = byId.get(id.trim());
      if (key !== undefined) return key;
    }
    if (byId.size > 0) return undefined;
    byProperty ??= keysByProperty(rows);
    for (const [name, keys] of byProperty) {
      const value = record.properties[name] ?? '';
      const key = keys.get(value) ?? keys.get(normal(value));
      if (key !== undefined) return key;
    }
    return undefined;
  };
}

/** HubSpot stores e-mail addresses trimmed and in lower case. */
const normal = (value: string): string => value.trim().toLowerCase();

/** For each property that tells all rows apart, the row of each value, as it was sent and as HubSpot may have stored it. */
function keysByProperty(rows: readonly BatchRow[]): Map<string, Map<string, string>> {
  const [first] = rows;
  const names = first?.idProperty === undefined ? Object.keys(first?.properties ?? {}) : [first.idProperty];
  const usable = new Map<string, Map<string, string>>();
  for (const name of names) {
    const sent = new Map<string, string>();
    for (const { key, id, idProperty, properties } of rows) {
      const value = (idProperty === name ? id : properties?.[name]) ?? '';
      if (value !== '') sent.set(value, key);
    }
    if (sent.size === rows.length) usable.set(name, withNormalForms(sent));
  }
  return usable;
}

/** Adds the normal form of each value that no other value shares. */
function withNormalForms(keys: ReadonlyMap<string, string>): Map<string, string> {
  const sharing = Map.groupBy(keys, ([value]) => normal(value));
  const all = new Map(keys);
  for (const [form, entries] of sharing) {
    const [entry] = entries;
    if (entries.length === 1 && entry !== undefined) all.set(form, entry[1]);
  }
  return all;
}
