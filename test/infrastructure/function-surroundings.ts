import { createHash } from 'node:crypto';
import { CreateTableCommand, type CreateTableCommandInput, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { startEmbeddedDynamoDB } from '../../local/dynamodb/embedded-dynamodb.ts';
import { createHubSpot, type HubSpotImitation } from '../../local/hubspot/imitation.ts';
import { startHubSpotServer } from '../../local/hubspot/server.ts';
import { type AccessGate, startAccessGate } from './access-gate.ts';
import { resourceName, rightsOfFunctions } from './access-rights.ts';
import type { Proofs } from './function-callers.ts';
import { type StandInServices, startStandInServices } from './stand-in-services.ts';
import { resourcesOf, type Template, variablesOf } from './synthesize.ts';

/** What the functions of a deployment have around them: its tables, secrets, queue and bus behind its roles, and HubSpot. */
export interface FunctionSurroundings {
  services: StandInServices;
  gate: AccessGate;
  hubspot: HubSpotImitation;
  /** What tells a function where all that is; it calls under the name `caller`. */
  environment(caller: string): Record<string, string>;
  close(): Promise<void>;
}

export interface SurroundingsOptions {
  data: Template;
  service: Template;
  /** Stand-ins for the values that only CloudFormation knows, by the names of their variables. */
  given: Record<string, string>;
  proofs: Proofs;
}

const HUBSPOT_TOKEN = 'local-hubspot-token';

export async function startFunctionSurroundings(options: SurroundingsOptions): Promise<FunctionSurroundings> {
  const { data, service, given, proofs } = options;
  const database = await startEmbeddedDynamoDB();
  await createTable(database.endpoint, String(given.LEDGER_TABLE), data, 'LedgerTable');
  await createTable(database.endpoint, String(given.SYNC_TABLE), data, 'SyncTable');
  const services = await startStandInServices({
    [String(given.HUBSPOT_CLIENT_SECRET_ID)]: proofs.clientSecret,
    [String(given.TICKET_KEY_SECRET_ID)]: proofs.ticketKey,
    [String(given.HUBSPOT_ACCESS_TOKENS_SECRET_ID)]: HUBSPOT_TOKEN,
    [String(given.LEDGER_TOKENS_SECRET_ID)]: JSON.stringify({
      [createHash('sha256').update(proofs.ledgerToken).digest('hex')]: proofs.portal,
    }),
  });
  const names = new Map<unknown, string>();
  const gate = await startAccessGate({
    rights: rightsOfFunctions(service),
    nameOf: (called) => names.get(called) ?? String(called),
    endpointOf: (target) => (target.startsWith('DynamoDB_') ? database.endpoint : services.endpoint),
  });
  const queue = `${gate.endpoint}/123456789012/ledgerbridge-bells.fifo`;
  const addresses: Record<string, string> = { ...given, SYNC_QUEUE_URL: queue };
  // A stand-in is called what the template puts in its place.
  for (const [, { Properties }] of resourcesOf(service, 'AWS::Lambda::Function')) {
    for (const [name, value] of Object.entries(variablesOf(Properties)))
      if (typeof value !== 'string') names.set(addresses[name], resourceName(value));
  }
  const hubspot = createHubSpot({ clock: Date.now, tokens: new Map([[HUBSPOT_TOKEN, proofs.portal]]) });
  const hubspotServer = await startHubSpotServer(hubspot);
  return {
    services,
    gate,
    hubspot,
    environment: (caller) => ({
      ...addresses,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: caller,
      AWS_SECRET_ACCESS_KEY: 'nothing',
      AWS_ENDPOINT_URL_DYNAMODB: gate.endpoint,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: gate.endpoint,
      AWS_ENDPOINT_URL_EVENTBRIDGE: gate.endpoint,
      AWS_ENDPOINT_URL_SQS: gate.endpoint,
      HUBSPOT_API_URL: hubspotServer.url,
      SETTLE_S: '0',
      SEARCH_LAG_S: '0',
    }),
    close: async () => {
      hubspot.close();
      await Promise.all([hubspotServer.close(), gate.close(), services.close(), database.close()]);
    },
  };
}

/** A table as the data stack would make it. */
async function createTable(
  endpoint: string,
  TableName: string,
  template: Template,
  logicalId: string,
): Promise<void> {
  const table = resourcesOf(template, 'AWS::DynamoDB::GlobalTable').find(([id]) => id.startsWith(logicalId));
  const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, LocalSecondaryIndexes, BillingMode } =
    (table?.[1].Properties ?? {}) as unknown as CreateTableCommandInput;
  const client = new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'nobody', secretAccessKey: 'nothing' },
  });
  await client.send(
    new CreateTableCommand({
      TableName,
      AttributeDefinitions,
      KeySchema,
      GlobalSecondaryIndexes,
      LocalSecondaryIndexes,
      BillingMode,
    }),
  );
  client.destroy();
}
