import { createHash } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type BusEvent, startAwsServices } from '../../local/aws/aws-services.ts';
import { type EmbeddedDynamoDB, startEmbeddedDynamoDB } from '../../local/dynamodb/embedded-dynamodb.ts';
import { functionEnvironment, NAMES } from '../../local/function-environment.ts';
import { createLedgerTable } from '../../local/ledger-table.ts';
import { realHandlers } from '../../local/real-handlers.ts';
import { readSettings } from '../../local/settings.ts';
import { type Send, sendOverGateway } from './http-exchange.ts';

/** The real handlers in this process, with what surrounds them in the test's hands. */
export interface RealLedger {
  /** Through the gateway, without a socket. */
  send: Send;
  embedded: EmbeddedDynamoDB;
  documents: DynamoDBDocumentClient;
  tableName: string;
  publicBaseUrl: string;
  /** What Secrets Manager holds, by id; to be rotated. `out`: it answers with an error; `silent`: not at all. */
  secrets: {
    clientSecrets: string;
    ticketKeys: string;
    tokens: Record<string, string>;
    out: boolean;
    silent: boolean;
  };
  /** What came over the bus, in order. */
  received: BusEvent[];
  close(): Promise<void>;
}

/** Starts it. Sets this process's environment for the handlers, so there is one for a test file. */
export async function startRealLedger(variables: Record<string, string> = {}): Promise<RealLedger> {
  const settings = readSettings(variables);
  const received: BusEvent[] = [];
  const secrets: RealLedger['secrets'] = {
    clientSecrets: settings.hubspotClientSecret,
    ticketKeys: settings.ticketKeys,
    tokens: Object.fromEntries(settings.ledgerTokens.map(({ token, portalId }) => [token, portalId])),
    out: false,
    silent: false,
  };
  const aws = await startAwsServices({
    secret: (id) => secretText(secrets, id),
    onEvent: (event) => received.push(event),
  });
  const embedded = await startEmbeddedDynamoDB();
  const publicBaseUrl = settings.publicBaseUrl ?? 'https://bridge.example.com';
  const endpoints = {
    // Nobody opens a frame here.
    url: 'http://127.0.0.1:1',
    publicBaseUrl,
    dynamodb: embedded.endpoint,
    aws: aws.endpoint,
    // Nobody is there: the ledger has no business with either.
    queue: { endpoint: 'http://127.0.0.1:1', queueUrl: 'http://127.0.0.1:1/queue' },
    hubspotUrl: 'http://127.0.0.1:1',
  };
  Object.assign(
    process.env,
    functionEnvironment(settings, endpoints),
    // Tests ask for faults, which would fill the screen.
    { POWERTOOLS_LOG_LEVEL: 'SILENT' },
  );
  const client = new DynamoDBClient({});
  await createLedgerTable(client, NAMES.ledgerTable);
  const close = async (): Promise<void> => {
    client.destroy();
    await embedded.close();
    await aws.close();
  };
  const { api, onStreamRecords } = await realHandlers().catch(async (error: unknown) => {
    // Left open, they would keep the test's process from ending.
    await close();
    throw error;
  });
  embedded.onStreamRecords(onStreamRecords);
  return {
    send: sendOverGateway(api),
    embedded,
    documents: DynamoDBDocumentClient.from(client),
    tableName: NAMES.ledgerTable,
    publicBaseUrl,
    secrets,
    received,
    close,
  };
}

function secretText(
  { clientSecrets, ticketKeys, tokens, out, silent }: RealLedger['secrets'],
  id: string,
): string | undefined | Promise<string | undefined> {
  if (silent) return new Promise(() => {});
  if (out) throw new Error('Secrets Manager is out.');
  if (id === NAMES.hubspotClientSecret) return clientSecrets;
  if (id === NAMES.ticketKeys) return ticketKeys;
  const hashed = Object.entries(tokens).map(([token, portalId]) => [
    createHash('sha256').update(token).digest('hex'),
    portalId,
  ]);
  return id === NAMES.ledgerTokens ? JSON.stringify(Object.fromEntries(hashed)) : undefined;
}
