import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { NUMBER_INDEX } from '../functions/invoices/ledger-keys.ts';
import { FONT_FILES } from '../functions/pages/pdf/font-files.ts';
import { DUE_INDEX, STATE_INDEX } from '../functions/sync/records/sync-keys.ts';
import { AlarmTopic } from './alarm-topic.ts';
import { watchCard } from './card-watch.ts';
import type { DataStack } from './data-stack.ts';
import type { DeploymentSettings } from './deployment-settings.ts';
import { HttpGateway } from './http-gateway.ts';
import { ServiceDashboard } from './service-dashboard.ts';
import { ServiceFunction, type ServiceFunctionProps, type TableAction } from './service-function.ts';
import { StreamConsumer } from './stream-consumer.ts';
import { BellQueue, SYNC_WORKERS, SyncService, WORKER_TIMEOUT } from './sync-service.ts';
import { watchTable } from './table-watch.ts';

/** What it takes to change records of the sync, with the claims that hang on them. */
const CHANGE_RECORDS: readonly TableAction[] = [
  'BatchGetItem',
  'DeleteItem',
  'GetItem',
  'PutItem',
  'Query',
  'UpdateItem',
];

export interface ServiceStackProps {
  settings: DeploymentSettings;
  data: DataStack;
}

/** Everything that runs. It holds nothing that can't be deployed again. */
export class ServiceStack extends Stack {
  constructor(scope: Construct, id: string, { settings, data }: ServiceStackProps) {
    super(scope, id, { description: 'Ledgerbridge: its API, its functions and what watches over them' });
    const { ledgerTable, syncTable, eventBus } = data;
    const { hubspotClientSecret, hubspotAccessTokens, ledgerTokens, ticketKeys } = data;
    const bells = new BellQueue(this, 'Sync');
    const alarms = new AlarmTopic(this, 'Alarms', settings.alarmEmail);
    const gateway = new HttpGateway(this, 'Gateway', { settings, alarms });

    const environment = {
      LEDGER_TABLE: ledgerTable.tableName,
      PUBLIC_BASE_URL: gateway.publicBaseUrl,
      HUBSPOT_CLIENT_SECRET_ID: hubspotClientSecret.secretArn,
      LEDGER_TOKENS_SECRET_ID: ledgerTokens.secretArn,
      TICKET_KEY_SECRET_ID: ticketKeys.secretArn,
      HUBSPOT_SIGNATURE_V2: settings.hubspotSignatureV2,
      EVENT_BUS_NAME: eventBus.eventBusName,
      SYNC_TABLE: syncTable.tableName,
      SYNC_QUEUE_URL: bells.bells.queueUrl,
      SYNC_WORKERS: String(SYNC_WORKERS),
      HUBSPOT_ACCESS_TOKENS_SECRET_ID: hubspotAccessTokens.secretArn,
      ...settings.sync,
    };
    const addFunction = (
      props: Omit<ServiceFunctionProps, 'settings' | 'alarms' | 'environment'>,
    ): ServiceFunction => new ServiceFunction(this, { ...props, settings, alarms, environment });

    const card = addFunction({
      handler: 'card',
      description: "Answers HubSpot's card data fetch",
      memorySize: 1024,
      // HubSpot gives up after five seconds, and the handler answers within four.
      timeout: Duration.seconds(6),
      slowest: Duration.seconds(2),
    });
    card.mayUseTable(ledgerTable, ['GetItem', 'Query']);
    card.mayReadSecret(hubspotClientSecret);
    card.mayReadSecret(ticketKeys);

    const actions = addFunction({
      handler: 'actions',
      description: 'Does what a rep asks for on the card',
      memorySize: 1024,
      timeout: Duration.seconds(15),
      slowest: Duration.seconds(3),
    });
    actions.mayUseTable(ledgerTable, ['DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem']);
    actions.mayReadSecret(hubspotClientSecret);
    actions.mayReadSecret(ticketKeys);

    const pages = addFunction({
      handler: 'pages',
      description: 'Serves the frames that a rep opens from the card',
      memorySize: 1024,
      timeout: Duration.seconds(15),
      slowest: Duration.seconds(3),
    });
    pages.mayUseTable(ledgerTable, [
      'BatchGetItem',
      'DeleteItem',
      'GetItem',
      'PutItem',
      'Query',
      'UpdateItem',
    ]);
    // Products to pick, the portal's call budget, and how its sync stands.
    pages.mayUseTable(syncTable, ['BatchGetItem', 'GetItem', 'PutItem', 'Query'], [STATE_INDEX]);
    pages.mayReadSecret(ticketKeys);
    pages.mayReadSecret(hubspotAccessTokens);

    const pdf = addFunction({
      handler: 'pdf',
      description: 'Shows an invoice as PDF',
      // Decoding fonts and laying out pages takes processor time, which grows with memory.
      memorySize: 1769,
      timeout: Duration.seconds(29),
      slowest: Duration.seconds(5),
      files: [...Object.values(FONT_FILES), ...settings.pdfFontFiles],
    });
    if (settings.pdfFontFiles.length > 0) {
      pdf.addEnvironment('PDF_FONT_FILES', settings.pdfFontFiles.join(','));
    }
    pdf.mayUseTable(ledgerTable, ['GetItem']);
    pdf.mayReadSecret(ticketKeys);

    const ledgerApi = addFunction({
      handler: 'ledger-api',
      description: "Answers the accounting system's reads and writes of the ledger",
      memorySize: 1024,
      // Just below the gateway's own thirty seconds, so that the log says what took so long.
      timeout: Duration.seconds(29),
      slowest: Duration.seconds(10),
    });
    ledgerApi.mayUseTable(
      ledgerTable,
      ['BatchGetItem', 'ConditionCheckItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'],
      [NUMBER_INDEX],
    );
    ledgerApi.mayReadSecret(ledgerTokens);

    const eventFeed = addFunction({
      handler: 'event-feed',
      description: 'Answers whoever follows the change feed',
      memorySize: 512,
      timeout: Duration.seconds(15),
      slowest: Duration.seconds(3),
    });
    eventFeed.mayUseTable(ledgerTable, ['BatchGetItem', 'GetItem', 'Query']);
    eventFeed.mayReadSecret(ledgerTokens);

    const relay = addFunction({
      handler: 'relay',
      description: 'Numbers new ledger events for the change feed',
      memorySize: 512,
      timeout: Duration.minutes(1),
      slowest: Duration.seconds(30),
    });
    relay.mayUseTable(ledgerTable, ['GetItem', 'PutItem', 'UpdateItem']);
    const feed = new StreamConsumer(this, 'Feed', {
      table: ledgerTable,
      alarms,
      target: relay,
      // The feed may not skip an event, so one that can't be numbered is tried for as long as the stream has it, which is
      // 24 hours. The last hour is left to us: what is given up before its end is reported, what the stream forgets is not.
      patience: Duration.hours(23),
      what: 'The change feed',
      whenLost: 'Ledger events could not be numbered within 23 hours and are missing from the change feed',
    });

    const publisher = addFunction({
      handler: 'publisher',
      description: 'Puts new ledger events on the event bus',
      memorySize: 512,
      timeout: Duration.minutes(1),
      slowest: Duration.seconds(30),
    });
    publisher.mayUseTable(ledgerTable, ['GetItem']);
    publisher.maySendEvents(eventBus);
    const bus = new StreamConsumer(this, 'Bus', {
      table: ledgerTable,
      alarms,
      target: publisher,
      // Long enough for a bus that is out; what it refuses for good may not hold up the others for a day, and can be sent again.
      patience: Duration.hours(2),
      what: 'The event bus',
      whenLost:
        'The event bus refused ledger events for two hours; send them again with npm run events:resend',
    });

    const syncIntake = addFunction({
      handler: 'sync-intake',
      description: 'Takes in what contacts and products should be, and tells how far they are',
      memorySize: 1024,
      timeout: Duration.seconds(29),
      slowest: Duration.seconds(10),
    });
    syncIntake.mayUseTable(syncTable, CHANGE_RECORDS, [STATE_INDEX]);
    syncIntake.mayReadSecret(ledgerTokens);
    syncIntake.maySendMessages(bells.bells);

    const syncWorker = addFunction({
      handler: 'sync-worker',
      description: 'Brings contacts and products to HubSpot',
      memorySize: 1024,
      timeout: WORKER_TIMEOUT,
      slowest: WORKER_TIMEOUT.minus(Duration.seconds(5)),
    });
    syncWorker.mayUseTable(syncTable, CHANGE_RECORDS, [DUE_INDEX]);
    syncWorker.mayUseTable(ledgerTable, ['GetItem']);
    syncWorker.mayReadSecret(hubspotAccessTokens);
    syncWorker.maySendMessages(bells.bells);

    const syncSweeper = addFunction({
      handler: 'sync-sweeper',
      description: 'Rings the shards of the sync that have due work',
      memorySize: 512,
      timeout: Duration.seconds(50),
      slowest: Duration.seconds(30),
    });
    syncSweeper.mayUseTable(syncTable, ['BatchGetItem', 'Query'], [DUE_INDEX]);
    syncSweeper.maySendMessages(bells.bells);

    const syncReconcile = addFunction({
      handler: 'sync-reconcile',
      description: 'Compares HubSpot with what it should be, and marks what drifted',
      memorySize: 1024,
      timeout: Duration.minutes(15),
      slowest: Duration.minutes(14),
    });
    // It marks records that are at rest, whose claims stay as they are: nothing is deleted.
    syncReconcile.mayUseTable(syncTable, ['BatchGetItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem']);
    syncReconcile.mayUseTable(ledgerTable, ['GetItem']);
    syncReconcile.mayReadSecret(hubspotAccessTokens);
    syncReconcile.maySendMessages(bells.bells);

    new SyncService(this, 'SyncDrive', {
      alarms,
      queue: bells,
      worker: syncWorker,
      sweeper: syncSweeper,
      reconcile: syncReconcile,
    });

    gateway.connect({
      card,
      actions,
      pages,
      pdf,
      'ledger-api': ledgerApi,
      'event-feed': eventFeed,
      'sync-intake': syncIntake,
    });
    watchTable(this, 'LedgerTable', { table: ledgerTable, holds: 'the ledger', alarms });
    watchTable(this, 'SyncTable', { table: syncTable, holds: 'the sync', alarms });
    watchCard({ card, actions }, alarms);
    new ServiceDashboard(this, 'Dashboard', {
      settings,
      functions: [
        card,
        actions,
        pages,
        pdf,
        ledgerApi,
        eventFeed,
        relay,
        publisher,
        syncIntake,
        syncWorker,
        syncSweeper,
        syncReconcile,
      ],
      card,
      actions,
      consumers: [feed, bus],
      ledgerTable,
      syncTable,
      bells,
      api: gateway.api,
      alarms: alarms.alarms,
    });

    new CfnOutput(this, 'PublicBaseUrl', { value: gateway.publicBaseUrl });
    new CfnOutput(this, 'ApiEndpoint', { value: gateway.api.apiEndpoint });
    new CfnOutput(this, 'ApiId', { value: gateway.api.apiId });
    new CfnOutput(this, 'SyncQueueUrl', { value: bells.bells.queueUrl });
    new CfnOutput(this, 'AlarmTopicArn', { value: alarms.topic.topicArn });
  }
}
