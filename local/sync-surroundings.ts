import {
  CreateTableCommand,
  type DynamoDBClient,
  ResourceInUseException,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { parseAccessTokens, tokenOf } from '../functions/hubspot/access-tokens.ts';
import { syncTable } from '../functions/sync/records/sync-table.ts';
import { NAMES } from './function-environment.ts';
import { createHubSpot, type HubSpotImitation } from './hubspot/imitation.ts';
import { startHubSpotServer } from './hubspot/server.ts';
import { type BellQueue, startBellQueue } from './queue/bell-queue.ts';
import type { SimulatorSettings } from './settings.ts';

/** What the sync has around it: the queue of bells, and HubSpot or its imitation. */
export interface SyncSurroundings {
  queue: BellQueue;
  hubspotUrl: string;
  /** Undefined where the settings name another HubSpot. */
  imitation: HubSpotImitation | undefined;
  close(): Promise<void>;
}

/** How far the imitation's search lags behind writes: less than the simulator's SEARCH_LAG_S, as it should be. */
const SEARCH_LAG_MS = 1_500;
/** HubSpot's limit for a private app of a professional account. */
const CALLS_PER_10S = 190;

export async function startSyncSurroundings(settings: SimulatorSettings): Promise<SyncSurroundings> {
  const queue = await startBellQueue();
  if (settings.hubspotApiUrl) {
    return { queue, hubspotUrl: settings.hubspotApiUrl, imitation: undefined, close: () => queue.close() };
  }
  const imitation = createHubSpot({
    clock: Date.now,
    tokens: imitationTokens(settings),
    developerKeys: new Map([[settings.hubspotDeveloperKey, settings.ledgerTokens[0].portalId]]),
    searchLagMs: SEARCH_LAG_MS,
    callsPer10s: CALLS_PER_10S,
    ...(settings.dataDirectory ? { directory: `${settings.dataDirectory}/hubspot` } : {}),
  });
  const server = await startHubSpotServer(imitation);
  return {
    queue,
    hubspotUrl: server.url,
    imitation,
    close: async () => {
      await server.close();
      imitation.close();
      await queue.close();
    },
  };
}

/** Token → portal, for the portals that the accounting system has tokens for. */
function imitationTokens(settings: SimulatorSettings): Map<string, string> {
  const tokens = parseAccessTokens(settings.hubspotAccessToken);
  return new Map(
    [...settings.ledgerTokens].reverse().flatMap(({ portalId }): [string, string][] => {
      const token = tokenOf(tokens, portalId);
      return token === undefined ? [] : [[token, portalId]];
    }),
  );
}

/** Creates the sync's table where there is none yet. */
export async function createSyncTable(client: DynamoDBClient): Promise<void> {
  try {
    await client.send(new CreateTableCommand(syncTable(NAMES.syncTable)));
  } catch (error) {
    if (error instanceof ResourceInUseException) return;
    throw error;
  }
  await waitUntilTableExists(
    { client, maxWaitTime: 30, minDelay: 0.02, maxDelay: 1 },
    { TableName: NAMES.syncTable },
  );
}
