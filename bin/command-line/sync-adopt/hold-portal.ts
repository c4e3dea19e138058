import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { PortalId } from '../../../functions/invoices/identifiers.ts';
import type { StoreAccess } from '../../../functions/invoices/ledger-store.ts';
import { controlKey } from '../../../functions/sync/sync-keys.ts';

/** Keeps the sync from writing to the portal until then (epoch ms): records are taken in and wait. */
export async function holdPortal(
  { documents, tableName }: StoreAccess,
  portalId: PortalId,
  until: number,
): Promise<void> {
  await documents.send(
    new UpdateCommand({
      TableName: tableName,
      Key: controlKey(portalId),
      UpdateExpression: 'SET pausedUntil = :until, heldUntil = :until',
      ExpressionAttributeValues: { ':until': until },
    }),
  );
}

/** Ends the hold; false where there was none. What HubSpot wants the portal to rest for, its next answer says again. */
export async function releasePortal(
  { documents, tableName }: StoreAccess,
  portalId: PortalId,
): Promise<boolean> {
  try {
    await documents.send(
      new UpdateCommand({
        TableName: tableName,
        Key: controlKey(portalId),
        UpdateExpression: 'REMOVE pausedUntil, heldUntil',
        ConditionExpression: 'attribute_exists(heldUntil)',
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return false;
    throw error;
  }
}
