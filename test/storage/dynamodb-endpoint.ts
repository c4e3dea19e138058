import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type EmbeddedDynamoDB, startEmbeddedDynamoDB } from '../../local/dynamodb/embedded-dynamodb.ts';

/** A DynamoDB for a storage suite. */
export interface StorageEndpoint {
  client: DynamoDBClient;
  /** Left out when the suite runs against an endpoint that was given. */
  embedded?: EmbeddedDynamoDB;
  close(): Promise<void>;
}

/**
 * The DynamoDB that storage suites run against: the one at `DYNAMODB_ENDPOINT` (DynamoDB Local, or AWS) if that is
 * set, with the environment's region and credentials, else a fresh embedded one in memory.
 */
export async function storageEndpoint(): Promise<StorageEndpoint> {
  const given = process.env.DYNAMODB_ENDPOINT;
  if (given !== undefined && given !== '') {
    const client = connectTo(given, process.env.AWS_ACCESS_KEY_ID !== undefined);
    return { client, close: async () => client.destroy() };
  }
  const embedded = await startEmbeddedDynamoDB();
  const client = connectTo(embedded.endpoint);
  return {
    client,
    embedded,
    close: async () => {
      client.destroy();
      await embedded.close();
    },
  };
}

/** A client of an endpoint. Local ones take any credentials; AWS takes those of the environment. */
export function connectTo(endpoint: string, withOwnCredentials = false): DynamoDBClient {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return new DynamoDBClient({
    endpoint,
    region: process.env.AWS_REGION ?? 'us-east-1',
    ...(withOwnCredentials ? {} : { credentials }),
  });
}
