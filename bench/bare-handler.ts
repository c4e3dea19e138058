import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));

/** The least that a function for the card could do: make a client, and one query of six items. */
export const handler = async () => {
  const { Items } = await documents.send(
    new QueryCommand({
      TableName: process.env.LEDGER_TABLE,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': process.env.BENCH_PARTITION },
      ConsistentRead: true,
      Limit: 6,
    }),
  );
  return { statusCode: 200, body: JSON.stringify(Items) };
};
