import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createCallBudget } from '../../functions/hubspot/call-budget.ts';
import { hubSpotGateway } from '../../functions/hubspot/hubspot-gateway.ts';
import type { GatewayAccess } from '../../functions/hubspot/send-call.ts';
import { PropertiesSource } from '../../functions/sync/mapping/properties-source.ts';
import { ControlStore } from '../../functions/sync/records/control-store.ts';
import { RecordStore } from '../../functions/sync/records/record-store.ts';
import { WorkerSlots } from '../../functions/sync/records/worker-slots.ts';
import type { SyncSettings } from '../../functions/sync/sync-settings.ts';
import type { BellAccess } from '../../functions/sync/worker/answer-bell.ts';

export const SYNC_TABLE = 'sync';

/** Settles soon after an attempt has ended. */
const SETTINGS: SyncSettings = {
  priceCurrency: undefined,
  onHubSpotDeletion: 'fail',
  onAdoptedDeletion: 'unlink',
  settleMs: 20_000,
  searchLagMs: 5_000,
  retryCapMs: 5_000,
  stoppedMs: 300_000,
};

/** Where the sync finds its surroundings, and what differs between those who run it. */
export interface Surroundings extends Pick<GatewayAccess, 'fetch' | 'timeoutSignal'> {
  /** Endpoints. */
  dynamodb: string;
  hubspot: string;
  /** Epoch milliseconds. */
  now: () => number;
  ring: BellAccess['ring'];
  /** Called after each request to DynamoDB. */
  stored?: () => Promise<void>;
}

/** Everything the sync's functions have, over HTTP. A portal's token is `token-` and its id. */
export function connectSync({
  dynamodb,
  hubspot,
  now,
  ring,
  stored,
  ...calls
}: Surroundings): BellAccess & { close(): void } {
  const client = new DynamoDBClient({
    endpoint: dynamodb,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  client.middlewareStack.add(
    (next) => async (args) => {
      const output = await next(args);
      await stored?.();
      return output;
    },
    { step: 'initialize' },
  );
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  const table = { documents, tableName: SYNC_TABLE };
  const control = new ControlStore(table);
  const api = hubSpotGateway({
    baseUrl: hubspot,
    apiVersion: '2026-03',
    accessToken: async (portalId) => `token-${portalId}`,
    budget: createCallBudget({ ...table, limits: { callsPer10s: 190, searchesPerSecond: 100 }, now }),
    now,
    ...calls,
  });
  return {
    store: new RecordStore({ ...table, now, wait: sleep, random: Math.random }),
    control,
    api,
    properties: new PropertiesSource({ control, api, now, wait: sleep, notice: () => undefined }),
    slots: new WorkerSlots({ ...table, slotsPerPortal: 4 }),
    settings: SETTINGS,
    timeZone: async () => 'UTC',
    ring,
    now,
    random: Math.random,
    newId: () => crypto.randomUUID(),
    notice: () => undefined,
    close: () => client.destroy(),
  };
}
