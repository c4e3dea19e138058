import { type DynamoDBDocumentClient, PutCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { cancellationReasons } from '../../invoices/ledger-store.ts';
import type { ChangeOperation } from './record-change.ts';

/** Operations that are done together or not at all: one record's change. */
export type Unit = readonly ChangeOperation[];

/** DynamoDB takes at most 100 operations and 4 MB in a transaction. */
export const MAX_OPERATIONS = 100;
const MAX_BYTES = 3_000_000;

/**
 * Packs units (by their places in the list) into as few transactions as DynamoDB's limits allow. No transaction may name an item twice, so
 * units that meet at a claim go into different ones. A unit with more operations than `maxOperations` gets one to itself.
 */
export function packUnits(units: readonly Unit[], maxOperations = MAX_OPERATIONS): number[][] {
  const packs: Pack[] = [];
  // Those that still take something; full ones are not looked at again.
  let open: Pack[] = [];
  for (const [place, unit] of units.entries()) {
    const keys = unit.map(({ key }) => `${key.pk}\n${key.sk}`);
    const bytes = Buffer.byteLength(JSON.stringify(unit.map(({ item }) => item)));
    const fits = (pack: Pack): boolean =>
      pack.operations + unit.length <= maxOperations &&
      pack.bytes + bytes <= MAX_BYTES &&
      keys.every((key) => !pack.keys.has(key));
    let pack = open.find(fits);
    if (!pack) {
      pack = { places: [], operations: 0, bytes: 0, keys: new Set() };
      packs.push(pack);
      open.push(pack);
    }
    pack.places.push(place);
    pack.operations += unit.length;
    pack.bytes += bytes;
    for (const key of keys) pack.keys.add(key);
    if (pack.operations >= maxOperations) open = open.filter((one) => one !== pack);
    if (open.length > MAX_OPEN) open.shift();
  }
  return packs.map(({ places }) => places);
}

interface Pack {
  places: number[];
  operations: number;
  bytes: number;
  keys: Set<string>;
}

/** So many transactions are filled at a time. */
const MAX_OPEN = 4;

/** What became of each unit of one transaction. `again`: nothing is known against it. */
export type UnitResult = { kind: 'written' } | { kind: 'again' } | ChangeOperation['onFailure'];

/** Writes the units in one transaction. One unit's failed condition keeps all from being written; the others may be sent again. */
export async function writeUnits(
  documents: DynamoDBDocumentClient,
  units: readonly Unit[],
): Promise<UnitResult[]> {
  const operations = units.flat();
  const [only] = operations;
  if (only && operations.length === 1) return [await writeAlone(documents, only)];
  try {
    await documents.send(new TransactWriteCommand({ TransactItems: operations.map(({ item }) => item) }));
    return units.map(() => ({ kind: 'written' }));
  } catch (error) {
    const reasons = cancellationReasons(error);
    if (!reasons) throw error;
    if (!reasons.every((reason) => PASSING_REASONS.has(reason))) throw error;
    let first = 0;
    return units.map((unit): UnitResult => {
      const own = reasons.slice(first, first + unit.length);
      first += unit.length;
      const failed = own.indexOf('ConditionalCheckFailed');
      return unit[failed]?.onFailure ?? { kind: 'again' };
    });
  }
}

/** A change that needs no claim: a put costs half of what a transaction of one does. */
async function writeAlone(
  documents: DynamoDBDocumentClient,
  { item, onFailure }: ChangeOperation,
): Promise<UnitResult> {
  if (!item.Put) throw new Error('A change without claims is the put of its row.');
  try {
    await documents.send(new PutCommand(item.Put));
    return { kind: 'written' };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error.name === 'ConditionalCheckFailedException') return onFailure;
    if (error.name === 'TransactionConflictException') return { kind: 'again' };
    throw error;
  }
}

/** Anything else, such as an item that is too large, is a mistake that sending again won't cure. */
const PASSING_REASONS = new Set([
  'None',
  'ConditionalCheckFailed',
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
]);
