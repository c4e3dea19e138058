import type { TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { type CommandOutcome, onNoOutcome, outcomeItem } from './command-outcome.ts';
import { type DealSummary, isEmptySummary } from './deal-summary.ts';
import type { Current } from './decision.ts';
import type { DealId, InvoiceId, PortalId } from './identifiers.ts';
import type { Invoice } from './invoice.ts';
import type { LedgerEvent } from './ledger-event.ts';
import {
  aliasItem,
  eventItem,
  invoiceItem,
  type LedgerItem,
  rowItem,
  summaryAttributes,
  summaryChanges,
  tombstoneItem,
} from './ledger-items.ts';
import { invoiceKey, numberingKey, summaryKey } from './ledger-keys.ts';

/** One change to one invoice, decided but not yet written. */
export interface LedgerChange {
  portalId: PortalId;
  before: Invoice | undefined;
  /** Undefined where the invoice is deleted. */
  after: Invoice | undefined;
  /** The version that the decision was made on; 0 where the id has never been used. */
  decidedOn: number;
  event: LedgerEvent;
  /** The number taken by this: the year's last one until now. */
  numbering?: { year: string; last: number } | undefined;
  /** The accounting system's id that leads here from now on, and what stood there until now. */
  alias?: { externalId: InvoiceId; over: Current } | undefined;
  outcome?: CommandOutcome | undefined;
  /** Epoch milliseconds. */
  now: number;
}

type Operation = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** What a part of the transaction is for; a failed condition means something else for each. */
export type Part = 'invoice' | 'event' | 'row' | 'summary' | 'alias' | 'numbering' | 'outcome';

export interface PartOfChange {
  part: Part;
  operation: Operation;
}

/** The operations of a change's one transaction, at most 13. */
export function changeOperations(change: LedgerChange, TableName: string): PartOfChange[] {
  const { portalId, before, after, event, alias, numbering, outcome, now } = change;
  const gone = [before, alias?.over.invoice];
  const invoice = { Item: nextInvoiceItem(change), ...stillDecidedOn(change.decidedOn, before) };
  const parts: PartOfChange[] = [
    put('invoice', invoice),
    put('event', { Item: eventItem(portalId, event), ConditionExpression: 'attribute_not_exists(pk)' }),
    ...rowParts(
      gone.flatMap((invoice) => (invoice ? [rowItem(portalId, invoice)] : [])),
      after && rowItem(portalId, after),
    ),
    ...[...summaryChanges(gone, after)]
      .filter(([, added]) => !isEmptySummary(added))
      .map(([dealId, added]) => summaryPart(portalId, dealId, added)),
  ];
  if (alias) {
    const { externalId, over } = alias;
    const item = aliasItem(portalId, externalId, event.invoiceId, over.version);
    parts.push(put('alias', { Item: item, ...stillDecidedOn(over.version, over.invoice) }));
  }
  if (numbering) parts.push(numberingPart(portalId, numbering));
  if (outcome) parts.push(put('outcome', { Item: outcomeItem(portalId, outcome, now), ...onNoOutcome(now) }));
  return parts;

  function put(part: Part, item: Omit<NonNullable<Operation['Put']>, 'TableName'>): PartOfChange {
    return { part, operation: { Put: { TableName, ...item } } };
  }

  function rowParts(old: readonly LedgerItem[], next: LedgerItem | undefined): PartOfChange[] {
    const deleted = old
      .filter((row) => row.pk !== next?.pk || row.sk !== next.sk)
      .map(
        ({ pk, sk }): PartOfChange => ({
          part: 'row',
          operation: { Delete: { TableName, Key: { pk, sk } } },
        }),
      );
    return next ? [...deleted, put('row', { Item: next })] : deleted;
  }

  function summaryPart(portal: PortalId, dealId: DealId, added: DealSummary): PartOfChange {
    const attributes = Object.entries(summaryAttributes(added)).filter(([, value]) => BigInt(value) !== 0n);
    const Update = {
      TableName,
      Key: summaryKey(portal, dealId),
      // `revision` tells a repair that the summary has moved since it was read.
      UpdateExpression: `ADD revision :one, ${attributes.map(([name], i) => `${name} :v${i}`).join(', ')}`,
      ExpressionAttributeValues: {
        ':one': 1,
        ...Object.fromEntries(attributes.map(([, value], i) => [`:v${i}`, value])),
      },
    };
    return { part: 'summary', operation: { Update } };
  }

  function numberingPart(portal: PortalId, { year, last }: { year: string; last: number }): PartOfChange {
    const Update = {
      TableName,
      Key: numberingKey(portal, year),
      UpdateExpression: 'SET #last = :next',
      ConditionExpression: last === 0 ? 'attribute_not_exists(pk)' : '#last = :last',
      ExpressionAttributeNames: { '#last': 'last' },
      ExpressionAttributeValues: { ':next': last + 1, ...(last === 0 ? {} : { ':last': last }) },
    };
    return { part: 'numbering', operation: { Update } };
  }
}

function nextInvoiceItem({ portalId, before, after, event }: LedgerChange): LedgerItem {
  if (after) return invoiceItem(portalId, after);
  if (!before) throw new Error(`Nothing to delete for event ${event.eventId}`);
  return tombstoneItem(portalId, before, event.version);
}

/** What an unchanged repeat keeps for later without a new version: the source's own time, and whether it said "paid". */
export type Touch = Pick<Invoice, 'sourceUpdatedAt' | 'markedPaid'>;

/** The condition that the invoice item is what was decided on: its version, and what a touch may have moved since. */
export function stillDecidedOn(version: number, invoice?: Touch) {
  if (version === 0) return { ConditionExpression: 'attribute_not_exists(pk)' };
  const conditions = ['#version = :version'];
  const values: Record<string, unknown> = { ':version': version };
  if (invoice) {
    conditions.push('markedPaid = :markedPaid');
    values[':markedPaid'] = invoice.markedPaid;
    if (invoice.sourceUpdatedAt === undefined) {
      conditions.push('attribute_not_exists(sourceUpdatedAt)');
    } else {
      conditions.push('sourceUpdatedAt = :known');
      values[':known'] = invoice.sourceUpdatedAt;
    }
  }
  return {
    ConditionExpression: conditions.join(' AND '),
    ExpressionAttributeNames: { '#version': 'version' },
    ExpressionAttributeValues: values,
  };
}

/** The update that keeps a touch, on the condition that the invoice is still what was decided on. */
export const touchUpdate = (portalId: PortalId, before: Invoice, { sourceUpdatedAt, markedPaid }: Touch) => {
  const { ExpressionAttributeValues, ...condition } = stillDecidedOn(before.version, before);
  return {
    Key: invoiceKey(portalId, before.invoiceId),
    UpdateExpression: `SET markedPaid = :paid${sourceUpdatedAt === undefined ? '' : ', sourceUpdatedAt = :at'}`,
    ...condition,
    ExpressionAttributeValues: {
      ...ExpressionAttributeValues,
      ':paid': markedPaid,
      ...(sourceUpdatedAt === undefined ? {} : { ':at': sourceUpdatedAt }),
    },
  };
};
