import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { FeedStore } from '../functions/feed/feed-store.ts';
import type { PortalId } from '../functions/invoices/identifiers.ts';
import { settingsKey } from '../functions/invoices/ledger-keys.ts';
import { type BusEvent, startAwsServices } from './aws/aws-services.ts';
import { dealPageDoor } from './deal-page-door.ts';
import { type EmbeddedDynamoDB, startEmbeddedDynamoDB } from './dynamodb/embedded-dynamodb.ts';
import { functionEnvironment, NAMES } from './function-environment.ts';
import type { Gateway } from './gateway/gateway.ts';
import { type Door, startHttpServer } from './gateway/http-server.ts';
import { type Log, logged } from './gateway/request-log.ts';
import type { HubSpotImitation } from './hubspot/imitation.ts';
import { createLedgerTable } from './ledger-table.ts';
import { realHandlers } from './real-handlers.ts';
import { type RunningSync, runSync } from './run-sync.ts';
import { loadSampleData } from './sample-data/load-sample-data.ts';
import { SAMPLE_CATALOG } from './sample-data/sample-catalog.ts';
import { seedSampleDeals } from './sample-data/sample-hubspot.ts';
import { secretsOf } from './secrets.ts';
import type { SimulatorSettings } from './settings.ts';
import { syncApi } from './sync-page/sync-api.ts';
import { syncPageDoor } from './sync-page-door.ts';
import { createSyncTable, startSyncSurroundings } from './sync-surroundings.ts';
import { watchUnnumberedEvents } from './unnumbered-events.ts';

export interface Simulator {
  /** Where it listens, without a slash at the end. */
  url: string;
  publicBaseUrl: string;
  /** Where its DynamoDB is, for the command-line tools. */
  dynamodbEndpoint: string;
  /** The number of the newest event in the change feed of the first portal. */
  feedPosition: number;
  hubspotUrl: string;
  /** Where Secrets Manager and EventBridge are. */
  awsEndpoint: string;
  /** The sync's queue of bells. */
  queueUrl: string;
  close(): Promise<void>;
}

/** How many of the bus's events the deal page can show. */
const EVENTS_KEPT = 100;

/**
 * Starts everything around us on one machine: DynamoDB, the AWS services that functions call, API Gateway before the real handlers, and
 * a deal page. Sets this process's environment for the handlers, so there is one simulator a process.
 */
export async function startSimulator(settings: SimulatorSettings, log: Log): Promise<Simulator> {
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    let doors: readonly Door[] = [];
    // Listening comes first: the functions are told their public address, and a taken port is said at once.
    const server = await startHttpServer(settings.port, () => doors, log);
    closers.push(server.close);
    const url = `http://127.0.0.1:${server.port}`;
    const publicBaseUrl = settings.publicBaseUrl ?? url;
    const received: BusEvent[] = [];
    const aws = await startAwsServices({ secret: secretsOf(settings), onEvent: keepNewest(received) });
    closers.push(aws.close);
    const embedded = settings.dynamodbEndpoint ? undefined : await embeddedDynamoDB(settings);
    if (embedded) closers.push(() => embedded.close());
    const dynamodb = settings.dynamodbEndpoint ?? embedded?.endpoint ?? '';
    const surroundings = await startSyncSurroundings(settings);
    closers.push(surroundings.close);
    leaveOwnAwsSettings();
    const { queue, hubspotUrl, imitation } = surroundings;
    const endpoints = { url, publicBaseUrl, dynamodb, aws: aws.endpoint, queue, hubspotUrl };
    Object.assign(process.env, functionEnvironment(settings, endpoints));
    const feedPosition = await prepareTable(settings, embedded);
    const { api, onStreamRecords, sync } = await realHandlers();
    const runningSync = runSync(sync, queue.queueUrl);
    closers.push(runningSync.close);
    if (embedded && settings.withSampleData && imitation) await loadSampleHubSpot(settings, imitation, api);
    if (embedded) embedded.onStreamRecords(onStreamRecords);
    else closers.push(watchUnnumberedEvents(new DynamoDBClient({}), NAMES.ledgerTable, onStreamRecords));
    doors = [
      healthDoor,
      reconcileDoor(runningSync),
      dealPageDoor(settings, { url, publicBaseUrl, api: logged(log, api), received }),
      syncPageDoor(settings, { url, publicBaseUrl, api, hubspotUrl, imitation }),
      api,
    ];
    return {
      url,
      publicBaseUrl,
      feedPosition,
      dynamodbEndpoint: dynamodb,
      hubspotUrl,
      awsEndpoint: aws.endpoint,
      queueUrl: queue.queueUrl,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The developer's own AWS settings must not reach the functions: a profile, for instance, would win over the keys given here. */
function leaveOwnAwsSettings(): void {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
}

const keepNewest =
  (received: BusEvent[]) =>
  (event: BusEvent): void => {
    received.unshift(event);
    received.length = Math.min(received.length, EVENTS_KEPT);
  };

const embeddedDynamoDB = (settings: SimulatorSettings): Promise<EmbeddedDynamoDB> =>
  startEmbeddedDynamoDB(settings.dataDirectory ? { directory: `${settings.dataDirectory}/dynamodb` } : {});

/** Who the simulator's PDFs are from, until somebody sets another. */
const SAMPLE_SELLER = {
  name: 'Sample Supplies Ltd',
  address: ['1 Example Street', 'Exampletown'],
  email: 'billing@sample-supplies.example',
  bank: ['IBAN GB33 BUKB 2020 1555 5555 55'],
};

/** Creates the tables, tells them the portals' time zone, and loads the sample data where it is new. Answers where the feed stands. */
async function prepareTable(
  settings: SimulatorSettings,
  embedded: EmbeddedDynamoDB | undefined,
): Promise<number> {
  const client = new DynamoDBClient({});
  const documents = DynamoDBDocumentClient.from(client);
  await Promise.all([createLedgerTable(client, NAMES.ledgerTable), createSyncTable(client)]);
  if (embedded && settings.withSampleData) {
    const { portalId } = settings.ledgerTokens[0];
    const load = (items: Parameters<EmbeddedDynamoDB['loadItems']>[1]) =>
      embedded.loadItems(NAMES.ledgerTable, items);
    await loadSampleData(client, NAMES.ledgerTable, portalId, load, Date.now());
  }
  for (const { portalId } of settings.ledgerTokens) {
    await setTimeZone(documents, portalId, settings.portalTimeZone);
  }
  const feed = new FeedStore({ documents, tableName: NAMES.ledgerTable });
  const position = await feed.lastSequence(settings.ledgerTokens[0].portalId);
  client.destroy();
  return position;
}

async function setTimeZone(
  documents: DynamoDBDocumentClient,
  portalId: PortalId,
  timeZone: string,
): Promise<void> {
  await documents.send(
    new UpdateCommand({
      TableName: NAMES.ledgerTable,
      Key: settingsKey(portalId),
      UpdateExpression: 'SET #timeZone = :timeZone, #seller = if_not_exists(#seller, :seller)',
      ExpressionAttributeNames: { '#timeZone': 'timeZone', '#seller': 'seller' },
      ExpressionAttributeValues: { ':timeZone': timeZone, ':seller': SAMPLE_SELLER },
    }),
  );
}

/** On the first start: the sample deals as HubSpot has them, and a catalogue that the accounting system sends as it would any other. */
async function loadSampleHubSpot(
  settings: SimulatorSettings,
  imitation: HubSpotImitation,
  api: Gateway,
): Promise<void> {
  const [{ portalId, token }] = settings.ledgerTokens;
  if (seedSampleDeals(imitation, portalId)) await syncApi(api, token).send('products', SAMPLE_CATALOG);
}

const healthDoor: Door = async ({ method, target }) =>
  method === 'GET' && target === '/health'
    ? { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from('{"status":"up"}') }
    : undefined;

/** `POST /_simulator/reconcile`: starts what the schedule starts at night. Answers when it has ended. */
const reconcileDoor =
  (sync: RunningSync): Door =>
  async ({ method, target }) => {
    if (method !== 'POST' || target !== '/_simulator/reconcile') return undefined;
    await sync.reconcile();
    return { status: 204, headers: {}, body: Buffer.alloc(0) };
  };
