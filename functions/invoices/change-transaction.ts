import type { TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { type CommandOutcome, onNoOutcome, outcomeItem } from './command-outcome.ts';
import { type DealSummary, isEmptySummary } from './deal-summary.ts';
import type { Alias, Found } from './decision.ts';
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
import type { NumberCounter } from './number-line.ts';

/** One change to one invoice, decided but not yet written. */
export interface LedgerChange {
  portalId: PortalId;
  before: Invoice | undefined;
  /** Undefined where the invoice is deleted. */
  after: Invoice | undefined;
  /** The version that the decision was made on; 0 where the id has never been used. */
  decidedOn: number;
  event: LedgerEvent;
  /** The number taken by this: the year's last one until now, and which place in the line is served with it. */
  numbering?: ({ year: string } & NumberCounter) | undefined;
  /** The accounting system's id that leads here from now on, and what was found under it until now. */
  alias?: { externalId: InvoiceId; over: Found } | undefined;
  /** The accounting system's id that a deleted invoice is brought back with: it must still lead here. */
  broughtBackWith?: Alias | undefined;
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

/** The operations of a change's one transaction, at most 12. */
export function changeOperations(change: LedgerChange, TableName: string): PartOfChange[] {
  const { portalId, before, after, event, alias, broughtBackWith, numbering, outcome, now } = change;
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
  if (alias) parts.push(...aliasParts(alias.externalId, alias.over));
  if (broughtBackWith) parts.push(check(broughtBackWith.externalId, stillLeadsTo(broughtBackWith.leadsTo)));
  if (numbering) parts.push(numberingPart(portalId, numbering));
  if (outcome) parts.push(put('outcome', { Item: outcomeItem(portalId, outcome, now), ...onNoOutcome(now) }));
  return parts;

  function put(part: Part, item: Omit<NonNullable<Operation['Put']>, 'TableName'>): PartOfChange {
    return { part, operation: { Put: { TableName, ...item } } };
  }

  function check(invoiceId: InvoiceId, condition: Condition): PartOfChange {
    const Key = invoiceKey(portalId, invoiceId);
    return { part: 'alias', operation: { ConditionCheck: { TableName, Key, ...condition } } };
  }

  function aliasParts(externalId: InvoiceId, over: Found): PartOfChange[] {
    const item = (version: number) => aliasItem(portalId, externalId, event.invoiceId, version);
    const asFound = stillDecidedOn(over.version, over.invoice);
    if (!over.alias) return [put('alias', { Item: item(over.version), ...asFound })];
    // The id led to a deleted invoice: to be led elsewhere, that one must not come back meanwhile.
    const { leadsTo, version } = over.alias;
    return [put('alias', { Item: item(version), ...stillLeadsTo(leadsTo) }), check(over.invoiceId, asFound)];
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

  function numberingPart(
    portal: PortalId,
    { year, last, served }: NonNullable<LedgerChange['numbering']>,
  ): PartOfChange {
    const Update = {
      TableName,
      Key: numberingKey(portal, year),
      UpdateExpression: 'SET #last = :next, served = :served',
      ConditionExpression: last === 0 ? 'attribute_not_exists(pk)' : '#last = :last',
      ExpressionAttributeNames: { '#last': 'last' },
      ExpressionAttributeValues: {
        ':next': last + 1,
        ':served': served,
        ...(last === 0 ? {} : { ':last': last }),
      },
    };
    return { part: 'numbering', operation: { Update } };
  }
}

function nextInvoiceItem({ portalId, before, after, event }: LedgerChange): LedgerItem {
  if (after) return invoiceItem(portalId, after);
  if (!before) throw new Error(`Nothing to delete for event ${event.eventId}`);
  return tombstoneItem(portalId, before, event);
}

/** What an unchanged repeat keeps for later without a new version: the source's own time, and whether it said "paid". */
export type Touch = Pick<Invoice, 'sourceUpdatedAt' | 'markedPaid'>;

interface Condition {
  ConditionExpression: string;
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: Record<string, unknown>;
}

/**
 * The condition that the item under an id is what was decided on: an invoice or what is left of a deleted one (an id that leads elsewhere
 * keeps its version, too), its version, and what a touch may have moved since.
 */
export function stillDecidedOn(version: number, invoice?: Touch): Condition {
  if (version === 0) return { ConditionExpression: 'attribute_not_exists(pk)' };
  const conditions = ['entity = :entity', '#version = :version'];
  const values: Record<string, unknown> = {
    ':entity': invoice ? 'invoice' : 'deleted-invoice',
    ':version': version,
  };
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

const stillLeadsTo = (invoiceId: InvoiceId): Condition => ({
  ConditionExpression: 'entity = :entity AND aliasOf = :leadsTo',
  ExpressionAttributeValues: { ':entity': 'alias', ':leadsTo': invoiceId },
});

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
