import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { PortalId } from '../../../functions/invoices/identifiers.ts';
import { settingsKey } from '../../../functions/invoices/ledger-keys.ts';
import type { StoreAccess } from '../../../functions/invoices/ledger-store.ts';
import type { PortalSettings } from '../../../functions/invoices/portal-settings.ts';

/** Sets some of a portal's settings; the others stay as they are. Functions see them within a minute. */
export async function saveSettings(
  { documents, tableName }: StoreAccess,
  portalId: PortalId,
  settings: Partial<PortalSettings>,
): Promise<void> {
  const entries = Object.entries(settings);
  if (entries.length === 0) return;
  await documents.send(
    new UpdateCommand({
      TableName: tableName,
      Key: { ...settingsKey(portalId) },
      UpdateExpression: `SET ${entries.map((_entry, i) => `#n${i} = :v${i}`).join(', ')}`,
      ExpressionAttributeNames: Object.fromEntries(entries.map(([name], i) => [`#n${i}`, name])),
      ExpressionAttributeValues: Object.fromEntries(entries.map(([, value], i) => [`:v${i}`, value])),
    }),
  );
}
