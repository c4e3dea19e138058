import type { TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { recordItem } from './sync-items.ts';
import { emailClaimKey, idClaimKey, recordKey, type SyncKey, waiterKey } from './sync-keys.ts';
import { claimedEmails, type SyncRecord } from './sync-record.ts';

/** One row's change: what was read (undefined for a new one), and what is to be there. `after` gets the next version by itself. */
export interface RecordChange {
  before: SyncRecord | undefined;
  after: SyncRecord;
}

/** What became of a change. Nothing was written unless `saved`. */
export type SaveResult =
  | { kind: 'saved'; record: SyncRecord }
  /** Somebody changed the row since it was read. */
  | { kind: 'moved' }
  /** The HubSpot id belongs to another record. */
  | { kind: 'id-taken' }
  /** The e-mail address belongs to another record. */
  | { kind: 'email-taken'; email: string }
  /** It was to stand in line for an address that nobody holds any more. */
  | { kind: 'email-free' };

type WriteItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** One operation of a change's part of a transaction, and what its failed condition means. */
export interface ChangeOperation {
  key: SyncKey;
  item: WriteItem;
  onFailure: Exclude<SaveResult, { kind: 'saved' }> | { kind: 'others-wait' };
}

/**
 * The operations of a change: the row, on condition of its version, and the claims that differ between before and after. A claim is put and
 * taken away only in the transaction that changes its record, so a record's own claims are always there.
 */
export function changeOperations({ before, after }: RecordChange, TableName: string): ChangeOperation[] {
  const next = { ...after, version: (before?.version ?? 0) + 1 };
  return [
    {
      key: recordKey(after, after.externalId),
      item: { Put: { TableName, Item: recordItem(next), ...onVersion(before) } },
      onFailure: { kind: 'moved' },
    },
    ...idOperations(before, after, TableName),
    ...emailOperations(before, after, TableName),
    ...lineOperations(before, after, TableName),
  ];
}

const onVersion = (before: SyncRecord | undefined) =>
  before === undefined
    ? { ConditionExpression: 'attribute_not_exists(pk)' }
    : {
        ConditionExpression: '#version = :version',
        ExpressionAttributeNames: { '#version': 'version' },
        ExpressionAttributeValues: { ':version': before.version },
      };

function idOperations(
  before: SyncRecord | undefined,
  after: SyncRecord,
  TableName: string,
): ChangeOperation[] {
  if (before?.hubspotId === after.hubspotId) return [];
  const operations: ChangeOperation[] = [];
  if (after.hubspotId !== undefined) {
    const key = idClaimKey(after, after.hubspotId);
    operations.push({ key, item: claim(TableName, key, after), onFailure: { kind: 'id-taken' } });
  }
  if (before?.hubspotId !== undefined) {
    const key = idClaimKey(after, before.hubspotId);
    operations.push({ key, item: { Delete: { TableName, Key: key } }, onFailure: { kind: 'moved' } });
  }
  return operations;
}

/** An update, not a put: whether others wait is written on the claim too. */
const claim = (TableName: string, Key: SyncKey, { externalId }: SyncRecord): WriteItem => ({
  Update: {
    TableName,
    Key,
    UpdateExpression: 'SET externalId = :me',
    ConditionExpression: 'attribute_not_exists(externalId) OR externalId = :me',
    ExpressionAttributeValues: { ':me': externalId },
  },
});

function emailOperations(
  before: SyncRecord | undefined,
  after: SyncRecord,
  TableName: string,
): ChangeOperation[] {
  const had = new Set(before ? claimedEmails(before) : []);
  const has = new Set(claimedEmails(after));
  const taken = [...has].filter((email) => !had.has(email));
  const left = [...had].filter((email) => !has.has(email));
  const key = (email: string): SyncKey => emailClaimKey(after.portalId, email);
  return [
    ...taken.map(
      (email): ChangeOperation => ({
        key: key(email),
        item: claim(TableName, key(email), after),
        onFailure: { kind: 'email-taken', email },
      }),
    ),
    ...left.map((email) => releaseOperation(key(email), email, after, TableName)),
  ];
}

/** An address that others wait for is let go only together with the note that they must be told. */
function releaseOperation(
  Key: SyncKey,
  email: string,
  after: SyncRecord,
  TableName: string,
): ChangeOperation {
  const isNoted = after.released?.includes(email) === true;
  return {
    key: Key,
    item: {
      Delete: {
        TableName,
        Key,
        ...(isNoted ? {} : { ConditionExpression: 'attribute_not_exists(wanted)' }),
      },
    },
    onFailure: { kind: 'others-wait' },
  };
}

function lineOperations(
  before: SyncRecord | undefined,
  after: SyncRecord,
  TableName: string,
): ChangeOperation[] {
  const [was, is] = [before?.waiting, after.waiting];
  const isSamePlace = was?.email === is?.email && was?.since === is?.since;
  // Who stands in line anew, even in the old place, does so for a new holder.
  if (isSamePlace && was?.revision === is?.revision) return [];
  const operations: ChangeOperation[] = [];
  if (was && !isSamePlace) {
    const key = waiterKey(after.portalId, was.email, was.since, after.externalId);
    operations.push({ key, item: { Delete: { TableName, Key: key } }, onFailure: { kind: 'moved' } });
  }
  if (is) {
    const line = waiterKey(after.portalId, is.email, is.since, after.externalId);
    const held = emailClaimKey(after.portalId, is.email);
    const Item = { ...line, externalId: after.externalId };
    operations.push(
      { key: line, item: { Put: { TableName, Item } }, onFailure: { kind: 'moved' } },
      { key: held, item: markWanted(TableName, held, after), onFailure: { kind: 'email-free' } },
    );
  }
  return operations;
}

/** Only while somebody else holds it: else there is nobody to wait for. */
const markWanted = (TableName: string, Key: SyncKey, { externalId }: SyncRecord): WriteItem => ({
  Update: {
    TableName,
    Key,
    UpdateExpression: 'SET wanted = :yes',
    ConditionExpression: 'attribute_exists(externalId) AND externalId <> :me',
    ExpressionAttributeValues: { ':yes': true, ':me': externalId },
  },
});
