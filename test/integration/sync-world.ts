import { setTimeout as sleep } from 'node:timers/promises';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { CallBudget } from '../../functions/hubspot/call-budget.ts';
import type { ObjectType } from '../../functions/hubspot/hubspot-api.ts';
import { hubSpotGateway } from '../../functions/hubspot/hubspot-gateway.ts';
import type { PortalId } from '../../functions/invoices/identifiers.ts';
import { type IntakeResult, takeIn } from '../../functions/sync/intake/intake.ts';
import { PropertiesSource } from '../../functions/sync/mapping/properties-source.ts';
import { healthReader } from '../../functions/sync/operations/health.ts';
import { type ReplaySelection, replay } from '../../functions/sync/operations/replay.ts';
import { ReconcileStore } from '../../functions/sync/reconcile/reconcile-store.ts';
import { ControlStore } from '../../functions/sync/records/control-store.ts';
import { restsUntil } from '../../functions/sync/records/portal-control.ts';
import { RecordStore } from '../../functions/sync/records/record-store.ts';
import { RECORD_TYPES, type Shard, shardsOf } from '../../functions/sync/records/shard.ts';
import { StateReader } from '../../functions/sync/records/state-reader.ts';
import type { SyncRecord } from '../../functions/sync/records/sync-record.ts';
import { syncTable } from '../../functions/sync/records/sync-table.ts';
import { WorkerSlots } from '../../functions/sync/records/worker-slots.ts';
import type { SyncSettings } from '../../functions/sync/sync-settings.ts';
import { answerBell, type BellEnd } from '../../functions/sync/worker/answer-bell.ts';
import { sweep } from '../../functions/sync/worker/sweep.ts';
import { type EmbeddedDynamoDB, startEmbeddedDynamoDB } from '../../local/dynamodb/embedded-dynamodb.ts';
import { ConnectionLost } from '../../local/hubspot/http-message.ts';
import { createHubSpot, type HubSpotImitation } from '../../local/hubspot/imitation.ts';
import type { SettingsPatch } from '../../local/hubspot/portal-settings.ts';

export const PORTAL = '4711' as PortalId;
export const OTHER_PORTAL = '4712' as PortalId;

export const TEST_SETTINGS: SyncSettings = {
  priceCurrency: undefined,
  onHubSpotDeletion: 'fail',
  onAdoptedDeletion: 'unlink',
  settleMs: 20_000,
  searchLagMs: 5_000,
  retryCapMs: 5_000,
  stoppedMs: 300_000,
};

/** Where a worker is stopped: at its n-th step (a request to DynamoDB or HubSpot), before it is made or after it is done. */
export type Crash =
  | { step: number; when: 'before' | 'after' }
  /** Whenever it is about to send such a body to HubSpot: to the paths named, or to the batches of writes. */
  | { isPoison: (body: string) => boolean; paths?: RegExp };

/**
 * A worker that stands still, milliseconds, once HubSpot has answered its first call with such a path, and then goes on as if no time had
 * gone by.
 */
export interface Pause {
  pausedAfter: RegExp;
  pauseMs: number;
}

const WRITES = /batch\/(create|update|upsert|archive)/;

/** A clock that moves only when nobody has anything else to do. */
class VirtualClock {
  time = Date.parse('2026-11-22T09:00:00Z');
  #timers: { at: number; fire: () => void }[] = [];

  readonly now = (): number => this.time;
  readonly sleep = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => this.after(milliseconds, resolve));

  after(milliseconds: number, fire: () => void): void {
    this.#timers.push({ at: this.time + milliseconds, fire });
  }

  /** Goes to the next timer and fires it. */
  next(): void {
    this.#timers.sort((a, b) => a.at - b.at);
    const timer = this.#timers.shift();
    if (!timer) return;
    this.time = Math.max(this.time, timer.at);
    timer.fire();
  }

  /** Goes on to a time, firing what comes before. */
  advanceTo(time: number): void {
    while (this.#timers.some(({ at }) => at <= time)) this.next();
    this.time = Math.max(this.time, time);
  }
}

/** One process with a function in it: it can be stopped between any two steps, and then does nothing more, not even clean up; or stand still. */
class Process {
  steps = 0;
  /** Which step the first write to HubSpot was. */
  writeStep: number | undefined;
  isDead = false;
  #die: () => void = () => undefined;
  readonly died: Promise<'died'>;
  readonly #crash: Crash | undefined;
  #pause: Pause | undefined;

  constructor(mishap?: Crash | Pause) {
    if (mishap && 'pausedAfter' in mishap) this.#pause = mishap;
    else this.#crash = mishap;
    this.died = new Promise((resolve) => {
      this.#die = () => {
        this.isDead = true;
        resolve('died');
      };
    });
  }

  /** Before something is sent to HubSpot. */
  send(url: string, body: string): void {
    if (WRITES.test(url)) this.writeStep ??= this.steps + 1;
    const crash = this.#crash;
    if (!crash || !('isPoison' in crash)) return;
    if ((crash.paths ?? WRITES).test(url) && crash.isPoison(body)) this.#die();
  }

  /** How long it stands still after an answer of HubSpot's; milliseconds. */
  pauseAfter(url: string): number {
    const { pausedAfter, pauseMs } = this.#pause ?? {};
    if (!pausedAfter?.test(url)) return 0;
    this.#pause = undefined;
    return pauseMs ?? 0;
  }

  async step<T>(perform: () => Promise<T>): Promise<T> {
    const number = ++this.steps;
    const crash = this.#crash;
    const isHere = crash !== undefined && 'step' in crash && number === crash.step;
    if (isHere && crash.when === 'before') this.#die();
    if (this.isDead) return never();
    const result = await perform();
    if (isHere) this.#die();
    return this.isDead ? never() : result;
  }
}

/** What came of a worker, how many steps it made, and which of them was its first write to HubSpot. */
export interface Work {
  end: BellEnd | 'died';
  steps: number;
  writeStep: number | undefined;
}

const never = (): Promise<never> => new Promise(() => undefined);

/** So many rounds of workers, and it is said that the sync does not come to rest. */
const MAX_ROUNDS = 400;

export interface WorldOptions {
  hubspot?: SettingsPatch;
  settings?: Partial<SyncSettings>;
  random?: () => number;
  slotsPerPortal?: number;
  /** A portal's own budget; without one, every call is free at once. */
  budget?: CallBudget;
}

/** The sync with everything around it, on a virtual clock: an embedded DynamoDB, an imitation of HubSpot, and bells in a list. */
export class SyncWorld {
  readonly clock = new VirtualClock();
  readonly bells: Shard[] = [];
  readonly notices: { message: string; details: Record<string, unknown> }[] = [];
  readonly hubspot: HubSpotImitation;
  readonly settings: SyncSettings;
  readonly dynamodb: EmbeddedDynamoDB;
  readonly #client: DynamoDBClient;
  readonly #documents: DynamoDBDocumentClient;
  readonly #tableName: string;
  readonly #options: WorldOptions;
  readonly #meanwhile: { path: string; act: () => Promise<unknown> }[] = [];
  #inFlight = 0;
  #ids = 0;

  private constructor(
    dynamodb: EmbeddedDynamoDB,
    client: DynamoDBClient,
    tableName: string,
    options: WorldOptions,
  ) {
    this.dynamodb = dynamodb;
    this.#client = client;
    this.#documents = DynamoDBDocumentClient.from(client, {
      marshallOptions: { removeUndefinedValues: true },
    });
    this.#tableName = tableName;
    this.#options = options;
    this.settings = { ...TEST_SETTINGS, ...options.settings };
    this.hubspot = createHubSpot({
      searchesPerSecond: null,
      ...options.hubspot,
      clock: this.clock.now,
      sleep: this.clock.sleep,
      tokens: new Map([
        ['token-a', PORTAL],
        ['token-b', OTHER_PORTAL],
      ]),
    });
  }

  static async start(options: WorldOptions = {}): Promise<SyncWorld> {
    const dynamodb = await startEmbeddedDynamoDB();
    const client = new DynamoDBClient({
      endpoint: dynamodb.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    const tableName = 'sync';
    await client.send(new CreateTableCommand(syncTable(tableName)));
    return new SyncWorld(dynamodb, client, tableName, options);
  }

  async close(): Promise<void> {
    this.hubspot.close();
    this.#client.destroy();
    await this.dynamodb.close();
  }

  /** Makes the unique (or, if the portal has it so, ordinary) properties of ours, as the setup tool does. */
  async createKeyProperties(portalId: PortalId = PORTAL): Promise<void> {
    const api = this.#api(new Process())(portalId);
    for (const [type, name] of [
      ['contacts', 'ledgerbridge_customer_id'],
      ['products', 'ledgerbridge_product_id'],
    ] as const) {
      const groupName = type === 'contacts' ? 'contactinformation' : 'productinformation';
      await api.createProperty(type, {
        name,
        label: name,
        groupName,
        type: 'string',
        fieldType: 'text',
        hasUniqueValue: true,
      });
    }
  }

  /** Everything a function has, in a process that may crash. */
  functions(process = new Process()) {
    const documents = this.#documentsOf(process);
    const table = { documents, tableName: this.#tableName };
    const now = this.clock.now;
    const random = this.#options.random ?? Math.random;
    const store = new RecordStore({ ...table, now, random, wait: (ms) => sleep(ms / 20) });
    const control = new ControlStore(table);
    const api = this.#api(process);
    const states = new StateReader(table);
    const notice = (message: string, details: Record<string, unknown>): void => {
      this.notices.push({ message, details });
    };
    return {
      store,
      control,
      api,
      states,
      now,
      random,
      settings: this.settings,
      properties: new PropertiesSource({ control, api, now, wait: this.clock.sleep, notice }),
      slots: new WorkerSlots({ ...table, slotsPerPortal: this.#options.slotsPerPortal ?? 8 }),
      runs: new ReconcileStore(table),
      health: healthReader({ states, control, now }),
      timeZone: async () => 'UTC',
      newId: () => `attempt-${++this.#ids}`,
      ring: (shards: readonly Shard[]) =>
        process.step(async () => {
          this.bells.push(...shards);
        }),
      notice,
    };
  }

  takeIn(
    type: ObjectType,
    records: readonly unknown[],
    portalId: PortalId = PORTAL,
  ): Promise<IntakeResult[]> {
    return this.finish(takeIn(this.functions(), portalId, type, records));
  }

  /** Takes records in while HubSpot is being called: the next time with such a path, once its attempts are on the rows. */
  takeInDuring(path: string, type: ObjectType, records: readonly unknown[]): void {
    this.#meanwhile.push({ path, act: () => takeIn(this.functions(), PORTAL, type, records) });
  }

  /** Takes in what was to come during calls that were never made. */
  async takeInTheRest(): Promise<void> {
    for (const { act } of this.#meanwhile.splice(0)) await this.finish(act());
  }

  /** The same in a process of its own; `died` where it crashed. */
  async takeInUntil(
    type: ObjectType,
    records: readonly unknown[],
    crash?: Crash,
  ): Promise<{ end: IntakeResult[] | 'died'; steps: number }> {
    const process = new Process(crash);
    const taking = takeIn(this.functions(process), PORTAL, type, records);
    return { end: await this.finish(Promise.race([taking, process.died])), steps: process.steps };
  }

  replay(selection: ReplaySelection): Promise<number> {
    return this.finish(replay(this.functions(), PORTAL, selection));
  }

  record(type: ObjectType, externalId: string): Promise<SyncRecord | undefined> {
    return this.functions().store.record({ portalId: PORTAL, type }, externalId);
  }

  /** Answers a bell in a process of its own; `died` where it crashed. Time goes by only while all wait for it. */
  async work(shard: Shard, mishap?: Crash | Pause): Promise<Work> {
    const process = new Process(mishap);
    const working = answerBell(this.functions(process), shard, this.clock.now() + 60_000);
    const end = await this.finish(Promise.race([working, process.died]));
    return { end, steps: process.steps, writeStep: process.writeStep };
  }

  /** The sweeper, once. */
  async sweep(): Promise<Shard[]> {
    return (await this.finish(sweep(this.functions()))).rung;
  }

  /**
   * Answers all bells, and the sweeper's, until nothing is due any more, now or later; `afterRound` is called whenever all workers have ended.
   * Returns the virtual time it took.
   */
  async settle(afterRound?: () => Promise<void>): Promise<number> {
    const startedAt = this.clock.now();
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const shards = [
        ...new Map(this.bells.splice(0).map((shard) => [JSON.stringify(shard), shard])).values(),
      ];
      const ends = await Promise.all(shards.map((shard) => this.work(shard)));
      await afterRound?.();
      // The places of crashed workers are free again when those would have ended.
      if (ends.some(({ end }) => end === 'turned-away')) this.clock.advanceTo(this.clock.now() + 5_000);
      if (this.bells.length > 0) continue;
      if ((await this.sweep()).length > 0) continue;
      const next = await this.#nextDue();
      if (next === undefined) return this.clock.now() - startedAt;
      this.clock.advanceTo(Math.max(next, this.clock.now() + 1));
    }
    throw new Error('The sync did not come to rest.');
  }

  /** Waits for something, and lets virtual time go by whenever nothing else happens. */
  async finish<T>(promise: Promise<T>): Promise<T> {
    let isDone = false;
    const done = promise.finally(() => {
      isDone = true;
    });
    done.catch(() => undefined);
    let idle = 0;
    while (!isDone) {
      await new Promise((resolve) => setImmediate(resolve));
      idle = this.#inFlight > 0 ? 0 : idle + 1;
      if (idle > 20) {
        this.clock.next();
        idle = 0;
        // Where several wait, what this set going comes before the next move of the clock.
        await this.#counted(() => sleep(0));
      }
    }
    return done;
  }

  /** When something is due next, or a pause ends; undefined where never. */
  async #nextDue(): Promise<number | undefined> {
    const { control, store } = this.functions();
    const times: number[] = [];
    for (const { portalId, type } of await control.registered()) {
      const restedAt = restsUntil(await control.portal(portalId));
      for (const shard of shardsOf(portalId, type)) {
        const [first] = await store.due(shard, Number.MAX_SAFE_INTEGER, 1);
        if (first?.dueAt !== undefined) times.push(Math.max(first.dueAt, restedAt));
      }
    }
    return times.length === 0 ? undefined : Math.min(...times);
  }

  #documentsOf(process: Process): DynamoDBDocumentClient {
    const send = (command: Parameters<DynamoDBDocumentClient['send']>[0]): Promise<unknown> =>
      process.step(() => this.#counted(() => this.#documents.send(command)));
    return { send } as unknown as DynamoDBDocumentClient;
  }

  async #counted<T>(perform: () => Promise<T>): Promise<T> {
    this.#inFlight += 1;
    try {
      return await perform();
    } finally {
      this.#inFlight -= 1;
    }
  }

  #api(process: Process) {
    const { budget = UNLIMITED } = this.#options;
    return hubSpotGateway({
      baseUrl: 'http://hubspot',
      apiVersion: '2026-03',
      budget,
      now: this.clock.now,
      accessToken: async (portalId) => (portalId === PORTAL ? 'token-a' : 'token-b'),
      timeoutSignal: (milliseconds) => {
        const controller = new AbortController();
        this.clock.after(milliseconds, () => controller.abort(new DOMException('late', 'TimeoutError')));
        return controller.signal;
      },
      fetch: async (input, init) => {
        const url = String(input);
        process.send(url, String(init?.body));
        try {
          return await process.step(() => this.#fetch(url, init));
        } finally {
          const pauseMs = process.pauseAfter(url);
          if (pauseMs > 0) await this.clock.sleep(pauseMs);
        }
      },
    });
  }

  async #fetch(url: string, init: RequestInit | undefined): Promise<Response> {
    const { signal } = init ?? {};
    const place = this.#meanwhile.findIndex(({ path }) => url.includes(path));
    if (place >= 0) await this.#meanwhile.splice(place, 1)[0]?.act();
    const answer = this.hubspot
      .handle({
        method: init?.method ?? 'GET',
        url: url.slice('http://hubspot'.length),
        headers: Object.fromEntries(new Headers(init?.headers)),
        body: typeof init?.body === 'string' ? init.body : '',
      })
      .catch((error: unknown) => {
        if (error instanceof ConnectionLost) throw new TypeError('fetch failed', { cause: lostConnection() });
        throw error;
      });
    const aborted = new Promise<never>((_, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason));
    });
    const { status, headers, body } = await Promise.race([answer, aborted]);
    answer.catch(() => undefined);
    return new Response(status === 204 ? null : body, {
      status,
      headers: new Headers(headers as HeadersInit),
    });
  }
}

const UNLIMITED: CallBudget = {
  take: async () => ({ kind: 'taken', usableUntil: Number.MAX_SAFE_INTEGER }),
};

const lostConnection = (): Error => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });

/** A product as the accounting system sends it. */
export const product = (externalId: string, more: Record<string, unknown> = {}) => ({
  externalId,
  updatedAt: '2026-11-22T08:00:00Z',
  name: `Product ${externalId}`,
  sku: `SKU-${externalId}`,
  ...more,
});

/** A contact as the accounting system sends it. */
export const contact = (externalId: string, more: Record<string, unknown> = {}) => ({
  externalId,
  updatedAt: '2026-11-22T08:00:00Z',
  firstName: 'Anna',
  lastName: `Customer ${externalId}`,
  ...more,
});

/** A time of the accounting system, so many minutes after eight. */
export const minute = (minutes: number): string =>
  new Date(Date.parse('2026-11-22T08:00:00Z') + minutes * 60_000).toISOString();

export { RECORD_TYPES };
