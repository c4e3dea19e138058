import type { TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { type DealSummary, isEmptySummary } from './deal-summary.ts';
import type { DealId, PortalId } from './identifiers.ts';
import type { Invoice } from './invoice.ts';
import type { LedgerEvent } from './ledger-event.ts';
import {
  eventItem,
  invoiceItem,
  type LedgerItem,
  rowItem,
  summaryAttributes,
  summaryChanges,
  tombstoneItem,
} from './ledger-items.ts';
import { summaryKey } from './ledger-keys.ts';

/** One change to one invoice, decided but not yet written. */
export interface LedgerChange {
  portalId: PortalId;
  before: Invoice | undefined;
  /** Undefined where the invoice is deleted. */
  after: Invoice | undefined;
  /** The version that the decision was made on; 0 where the id has never been used. */
  decidedOn: number;
  event: LedgerEvent;
}

type Operation = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/**
 * The operations of a change's one transaction. The invoice comes first: only its failed condition means that somebody else
 * was faster.
 */
export function changeOperations(change: LedgerChange, TableName: string): Operation[] {
  const { portalId, before, after, event } = change;
  return [
    { Put: { TableName, Item: nextInvoiceItem(change), ...stillDecidedOn(change.decidedOn, before) } },
    { Put: { TableName, Item: eventItem(portalId, event), ConditionExpression: 'attribute_not_exists(pk)' } },
    ...rowOperations(before && rowItem(portalId, before), after && rowItem(portalId, after), TableName),
    ...[...summaryChanges(before, after)]
      .filter(([, added]) => !isEmptySummary(added))
      .map(([dealId, added]) => summaryOperation(portalId, dealId, added, TableName)),
  ];
}

function nextInvoiceItem({ portalId, before, after, event }: LedgerChange): LedgerItem {
  if (after) return invoiceItem(portalId, after);
  if (!before) throw new Error(`Nothing to delete for event ${event.eventId}`);
  return tombstoneItem(portalId, before, event.version);
}

/**
 * The condition that the invoice item is what was decided on: its version, and the source's own time, which an unchanged
 * repeat moves forward without a version.
 */
export function stillDecidedOn(version: number, { sourceUpdatedAt }: Partial<Invoice> = {}) {
  if (version === 0) return { ConditionExpression: 'attribute_not_exists(pk)' };
  const sameSource =
    sourceUpdatedAt === undefined ? 'attribute_not_exists(sourceUpdatedAt)' : 'sourceUpdatedAt = :known';
  return {
    ConditionExpression: `#version = :version AND ${sameSource}`,
    ExpressionAttributeNames: { '#version': 'version' },
    ExpressionAttributeValues: {
      ':version': version,
      ...(sourceUpdatedAt === undefined ? {} : { ':known': sourceUpdatedAt }),
    },
  };
}

function rowOperations(
  before: LedgerItem | undefined,
  after: LedgerItem | undefined,
  TableName: string,
): Operation[] {
  const operations: Operation[] = [];
  if (before && (before.pk !== after?.pk || before.sk !== after.sk)) {
    operations.push({ Delete: { TableName, Key: { pk: before.pk, sk: before.sk } } });
  }
  if (after) operations.push({ Put: { TableName, Item: after } });
  return operations;
}

function summaryOperation(
  portalId: PortalId,
  dealId: DealId,
  added: DealSummary,
  TableName: string,
): Operation {
  const attributes = Object.entries(summaryAttributes(added)).filter(([, value]) => BigInt(value) !== 0n);
  return {
    Update: {
      TableName,
      Key: summaryKey(portalId, dealId),
      // `revision` tells a repair that the summary has moved since it was read.
      UpdateExpression: `ADD revision :one, ${attributes.map(([name], i) => `${name} :v${i}`).join(', ')}`,
      ExpressionAttributeValues: {
        ':one': 1,
        ...Object.fromEntries(attributes.map(([, value], i) => [`:v${i}`, value])),
      },
    },
  };
}
