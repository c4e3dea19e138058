import { processPartialResponse, SqsFifoPartialProcessorAsync } from '@aws-lambda-powertools/batch';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { parseBell } from '../bells.ts';
import type { Shard } from '../records/shard.ts';

/**
 * Makes a Lambda handler that answers bells one after the other. A bell that could not be answered comes back, and takes the later ones of
 * its own group with it, not those of others. `answer` gets the time at which the function will be gone (epoch ms).
 */
export function bellHandler(
  answer: (shard: Shard, deadline: number) => Promise<unknown>,
  now: () => number,
): (event: SQSEvent, context: Context) => Promise<SQSBatchResponse> {
  return (event, context) => {
    const deadline = now() + context.getRemainingTimeInMillis();
    return processPartialResponse(
      event,
      (record: SQSRecord) => answer(parseBell(record.body), deadline),
      new SqsFifoPartialProcessorAsync(),
      { context, skipGroupOnError: true, throwOnFullBatchFailure: false },
    );
  };
}
