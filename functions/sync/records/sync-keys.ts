import type { ObjectType } from '../../hubspot/hubspot-api.ts';
import type { PortalId } from '../../invoices/identifiers.ts';
import { type Shard, shardOf } from './shard.ts';

/** A primary key of the sync's table. Every partition key but the registry's begins with the portal. */
export interface SyncKey {
  pk: string;
  sk: string;
}

/** The sparse local index of what is due, by `dueAt` (epoch ms). Local, so that it can be read strongly consistent. */
export const DUE_INDEX = 'due-index';
/** The local index by state and since when, on `stateSince`: failures are listed from it, and records counted. */
export const STATE_INDEX = 'state-index';

/** What every record's sort key begins with. */
export const RECORD_PREFIX = 'record#';
export const WAITER_PREFIX = 'waiter#';
export const SLOT_PREFIX = 'slot#';
export const TURNED_AWAY_PREFIX = 'turned-away#';
const TIME_DIGITS = 15;

export const shardPartition = ({ portalId, type, shard }: Shard): string => `${portalId}#${type}#${shard}`;

export const recordKey = (owner: { portalId: PortalId; type: ObjectType }, externalId: string): SyncKey => ({
  pk: shardPartition({ portalId: owner.portalId, type: owner.type, shard: shardOf(externalId) }),
  sk: `${RECORD_PREFIX}${externalId}`,
});

/** By which mapping a shard's records were last looked through. */
export const mappingKey = (shard: Shard): SyncKey => ({ pk: shardPartition(shard), sk: 'mapping' });

/** Whose a HubSpot record is. */
export const idClaimKey = (owner: { portalId: PortalId; type: ObjectType }, hubspotId: string): SyncKey => ({
  pk: `${owner.portalId}#${owner.type}#id#${hubspotId}`,
  sk: 'claim',
});

const emailPartition = (portalId: PortalId, email: string): string => `${portalId}#email#${email}`;

/** Whose an e-mail address (normalized) is. */
export const emailClaimKey = (portalId: PortalId, email: string): SyncKey => ({
  pk: emailPartition(portalId, email),
  sk: 'claim',
});

/** One who stands in line for an address; in the order of their coming. */
export const waiterKey = (portalId: PortalId, email: string, since: number, externalId: string): SyncKey => ({
  pk: emailPartition(portalId, email),
  sk: `${WAITER_PREFIX}${String(since).padStart(TIME_DIGITS, '0')}#${externalId}`,
});

const controlPartition = (portalId: PortalId): string => `${portalId}#control`;

/** Whether the portal rests, and until when. */
export const controlKey = (portalId: PortalId): SyncKey => ({
  pk: controlPartition(portalId),
  sk: 'control',
});

/** What the portal's property definitions were when they were last read. */
export const propertiesKey = (portalId: PortalId, type: ObjectType): SyncKey => ({
  pk: controlPartition(portalId),
  sk: `properties#${type}`,
});

/** One of the places that a portal has among the workers. */
export const slotKey = (portalId: PortalId, slot: number): SyncKey => ({
  pk: controlPartition(portalId),
  sk: `${SLOT_PREFIX}${slot}`,
});

/** A shard whose bell found no place. */
export const turnedAwayKey = ({ portalId, type, shard }: Shard): SyncKey => ({
  pk: controlPartition(portalId),
  sk: `${TURNED_AWAY_PREFIX}${type}#${shard}`,
});

export const REGISTRY_PARTITION = 'registry';

/** That a portal has records of a type at all: where the sweeper looks. */
export const registryKey = (portalId: PortalId, type: ObjectType): SyncKey => ({
  pk: REGISTRY_PARTITION,
  sk: `${portalId}#${type}`,
});
