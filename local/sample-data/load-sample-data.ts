import { type AttributeValue, type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { PortalId } from '../../functions/invoices/identifiers.ts';
import type { LedgerItem } from '../../functions/invoices/ledger-items.ts';
import { sequenceKey } from '../../functions/invoices/ledger-keys.ts';
import { DEFAULT_SETTINGS } from '../../functions/invoices/portal-settings.ts';
import { bulkLedger } from './bulk-ledger.ts';
import { sampleCommands } from './sample-commands.ts';

/** Writes many items at once. */
export type LoadItems = (items: Record<string, AttributeValue>[]) => Promise<void>;

/** The item as DynamoDB's own JSON. */
export const dynamodbItem = (item: LedgerItem): Record<string, AttributeValue> =>
  marshall(item, { removeUndefinedValues: true });

/**
 * Loads the sample data where nothing has happened yet; answers how many items. The feed's sequence is written last, so a load that was broken
 * off begins again. `now` is epoch milliseconds.
 */
export async function loadSampleData(
  client: DynamoDBClient,
  tableName: string,
  portalId: PortalId,
  load: LoadItems,
  now: number,
): Promise<number> {
  const Key = dynamodbItem({ ...sequenceKey(portalId) });
  const { Item } = await client.send(new GetItemCommand({ TableName: tableName, Key, ConsistentRead: true }));
  if (Item) return 0;
  const items = bulkLedger(portalId, sampleCommands(now), DEFAULT_SETTINGS.feedRetentionDays);
  await load(items.map(dynamodbItem));
  return items.length;
}
