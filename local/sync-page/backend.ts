import type { ObjectType } from '../../functions/hubspot/hubspot-api.ts';
import type { SyncState } from '../../functions/sync/records/sync-record.ts';
import type { CallCounters } from '../hubspot/call-log.ts';

/** What `GET /v1/sync/health` answers; times are ISO 8601 date-times. */
export type Health = {
  readonly counts: Readonly<Record<ObjectType, Readonly<Record<SyncState, number>>>>;
  readonly oldestPendingAt?: string | undefined;
  readonly pausedUntil?: string | undefined;
  readonly heldUntil?: string | undefined;
  readonly stopped?: { readonly reason: string; readonly since: string } | undefined;
};

/** One of what `GET /v1/sync/failures` answers. */
export type Failure = {
  readonly type: ObjectType;
  readonly externalId: string;
  readonly reason: string;
  readonly reasonCode: string;
  /** ISO 8601 date-time. */
  readonly since: string;
  readonly attempts: number;
};

/** How the sync stands, as the real API says it. */
export type Standing =
  | {
      readonly kind: 'answered';
      readonly health: Health;
      readonly failures: readonly Failure[];
      /** Whether there are more failures than these. */
      readonly hasMore: boolean;
    }
  | { readonly kind: 'refused'; readonly reason: string };

/** A record as HubSpot has it. */
export type ShownRecord = {
  readonly hubspotId: string;
  /** The external id in our property; undefined where HubSpot has none there. */
  readonly key?: string | undefined;
  readonly name: string;
  /** A product's price, a contact's e-mail address. */
  readonly detail: string;
};

/** The records of one type: how many, and the newest, newest first. */
export type ShownRecords = {
  readonly live: number;
  readonly archived: number;
  readonly newest: readonly ShownRecord[];
};

/** A call that HubSpot got. */
export type ShownCall = {
  /** ISO 8601 date-time of its arrival. */
  readonly at: string;
  /** Method and path without query. */
  readonly call: string;
  readonly records: number;
  /** The status, or in words why there is none. */
  readonly answer: string;
  /** What was injected into it, in words. */
  readonly fault?: string | undefined;
};

/** What the page shows of HubSpot: the imitation's inside, or where another HubSpot is. */
export type HubSpotView =
  | {
      readonly kind: 'imitation';
      readonly counters: CallCounters;
      /** What is still to go wrong, in words. */
      readonly faults: readonly string[];
      /** The newest calls, newest first. */
      readonly calls: readonly ShownCall[];
      readonly records: Readonly<Record<ObjectType, ShownRecords>>;
    }
  | { readonly kind: 'elsewhere'; readonly url: string };

/** Everything that the page shows, taken at one time. */
export type SyncPageState = { readonly standing: Standing; readonly hubspot: HubSpotView };

/** What became of something the page asked for, in a sentence for the reader. */
export type Said = { readonly kind: 'done' | 'refused'; readonly message: string };

/** Which records to try again, as `POST /v1/sync/replay` takes it. */
export type Replay =
  | { readonly type: ObjectType; readonly externalIds: readonly string[] }
  | { readonly all: true };

/** Everything that the sync page needs of the simulator around it. */
export interface SyncPageBackend {
  state(): Promise<SyncPageState>;
  /** Sends the sample records of the type, as the accounting system would. */
  sendSamples(type: ObjectType): Promise<Said>;
  replay(replay: Replay): Promise<Said>;
  /** Lays a sample fault on HubSpot's next calls; `name` is one of SAMPLE_FAULTS. */
  injectFault(name: string): Said;
  clearFaults(): Said;
}
