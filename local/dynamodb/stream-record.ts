import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { DynamoDBRecord } from 'aws-lambda';
import type { Item, TableDescription } from 'dynalite/db/index.js';
import dynalite from 'dynalite/db/index.js';
import type { ItemChange } from './item-change.ts';
import type { TableStream } from './table-settings.ts';

/** A change record as Lambda hands it to a function that reads a table's stream. */
export type StreamRecord = DynamoDBRecord;

/** Who deleted an item whose time to live had ended, as DynamoDB marks it in the record. */
export const TIME_TO_LIVE_SERVICE = { type: 'Service', principalId: 'dynamodb.amazonaws.com' };

export interface StreamRecordContext {
  stream: TableStream;
  /** Orders all records of the database; the same in every later delivery. */
  sequence: number;
  epochMilliseconds: number;
  region: string;
  expired: boolean;
}

/**
 * The record of one committed change, or undefined if nothing changed: DynamoDB writes no record for a write that
 * leaves the item as it was.
 */
export function streamRecord(change: ItemChange, context: StreamRecordContext): StreamRecord | undefined {
  const { table, before, after } = change;
  const item = after ?? before;
  if (item === undefined || isDeepStrictEqual(toPlain(before), toPlain(after))) return undefined;
  const { stream } = context;
  const showsNew = stream.viewType === 'NEW_IMAGE' || stream.viewType === 'NEW_AND_OLD_IMAGES';
  const showsOld = stream.viewType === 'OLD_IMAGE' || stream.viewType === 'NEW_AND_OLD_IMAGES';
  const images = {
    Keys: primaryKeyOf(item, table),
    ...(showsNew && after !== undefined ? { NewImage: after } : {}),
    ...(showsOld && before !== undefined ? { OldImage: before } : {}),
  };
  return {
    eventID: createHash('md5').update(`${stream.arn} ${context.sequence}`).digest('hex'),
    eventName: before === undefined ? 'INSERT' : after === undefined ? 'REMOVE' : 'MODIFY',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: context.region,
    dynamodb: {
      ApproximateCreationDateTime: Math.floor(context.epochMilliseconds / 1000),
      ...images,
      SequenceNumber: sequenceNumber(context.sequence),
      SizeBytes: Object.values(images).reduce((bytes, image) => bytes + dynalite.itemSize(image), 0),
      StreamViewType: stream.viewType,
    },
    eventSourceARN: stream.arn,
    ...(context.expired ? { userIdentity: TIME_TO_LIVE_SERVICE } : {}),
  };
}

/** A sequence number as DynamoDB writes them: 21 digits, so that text order is number order. */
export function sequenceNumber(sequence: number): string {
  return String(100_000_000_000_000_000_000n + BigInt(sequence));
}

function primaryKeyOf(item: Item, table: TableDescription): Item {
  return Object.fromEntries(
    table.KeySchema.flatMap(({ AttributeName }) => {
      const value = item[AttributeName];
      return value === undefined ? [] : [[AttributeName, value]];
    }),
  );
}

/** dynalite makes some objects without a prototype, which a strict comparison would count as a difference. */
function toPlain(item: Item | undefined): unknown {
  return item === undefined ? undefined : JSON.parse(JSON.stringify(item));
}
