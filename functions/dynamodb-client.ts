import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

const MOST_SOCKETS = 500;

/**
 * The DynamoDB client of a function: one a process (two document clients of one client would share middleware), with timeouts that leave
 * room for a second try within the few seconds HubSpot waits. Waiting for a free socket would count as connecting, so there are enough of
 * them for whoever answers many requests at once in one process.
 */
export const documentClient = (): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(
    new DynamoDBClient({
      maxAttempts: 3,
      requestHandler: {
        connectionTimeout: 500,
        requestTimeout: 2_000,
        throwOnRequestTimeout: true,
        httpAgent: { maxSockets: MOST_SOCKETS },
      },
    }),
    { marshallOptions: { removeUndefinedValues: true } },
  );
