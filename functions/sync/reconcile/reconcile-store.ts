import { type DynamoDBDocumentClient, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { ObjectType } from '../../hubspot/hubspot-api.ts';
import type { PortalId } from '../../invoices/identifiers.ts';
import type { Owner } from '../records/record-store.ts';
import { RECORD_TYPES } from '../records/shard.ts';
import { controlKey, type SyncKey } from '../records/sync-keys.ts';
import type { ReconcileRun, ReconcileSummary } from './reconcile-run.ts';

/** What is kept of a portal's runs for one type. */
export interface ReconcileState {
  /** Under way, or waiting to be gone on with. */
  run?: ReconcileRun | undefined;
  /** The last one that ended. */
  last?: ReconcileSummary | undefined;
}

const PREFIX = 'reconcile#';

const runKey = ({ portalId, type }: Owner): SyncKey => ({
  pk: controlKey(portalId).pk,
  sk: `${PREFIX}${type}`,
});

/** Somebody else goes on with the run: it was held longer than promised. */
export class RunLostError extends Error {
  override name = 'RunLostError';
}

/** The runs of reconcile and their results: one item for each portal and type, in the sync's table. */
export class ReconcileStore {
  readonly #documents: DynamoDBDocumentClient;
  readonly #tableName: string;

  constructor({ documents, tableName }: { documents: DynamoDBDocumentClient; tableName: string }) {
    this.#documents = documents;
    this.#tableName = tableName;
  }

  /** What is known of a portal's runs, by type. */
  async states(portalId: PortalId): Promise<Partial<Record<ObjectType, ReconcileState>>> {
    const { Items = [] } = await this.#documents.send(
      new QueryCommand({
        TableName: this.#tableName,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: { ':pk': controlKey(portalId).pk, ':prefix': PREFIX },
        ConsistentRead: true,
      }),
    );
    const states: Partial<Record<ObjectType, ReconcileState>> = {};
    for (const type of RECORD_TYPES) {
      const item = Items.find(({ sk }) => sk === `${PREFIX}${type}`);
      if (item) states[type] = stateIn(item);
    }
    return states;
  }

  /** Takes the run for `holder` until then (epoch ms), so that nobody else goes on with it; undefined where somebody has it. */
  async take(owner: Owner, holder: string, now: number, until: number): Promise<ReconcileState | undefined> {
    try {
      const { Attributes = {} } = await this.#documents.send(
        new UpdateCommand({
          TableName: this.#tableName,
          Key: runKey(owner),
          UpdateExpression: 'SET holder = :me, heldUntil = :until',
          ConditionExpression: 'attribute_not_exists(heldUntil) OR heldUntil <= :now',
          ExpressionAttributeValues: { ':me': holder, ':until': until, ':now': now },
          ReturnValues: 'ALL_NEW',
        }),
      );
      return stateIn(Attributes);
    } catch (error) {
      if (isConditionFailure(error)) return undefined;
      throw error;
    }
  }

  /** Keeps how far the run is. Throws a {@link RunLostError} where it is no longer the holder's. */
  save(owner: Owner, holder: string, run: ReconcileRun): Promise<void> {
    return this.#update(owner, holder, 'SET #run = :value', run, { '#run': 'run' });
  }

  /** Keeps the result in the run's place. Throws a {@link RunLostError}. */
  end(owner: Owner, holder: string, summary: ReconcileSummary): Promise<void> {
    return this.#update(owner, holder, 'SET #last = :value REMOVE #run', summary, {
      '#last': 'last',
      '#run': 'run',
    });
  }

  async giveBack(owner: Owner, holder: string): Promise<void> {
    await this.#documents
      .send(
        new UpdateCommand({
          TableName: this.#tableName,
          Key: runKey(owner),
          UpdateExpression: 'REMOVE holder, heldUntil',
          ConditionExpression: 'holder = :me',
          ExpressionAttributeValues: { ':me': holder },
        }),
      )
      .catch((error: unknown) => {
        if (!isConditionFailure(error)) throw error;
      });
  }

  async #update(
    owner: Owner,
    holder: string,
    UpdateExpression: string,
    value: ReconcileRun | ReconcileSummary,
    ExpressionAttributeNames: Record<string, string>,
  ): Promise<void> {
    try {
      await this.#documents.send(
        new UpdateCommand({
          TableName: this.#tableName,
          Key: runKey(owner),
          UpdateExpression,
          ConditionExpression: 'holder = :me',
          ExpressionAttributeNames,
          ExpressionAttributeValues: { ':me': holder, ':value': value },
        }),
      );
    } catch (error) {
      if (isConditionFailure(error)) throw new RunLostError('Somebody else goes on with this run.');
      throw error;
    }
  }
}

const stateIn = ({ run, last }: Record<string, unknown>): ReconcileState => ({
  run: run as ReconcileRun | undefined,
  last: last as ReconcileSummary | undefined,
});

const isConditionFailure = (error: unknown): boolean =>
  error instanceof Error && error.name === 'ConditionalCheckFailedException';
