import { randomUUID } from 'node:crypto';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteTableCommand,
  type DynamoDBClient,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';

/** A table that a test may fill: keys `pk` and `sk`, and the local index `byDue` on the number `due`. */
export interface TestTable {
  name: string;
  delete(): Promise<void>;
}

/** Creates a table, with a name of its own unless told, so that suites may share one endpoint. */
export async function createTestTable(
  client: DynamoDBClient,
  settings: Partial<CreateTableCommandInput> = {},
): Promise<TestTable> {
  const name = settings.TableName ?? `test-${randomUUID()}`;
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
        { AttributeName: 'due', AttributeType: 'N' },
      ],
      LocalSecondaryIndexes: [
        {
          IndexName: 'byDue',
          KeySchema: [
            { AttributeName: 'pk', KeyType: 'HASH' },
            { AttributeName: 'due', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
      ...settings,
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 60, minDelay: 1 }, { TableName: name });
  return {
    name,
    delete: async () => {
      await client.send(new DeleteTableCommand({ TableName: name }));
    },
  };
}

/** The setting that gives a table a stream with both images. */
export const WITH_STREAM = {
  StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
} as const satisfies Partial<CreateTableCommandInput>;
