import { randomUUID } from 'node:crypto';
import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod/mini';
import { parseJson } from '../input/parse-json.ts';
import { asPortalId } from '../invoices/identifiers.ts';
import { RECORD_TYPES, SHARD_COUNT, type Shard } from './records/shard.ts';

export interface BellAccess {
  queue: SQSClient;
  queueUrl: string;
  /** Tells of bells that could not be rung. */
  notice: (message: string, details: Record<string, unknown>) => void;
}

/** SQS takes ten messages in a request. */
const MAX_MESSAGES = 10;

/**
 * Rings bells: a message for each shard, in the shard's own group, so that shards don't hold each other up. The deduplication id is random:
 * a bell rung while another is being answered must not be swallowed. Never throws: the sweeper finds what was not rung for.
 */
export const bellRinger =
  ({ queue, queueUrl, notice }: BellAccess) =>
  async (shards: readonly Shard[]): Promise<void> => {
    const distinct = [...new Map(shards.map((shard) => [groupOf(shard), shard])).values()];
    for (let first = 0; first < distinct.length; first += MAX_MESSAGES) {
      const some = distinct.slice(first, first + MAX_MESSAGES);
      try {
        const { Failed = [] } = await queue.send(
          new SendMessageBatchCommand({
            QueueUrl: queueUrl,
            Entries: some.map((shard, index) => ({
              Id: String(index),
              MessageBody: JSON.stringify(bellBody(shard)),
              MessageGroupId: groupOf(shard),
              MessageDeduplicationId: randomUUID(),
            })),
          }),
        );
        if (Failed.length > 0) notice('Bells were not rung', { failed: Failed.length });
      } catch (error) {
        notice('Bells were not rung', { failed: some.length, error });
      }
    }
  };

const bellBody = ({ portalId, type, shard }: Shard): Shard => ({ portalId, type, shard });

/** The FIFO group of a shard's bells. */
export const groupOf = ({ portalId, type, shard }: Shard): string => `${portalId}-${type}-${shard}`;

const bellSchema = z.strictObject({
  portalId: z.string(),
  type: z.enum(RECORD_TYPES),
  shard: z.int().check(z.minimum(0), z.maximum(SHARD_COUNT - 1)),
});

/** Reads a bell's body; throws where it is none: such a message belongs in the dead-letter queue. */
export function parseBell(body: string): Shard {
  const parsed = bellSchema.safeParse(parseJson(body));
  const portalId = parsed.success ? asPortalId(parsed.data.portalId) : undefined;
  if (!parsed.success || !portalId) throw new Error('The message is no bell.');
  return { ...parsed.data, portalId };
}
