import type { ObjectType } from '../../hubspot/hubspot-api.ts';
import type { PortalId } from '../../invoices/identifiers.ts';
import type { IsoDateTime } from '../../invoices/invoice.ts';
import type { SyncReasonCode } from '../sync-reasons.ts';
import { type DesiredContent, desiredEmail } from './desired-content.ts';

/** `retry`: something went wrong, or is not certain yet, and the worker comes back to it by itself. */
export type SyncState = 'pending' | 'synced' | 'retry' | 'failed' | 'archived';

export const SYNC_STATES = ['pending', 'synced', 'retry', 'failed', 'archived'] as const;

/**
 * Everything we know of one contact or product: the desired state, how far HubSpot has followed, and what may be under way. Times are epoch
 * milliseconds unless their type says otherwise. Changed only as a whole, on condition that `version` is still the one that was read.
 */
export interface SyncRecord {
  portalId: PortalId;
  type: ObjectType;
  externalId: string;
  /** Goes up with every change of the row. */
  version: number;

  desired: DesiredContent;
  contentHash: string;
  /** Goes up with every accepted change and replay: tells whether what was sent is still what is wanted. */
  revision: number;
  /** The accounting system's time of its change, as sent, and in a form that compares. */
  updatedAt: IsoDateTime;
  sourceInstant: string;

  state: SyncState;
  /** Since when it is outstanding (pending or retry), or in its state. */
  since: number;
  reason?: string | undefined;
  reasonCode?: SyncReasonCode | undefined;
  /** Writes tried since the last accepted change; those that HubSpot turned away for their number don't count. */
  attempts: number;
  /** Works begun since the last one that came to an end: what a worker didn't survive. */
  unfinished: number;
  /** The most records of a batch this one may be part of: halved each time HubSpot refuses the whole. */
  batchLimit?: number | undefined;
  /** When the worker has something to do; undefined where nothing is to be done. */
  dueAt?: number | undefined;

  hubspotId?: string | undefined;
  /** It was in HubSpot before us: a deletion lets it be. */
  adopted?: boolean | undefined;
  /** HubSpot answered that it has no record of this id (any longer); once it is searched for by our property, how far that is. */
  gone?: true | SearchProgress | undefined;
  /** Fingerprint of the values HubSpot is known to have; undefined while a write is under way or its outcome unknown. */
  syncedHash?: string | undefined;
  syncedAt?: number | undefined;
  /** Property names ever sent and not known to be cleared again. */
  names: string[];
  /** Addresses (normalized) that HubSpot may have for it. */
  sentEmails: string[];

  /** It can't have its address, because another record has it. */
  waiting?: EmailWait | undefined;
  /** Addresses it has let go and for which others stand in line: they must be told. */
  released?: string[] | undefined;

  attempt?: Attempt | undefined;
  /** Creates of which nobody knows whether HubSpot did them. */
  unresolved?: UnresolvedCreates | undefined;
  /** A write of unknown outcome may still land: what was written before `until` has to be written once more. */
  unsettled?: Unsettled | undefined;
}

export interface Unsettled {
  until: number;
  /** An archive is among what may still land. */
  archived: boolean;
  /** Creates that were looked for in vain and may still land: a deletion must not overlook what they leave. */
  late?: LostCreates | undefined;
}

export interface EmailWait {
  /** Normalized. */
  email: string;
  since: number;
  /** The record's revision when it (last) stood in line. */
  revision: number;
  /** The holder has not been asked yet whether it still needs the address. */
  ask: boolean;
}

/** The mark that some worker is about to call HubSpot for this record, or is calling. */
export interface Attempt {
  id: string;
  kind: 'create' | 'upsert' | 'update' | 'let-go' | 'unlink' | 'archive' | 'look-up';
  startedAt: number;
  /** The call has ended by then, whatever became of the worker. */
  endsAt: number;
  /** The record's revision that is being sent. */
  revision: number;
  /** Fingerprint of the values being sent. */
  hash?: string | undefined;
  /** Names that have a value in what is being sent. */
  names?: string[] | undefined;
  /** Of those, the ones that the record did not have before: taken off again when HubSpot certainly did nothing. */
  newNames?: string[] | undefined;
  /** Names that should be cleared and are not in what is being sent, as the portal did not show such a property. */
  keptNames?: string[] | undefined;
  /** The address (normalized) in what is being sent. */
  email?: string | undefined;
  /** HubSpot can't have had the address for this record before: taken off again like the new names. */
  isEmailNew?: boolean | undefined;
  /** What `syncedHash` was before, for when HubSpot certainly did nothing. */
  previousHash?: string | undefined;
  /** By what a create can be found again. */
  trace?: CreateTrace | undefined;
}

/** By what a created record can be found again. */
export interface CreateTrace {
  /** The property of ours that was sent with it. */
  key?: string | undefined;
  email?: string | undefined;
  sku?: string | undefined;
  name?: string | undefined;
  lastName?: string | undefined;
}

export interface SearchProgress {
  /** How often a search said that there is nothing; it may lag. */
  misses: number;
  /** Not to be looked for before. */
  lookAt: number;
}

/** Creates whose outcome nobody reported. */
export interface LostCreates {
  /** The first of them began then. */
  since: number;
  /** All of them have ended by then. */
  endedAt: number;
  traces: CreateTrace[];
}

export interface UnresolvedCreates extends LostCreates, SearchProgress {
  /** Nothing was lost, but HubSpot said of a conflict not who has the address: that matters to this revision of the record only. */
  onlyFor?: number | undefined;
}

/** The addresses a record has in HubSpot, or may have, or is to have: nobody else may have them. */
export function claimedEmails(record: SyncRecord): string[] {
  const wanted = record.waiting === undefined ? desiredEmail(record.desired) : undefined;
  return [...new Set([...record.sentEmails, ...(wanted === undefined ? [] : [wanted])])];
}

/** Whether the row is outstanding: the worker has it on its list, or will come back to it by itself. */
export const isOutstanding = ({ state }: Pick<SyncRecord, 'state'>): boolean =>
  state === 'pending' || state === 'retry';
