import { CfnOutput, RemovalPolicy, SecretValue, Stack, Validations } from 'aws-cdk-lib';
import {
  AttributeType,
  Billing,
  ProjectionType,
  StreamViewType,
  TableEncryptionV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Secret, type SecretProps } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { NUMBER_INDEX } from '../functions/invoices/ledger-keys.ts';
import { DUE_INDEX, STATE_INDEX } from '../functions/sync/records/sync-keys.ts';
import { STATE_INDEX_ATTRIBUTES } from '../functions/sync/records/sync-table.ts';
import type { DeploymentSettings } from './deployment-settings.ts';

/** Everything that must outlive a deployment of code: the ledger, the sync's records, the secrets, and the bus that others' rules hang on. */
export class DataStack extends Stack {
  readonly ledgerTable: TableV2;
  readonly hubspotClientSecret: Secret;
  readonly ledgerTokens: Secret;
  readonly syncTable: TableV2;
  readonly hubspotAccessTokens: Secret;
  readonly ticketKeys: Secret;
  readonly eventBus: EventBus;

  constructor(scope: Construct, id: string, { production, prefix }: DeploymentSettings) {
    super(scope, id, {
      description: 'Ledgerbridge: the ledger, the records of the sync, the secrets and the bus of events',
      terminationProtection: production,
    });
    const removalPolicy = production ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;

    this.ledgerTable = new TableV2(this, 'LedgerTable', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      globalSecondaryIndexes: [
        {
          indexName: NUMBER_INDEX,
          partitionKey: { name: 'numberKey', type: AttributeType.STRING },
          sortKey: { name: 'invoiceId', type: AttributeType.STRING },
          projectionType: ProjectionType.KEYS_ONLY,
        },
      ],
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.dynamoOwnedKey(),
      // An event's item is never changed, so the relay needs no image of what was there before.
      dynamoStream: StreamViewType.NEW_IMAGE,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: 'expiresAt',
      deletionProtection: production,
      removalPolicy,
    });

    this.syncTable = new TableV2(this, 'SyncTable', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      // Local, so that a bell finds what is due by a strongly consistent read.
      localSecondaryIndexes: [
        {
          indexName: DUE_INDEX,
          sortKey: { name: 'dueAt', type: AttributeType.NUMBER },
          projectionType: ProjectionType.ALL,
        },
        {
          indexName: STATE_INDEX,
          sortKey: { name: 'stateSince', type: AttributeType.STRING },
          projectionType: ProjectionType.INCLUDE,
          nonKeyAttributes: STATE_INDEX_ATTRIBUTES,
        },
      ],
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.dynamoOwnedKey(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: 'expiresAt',
      deletionProtection: production,
      removalPolicy,
    });

    this.hubspotClientSecret = this.#secret('HubspotClientSecret', {
      description: "HubSpot's client secrets for Ledgerbridge: the current one first, comma-separated",
      // Until the real one is set, a random value that nobody knows refuses every request.
      generateSecretString: { excludePunctuation: true, passwordLength: 64 },
      removalPolicy,
    });
    this.ledgerTokens = this.#secret('LedgerTokens', {
      description: "The SHA-256 (hex) of each ledger token and the token's portal, as a JSON object",
      // No token, so no secret; CloudFormation writes it once and never again, since it never changes here.
      secretStringValue: SecretValue.unsafePlainText('{}'),
      removalPolicy,
    });

    this.hubspotAccessTokens = this.#secret('HubspotAccessTokens', {
      description: 'The access token of the HubSpot portal, or portal:token pairs, comma-separated',
      // Until the real one is set, HubSpot refuses this, and the sync says so.
      generateSecretString: { excludePunctuation: true, passwordLength: 32 },
      removalPolicy,
    });

    this.ticketKeys = this.#secret('TicketKeys', {
      description: 'The keys that sign the tickets of frames: the newest first, comma-separated',
      generateSecretString: { excludePunctuation: true, passwordLength: 64 },
      removalPolicy,
    });

    // No archive: the change feed is the ordered and complete record, and from it anything can be sent again.
    this.eventBus = new EventBus(this, 'EventBus', {
      eventBusName: prefix,
      description: 'Every change to the Ledgerbridge ledger; hang your own rules on it',
    });
    // Others' rules hang on it. Its name is fixed, so one left behind by a first deployment that failed would be in the way.
    this.eventBus.applyRemovalPolicy(production ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : removalPolicy);

    new CfnOutput(this, 'LedgerTableName', { value: this.ledgerTable.tableName });
    new CfnOutput(this, 'SyncTableName', { value: this.syncTable.tableName });
    new CfnOutput(this, 'HubspotAccessTokensArn', { value: this.hubspotAccessTokens.secretArn });
    new CfnOutput(this, 'HubspotClientSecretArn', { value: this.hubspotClientSecret.secretArn });
    new CfnOutput(this, 'LedgerTokensArn', { value: this.ledgerTokens.secretArn });
    new CfnOutput(this, 'TicketKeysArn', { value: this.ticketKeys.secretArn });
    new CfnOutput(this, 'EventBusName', { value: this.eventBus.eventBusName });
  }

  #secret(id: string, props: SecretProps): Secret {
    const secret = new Secret(this, id, props);
    Validations.of(secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        'HubSpot and the accounting system hold the other half: a person changes it there and here. Old and new values are accepted side by side meanwhile.',
    });
    return secret;
  }
}
