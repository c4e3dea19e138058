import type { CallFailure, Outcome } from './call-failure.ts';
import type { ReasonCode } from './failure-reasons.ts';

/** The kinds of record that the gateway writes, as HubSpot's paths spell them. */
export type ObjectType = 'contacts' | 'products';

/** Values to write, by internal property name. HubSpot takes every value as text; an empty text clears the property. */
export type PropertyValues = Readonly<Record<string, string>>;

/** A record as HubSpot gave it. A property that was asked for and has no value is `null`. */
export interface HubSpotRecord {
  id: string;
  properties: Record<string, string | null>;
  archived: boolean;
  /** Epoch milliseconds, where HubSpot said so. */
  createdAt?: number;
  /** Epoch milliseconds, where HubSpot said so. */
  updatedAt?: number;
}

/** `traceId` is unique within its batch; results come back under it. */
export interface CreateInput {
  traceId: string;
  properties: PropertyValues;
}

export interface UpdateInput {
  traceId: string;
  /** HubSpot's id of the record. */
  id: string;
  properties: PropertyValues;
}

export interface UpsertInput {
  traceId: string;
  /** The name of a property that has unique values. */
  idProperty: string;
  /** The value of that property. */
  id: string;
  properties: PropertyValues;
}

/** What became of one input of a batch. */
export type RowResult =
  /** Done. `id` differs from the one that was asked for where HubSpot merged the record into another. */
  | { kind: 'ok'; id: string; created?: boolean; record: HubSpotRecord }
  /** Refused, nothing was written. The same input is refused again. */
  | { kind: 'refused'; reason: string; reasonCode: ReasonCode }
  /** Another record holds a value that must be unique; which record and which property, as far as HubSpot says. Nothing was written. */
  | { kind: 'conflict'; existingId?: string; property?: string; reason: string; reasonCode: ReasonCode }
  /** No record has this id (any longer). Nothing was written. */
  | { kind: 'not-found'; reason: string; reasonCode: ReasonCode }
  /** May succeed later. `outcome: 'unknown'`: the write may have been done all the same. */
  | { kind: 'transient'; outcome: Outcome; reason: string; reasonCode: ReasonCode };

/** A batch that HubSpot answered row by row: every input has a result, under its `traceId` (reads, archives: under the id asked for). */
export interface BatchRows {
  kind: 'rows';
  rows: Map<string, RowResult>;
}

export type BatchResult = BatchRows | CallFailure;

export interface RecordPage {
  kind: 'page';
  records: HubSpotRecord[];
  /** The cursor of the next page; absent on the last. */
  after?: string;
  /** How many match in all; search only. */
  total?: number;
}

export type PageResult = RecordPage | CallFailure;

export interface SearchFilter {
  propertyName: string;
  operator:
    | 'EQ'
    | 'NEQ'
    | 'IN'
    | 'NOT_IN'
    | 'HAS_PROPERTY'
    | 'NOT_HAS_PROPERTY'
    | 'GT'
    | 'GTE'
    | 'LT'
    | 'LTE'
    | 'BETWEEN';
  value?: string;
  /** For `IN` and `NOT_IN`; HubSpot wants lower case there for texts. */
  values?: readonly string[];
  highValue?: string;
}

export interface SearchQuery {
  /** Groups are joined by OR, the filters of a group by AND: at most 5 groups, 6 filters each, 18 in all. */
  filterGroups: readonly { filters: readonly SearchFilter[] }[];
  properties: readonly string[];
  /** At most 200. */
  limit: number;
  after?: string;
  sorts?: readonly { propertyName: string; direction: 'ASCENDING' | 'DESCENDING' }[];
}

export interface PropertyDefinition {
  name: string;
  label: string;
  type: string;
  fieldType: string;
  groupName: string;
  hasUniqueValue: boolean;
  /** Whether HubSpot alone sets the value: it is calculated, or read-only. */
  readOnly: boolean;
}

export type NewProperty = Omit<PropertyDefinition, 'readOnly'> & { description?: string };

/** How one call is made. */
export interface CallOptions {
  /** How long HubSpot may take, in milliseconds, from the sending of the request to the end of the answer. */
  timeoutMs?: number;
  /** How long to wait for the portal's own call budget, in milliseconds; 0 for not at all. */
  budgetWaitMs?: number;
  /**
   * The call starts at this time (epoch ms) at the latest, or not at all: then it gives `budget-exhausted`. It has ended, or been given
   * up, by this time plus `timeoutMs`. For a worker whose mark on a row must outlast the call.
   */
  startBy?: number;
  /**
   * What {@link HubSpotApi.admit} gave: the call starts at once, without a wait for the budget. One that has gone stale gives
   * `budget-exhausted`, and no call is made. Serves one call.
   */
  admission?: Admission;
}

/** The right to make one call by a time (epoch ms), taken from the portal's budget beforehand. */
export interface Admission {
  pool: BudgetPool;
  usableUntil: number;
}

/** Searches have a limit of their own at HubSpot. */
export type BudgetPool = 'calls' | 'search';

/**
 * HubSpot's CRM API for one portal. No method throws for what HubSpot or the network does: every outcome is a value.
 * A batch takes 1 to 100 inputs; more, none, or a trace id or id twice are a mistake of the caller and throw a `RangeError`.
 */
export interface HubSpotApi {
  /**
   * Waits for the portal's budget ahead of the call, for a caller who has something to do in between that takes less than the quarter of
   * a second for which an admission holds at least. What takes longer is done first, and the call bounded by `startBy`.
   */
  admit(
    pool: BudgetPool,
    options?: { budgetWaitMs?: number },
  ): Promise<{ kind: 'admitted'; admission: Admission } | CallFailure>;
  batchCreate(type: ObjectType, inputs: readonly CreateInput[], options?: CallOptions): Promise<BatchResult>;
  /** Reads by HubSpot's id, or by a unique property. A record that isn't there is `not-found` in its row. */
  batchRead(type: ObjectType, query: BatchReadQuery, options?: CallOptions): Promise<BatchResult>;
  batchUpdate(type: ObjectType, inputs: readonly UpdateInput[], options?: CallOptions): Promise<BatchResult>;
  batchUpsert(type: ObjectType, inputs: readonly UpsertInput[], options?: CallOptions): Promise<BatchResult>;
  /** Archives by HubSpot's id. Archiving a record that is archived already, or unknown, is `ok`. */
  batchArchive(type: ObjectType, ids: readonly string[], options?: CallOptions): Promise<BatchResult>;
  /** The search index lags behind writes by up to about half a minute. */
  search(type: ObjectType, query: SearchQuery, options?: CallOptions): Promise<PageResult>;
  /** Every record, page by page, in the order of ids. */
  listPage(type: ObjectType, query: ListQuery, options?: CallOptions): Promise<PageResult>;
  listProperties(
    type: ObjectType,
    options?: CallOptions,
  ): Promise<{ kind: 'properties'; properties: PropertyDefinition[] } | CallFailure>;
  /** Creates a property; look at the answer's `hasUniqueValue`, which need not be what was asked for. */
  createProperty(
    type: ObjectType,
    property: NewProperty,
    options?: CallOptions,
  ): Promise<{ kind: 'property'; property: PropertyDefinition } | CallFailure>;
}

export interface BatchReadQuery {
  /** HubSpot ids, or values of `idProperty`. */
  ids: readonly string[];
  idProperty?: string;
  properties: readonly string[];
  /** Look among archived records instead of the living. */
  archived?: boolean;
}

export interface ListQuery {
  properties: readonly string[];
  after?: string;
  /** 1 to 100, which is the default. */
  limit?: number;
  archived?: boolean;
}
