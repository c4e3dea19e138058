import { createHash } from 'node:crypto';
import type { ObjectType } from '../../hubspot/hubspot-api.ts';
import type { PortalId } from '../../invoices/identifiers.ts';

/** The kinds of record that are synced, as HubSpot and our paths spell them. */
export const RECORD_TYPES = ['contacts', 'products'] as const satisfies readonly ObjectType[];

/** How many parts the records of one type and portal are cut into: so many workers can serve them side by side. */
export const SHARD_COUNT = 8;

/** One part of a portal's records of one type: what a bell rings for, and one partition of the table. */
export interface Shard {
  portalId: PortalId;
  type: ObjectType;
  /** 0 to {@link SHARD_COUNT} - 1. */
  shard: number;
}

/** The shard that a record lies in, by its external id alone: it never changes. */
export const shardOf = (externalId: string): number =>
  (createHash('sha256').update(externalId).digest()[0] ?? 0) % SHARD_COUNT;

/** All shards of one type, in order. */
export const shardsOf = (portalId: PortalId, type: ObjectType): Shard[] =>
  Array.from({ length: SHARD_COUNT }, (_, shard) => ({ portalId, type, shard }));
