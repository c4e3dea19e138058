import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { DUE_INDEX, STATE_INDEX } from './sync-keys.ts';

/** What of a record stands in the state index beside its keys: what a list of failures shows. */
export const STATE_INDEX_ATTRIBUTES = ['externalId', 'reason', 'reasonCode', 'attempts'];

/** The sync's table: what the stack deploys, and what the simulator and tests create. `expiresAt` is for time to live. */
export const syncTable = (TableName: string): CreateTableCommandInput => ({
  TableName,
  BillingMode: 'PAY_PER_REQUEST',
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'S' },
    { AttributeName: 'dueAt', AttributeType: 'N' },
    { AttributeName: 'stateSince', AttributeType: 'S' },
  ],
  LocalSecondaryIndexes: [
    {
      IndexName: DUE_INDEX,
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'dueAt', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'ALL' },
    },
    {
      IndexName: STATE_INDEX,
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'stateSince', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: STATE_INDEX_ATTRIBUTES },
    },
  ],
});
