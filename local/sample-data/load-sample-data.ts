import { type AttributeValue, type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { PortalId } from '../../functions/invoices/identifiers.ts';
import type { LedgerItem } from '../../functions/invoices/ledger-items.ts';
import { DEFAULT_SETTINGS } from '../../functions/invoices/portal-settings.ts';
import { bulkLedger } from './bulk-ledger.ts';
import { sampleCommands } from './sample-commands.ts';

/** Writes many items at once. */
export type LoadItems = (items: Record<string, AttributeValue>[]) => Promise<void>;

/** The item as DynamoDB's own JSON. */
export const dynamodbItem = (item: LedgerItem): Record<string, AttributeValue> =>
  marshall(item, { removeUndefinedValues: true });

/** Loads the sample data where the table is empty; answers how many items. `now` is epoch milliseconds. */
export async function loadSampleData(
  client: DynamoDBClient,
  tableName: string,
  portalId: PortalId,
  load: LoadItems,
  now: number,
): Promise<number> {
  const { Count = 0 } = await client.send(new ScanCommand({ TableName: tableName, Limit: 1 }));
  if (Count > 0) return 0;
  const items = bulkLedger(portalId, sampleCommands(now), DEFAULT_SETTINGS.feedRetentionDays);
  await load(items.map(dynamodbItem));
  return items.length;
}
