import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type ReconcileCall, type Reconciled, reconcile } from '../../functions/sync/reconcile/reconcile.ts';
import type { ReconcileSettings } from '../../functions/sync/reconcile/reconcile-settings.ts';
import { ReconcileStore } from '../../functions/sync/reconcile/reconcile-store.ts';
import { PORTAL, SyncWorld, type WorldOptions } from './sync-world.ts';

/** A sync with a reconcile beside it. Reconcile runs on the world's clock, which moves by its own waits only. */
export class ReconcileUnderTest {
  readonly world: SyncWorld;
  readonly runs: ReconcileStore;
  readonly settings: ReconcileSettings = {
    onHubSpotEdit: 'overwrite',
    callsPerRun: 1_000,
    callEveryMs: 0,
    startHour: 2,
  };
  timeZone = 'UTC';
  /** Called at each wait for the distance between two calls. */
  onWait: () => Promise<void> = async () => undefined;
  readonly #client: DynamoDBClient;

  private constructor(world: SyncWorld) {
    this.world = world;
    this.#client = new DynamoDBClient({
      endpoint: world.dynamodb.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    const documents = DynamoDBDocumentClient.from(this.#client, {
      marshallOptions: { removeUndefinedValues: true },
    });
    this.runs = new ReconcileStore({ documents, tableName: 'sync' });
  }

  static async start(options?: WorldOptions): Promise<ReconcileUnderTest> {
    const world = await SyncWorld.start(options);
    await world.createKeyProperties();
    return new ReconcileUnderTest(world);
  }

  async close(): Promise<void> {
    this.#client.destroy();
    await this.world.close();
  }

  /** Lets so much of the world's time go by. */
  pass(milliseconds: number): void {
    this.world.clock.advanceTo(this.world.clock.now() + milliseconds);
  }

  /** One invocation; a quarter of an hour long unless it says otherwise. */
  async reconcile(call: Partial<ReconcileCall> = {}): Promise<Reconciled[]> {
    const { world } = this;
    const access = {
      ...world.functions(),
      runs: this.runs,
      reconcile: this.settings,
      timeZone: async () => this.timeZone,
      wait: async (milliseconds: number) => {
        this.pass(milliseconds);
        await this.onWait();
      },
    };
    return reconcile(access, { begin: 'now', deadline: world.clock.now() + 900_000, ...call });
  }

  /** What the last run of the portal's products, or contacts, found. */
  async last(type: 'products' | 'contacts' = 'products') {
    return (await this.runs.states(PORTAL))[type]?.last;
  }

  /** The portal's record in HubSpot that has this value, with all its properties. */
  inHubSpot(type: 'products' | 'contacts', property: string, value: string) {
    const found = this.world.hubspot
      .records(PORTAL, type)
      .filter(({ properties }) => properties[property] === value);
    const [record] = found;
    if (!record || found.length > 1) throw new Error(`${found.length} records have ${property} ${value}.`);
    return record;
  }
}
