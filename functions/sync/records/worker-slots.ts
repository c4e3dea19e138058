import { DeleteCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { PortalId } from '../../invoices/identifiers.ts';
import type { ControlStoreAccess } from './control-store.ts';
import { RECORD_TYPES, SHARD_COUNT, type Shard } from './shard.ts';
import { controlKey, SLOT_PREFIX, slotKey, TURNED_AWAY_PREFIX, turnedAwayKey } from './sync-keys.ts';

/** A place among a portal's workers, held until then (epoch ms) at the longest. */
export interface Slot {
  portalId: PortalId;
  slot: number;
  holder: string;
}

export interface SlotsAccess extends ControlStoreAccess {
  /** How many workers one portal may have at once: at most half of all. */
  slotsPerPortal: number;
}

/**
 * The places that a portal has among the workers. A bell that finds none is turned away at once, and noted; whoever gives a place back
 * rings for those noted. So one portal, however much it has to do and however slowly HubSpot answers it, leaves half of the workers to
 * the others.
 */
export class WorkerSlots {
  readonly #access: SlotsAccess;

  constructor(access: SlotsAccess) {
    this.#access = access;
  }

  /** Takes a place; undefined where all are taken, and then the shard is noted. `now` and `until` are epoch ms. */
  async take(shard: Shard, holder: string, now: number, until: number): Promise<Slot | undefined> {
    const taken = await this.#takeFree(shard.portalId, holder, now, until);
    if (taken) return taken;
    await this.#access.documents.send(
      new PutCommand({
        TableName: this.#access.tableName,
        Item: { ...turnedAwayKey(shard), type: shard.type, shard: shard.shard },
      }),
    );
    // Somebody may have given a place back before the note was there to be seen.
    return this.#takeFree(shard.portalId, holder, now, until);
  }

  /** Gives the place back, and answers the shards that were turned away meanwhile: they must be rung for. */
  async giveBack({ portalId, slot, holder }: Slot): Promise<Shard[]> {
    const { documents, tableName } = this.#access;
    await documents
      .send(
        new DeleteCommand({
          TableName: tableName,
          Key: slotKey(portalId, slot),
          ConditionExpression: 'holder = :me',
          ExpressionAttributeValues: { ':me': holder },
        }),
      )
      .catch(unlessConditionFailed);
    return (await this.#items(portalId, TURNED_AWAY_PREFIX)).flatMap((item) => {
      const type = RECORD_TYPES.find((known) => known === item.type);
      const shard = Number(item.shard);
      return type && shard < SHARD_COUNT ? [{ portalId, type, shard }] : [];
    });
  }

  /** Takes the notes of these shards away, once they have been rung for. */
  async forget(shards: readonly Shard[]): Promise<void> {
    const { documents, tableName } = this.#access;
    await Promise.all(
      shards.map((shard) =>
        documents.send(new DeleteCommand({ TableName: tableName, Key: turnedAwayKey(shard) })),
      ),
    );
  }

  async #takeFree(portalId: PortalId, holder: string, now: number, until: number): Promise<Slot | undefined> {
    const items = await this.#items(portalId, SLOT_PREFIX);
    const held = new Set(items.filter((item) => Number(item.until) > now).map((item) => item.sk));
    for (let slot = 0; slot < this.#access.slotsPerPortal; slot++) {
      const key = slotKey(portalId, slot);
      if (!held.has(key.sk) && (await this.#tryTake(key, holder, now, until))) {
        return { portalId, slot, holder };
      }
    }
    return undefined;
  }

  async #tryTake(
    key: Record<'pk' | 'sk', string>,
    holder: string,
    now: number,
    until: number,
  ): Promise<boolean> {
    try {
      await this.#access.documents.send(
        new PutCommand({
          TableName: this.#access.tableName,
          Item: { ...key, holder, until, expiresAt: Math.ceil(until / 1000) + 86_400 },
          ConditionExpression: 'attribute_not_exists(pk) OR #until <= :now',
          ExpressionAttributeNames: { '#until': 'until' },
          ExpressionAttributeValues: { ':now': now },
        }),
      );
      return true;
    } catch (error) {
      unlessConditionFailed(error);
      return false;
    }
  }

  async #items(portalId: PortalId, prefix: string): Promise<Record<string, unknown>[]> {
    const { Items = [] } = await this.#access.documents.send(
      new QueryCommand({
        TableName: this.#access.tableName,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: { ':pk': controlKey(portalId).pk, ':prefix': prefix },
        ConsistentRead: true,
      }),
    );
    return Items;
  }
}

function unlessConditionFailed(error: unknown): void {
  if (!(error instanceof Error && error.name === 'ConditionalCheckFailedException')) throw error;
}
