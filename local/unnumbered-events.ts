import { type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';

const LOOK_EVERY_MS = 1_000;

/**
 * Stands in for the stream of a table that is not the embedded one: looks for events without a number every second, and brings
 * them to `listener` as the stream would. Answers what stops it.
 */
export function watchUnnumberedEvents(
  client: DynamoDBClient,
  tableName: string,
  listener: (records: DynamoDBRecord[]) => Promise<void>,
): () => Promise<void> {
  const closing = new AbortController();
  const watch = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, LOOK_EVERY_MS);
        closing.signal.addEventListener('abort', () => {
          clearTimeout(timer);
          resolve();
        });
      });
      if (closing.signal.aborted) return;
      await unnumberedEvents(client, tableName)
        .then((records) => (records.length > 0 ? listener(records) : undefined))
        .catch((error: unknown) =>
          console.error('Events could not be numbered; they are tried again:', error),
        );
    }
  };
  const watching = watch();
  return async () => {
    closing.abort();
    await watching;
  };
}

/** In the order of invoices and their versions, which is all that the feed promises. */
async function unnumberedEvents(client: DynamoDBClient, TableName: string): Promise<DynamoDBRecord[]> {
  const records: DynamoDBRecord[] = [];
  const pages = paginateScan(
    { client },
    {
      TableName,
      ConsistentRead: true,
      FilterExpression: 'entity = :event AND attribute_not_exists(#sequence)',
      ExpressionAttributeNames: { '#sequence': 'sequence' },
      ExpressionAttributeValues: { ':event': { S: 'event' } },
    },
  );
  for await (const { Items = [] } of pages) {
    for (const item of Items) {
      const NewImage = item as NonNullable<DynamoDBRecord['dynamodb']>['NewImage'];
      records.push({
        eventName: 'INSERT',
        dynamodb: { NewImage, SequenceNumber: String(records.length + 1) },
      });
    }
  }
  const key = (record: DynamoDBRecord): string =>
    `${record.dynamodb?.NewImage?.pk?.S} ${record.dynamodb?.NewImage?.sk?.S}`;
  return records.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}
