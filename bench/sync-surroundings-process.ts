import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { hubSpotGateway } from '../functions/hubspot/hubspot-gateway.ts';
import { startAwsServices } from '../local/aws/aws-services.ts';
import { startEmbeddedDynamoDB } from '../local/dynamodb/embedded-dynamodb.ts';
import { functionEnvironment, NAMES } from '../local/function-environment.ts';
import { createLedgerTable } from '../local/ledger-table.ts';
import { secretsOf } from '../local/secrets.ts';
import { readSettings } from '../local/settings.ts';
import { createSyncTable, startSyncSurroundings } from '../local/sync-surroundings.ts';
import { createProductKey } from './sync-products.ts';
import type { SurroundingsMessage } from './sync-surroundings.ts';

/**
 * Everything around the sync's functions, in a process of its own: what it takes is not on their account. HubSpot answers at once and
 * without a limit. Sends the environment that the functions run in, answers each message with the requests that DynamoDB has had, and
 * ends with whoever started it.
 */
const settings = readSettings({ LOCAL_DATA_DIR: ':memory:', LOCAL_EMPTY: '1' });
const dynamodb = await startEmbeddedDynamoDB();
const aws = await startAwsServices({ secret: secretsOf(settings), onEvent: () => undefined });
const { queue, hubspotUrl, imitation } = await startSyncSurroundings(settings);
imitation?.configure({ callsPer10s: null });
const endpoints = {
  url: 'https://ledgerbridge.example.com',
  publicBaseUrl: 'https://ledgerbridge.example.com',
  aws: aws.endpoint,
  queue,
  hubspotUrl,
};
const environment = {
  ...functionEnvironment(settings, { ...endpoints, dynamodb: dynamodb.endpoint }),
  // As deployed: one portal gets half of the workers, a place for each of its shards.
  SYNC_WORKERS: '16',
  HUBSPOT_CALLS_PER_10S: '10000',
};

Object.assign(process.env, environment);
const client = new DynamoDBClient({});
await Promise.all([createLedgerTable(client, NAMES.ledgerTable), createSyncTable(client)]);
const api = hubSpotGateway({
  baseUrl: hubspotUrl,
  apiVersion: '2026-03',
  accessToken: async () => settings.hubspotAccessToken,
  budget: { take: async () => ({ kind: 'taken', usableUntil: Number.POSITIVE_INFINITY }) },
});
const { portalId } = settings.ledgerTokens[0];
await createProductKey(api(portalId));

const say = (message: SurroundingsMessage): void => {
  process.send?.(message);
};
process.on('message', () => {
  const requests = Object.values(dynamodb.requests).reduce((sum, count) => sum + count, 0);
  say({ requests, products: imitation?.counts(portalId, 'products').live ?? 0 });
});
process.on('disconnect', () => process.exit());
say({ environment });
