import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type BatchGetCommandInput, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { expect, test } from '@jest/globals';
import { batchGet } from '../../functions/invoices/batch-get.ts';

const keys = [1, 2, 3, 4].map((number) => ({ pk: `p${number}`, sk: 's' }));

/** A DynamoDB that answers one key a call and leaves the others over. */
function slowDocuments(): DynamoDBDocumentClient {
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'us-east-1' }));
  documents.middlewareStack.add(
    () => async (args) => {
      const { Keys = [] } = (args.input as BatchGetCommandInput).RequestItems?.ledger ?? {};
      const output = {
        $metadata: {},
        Responses: { ledger: Keys.slice(0, 1) },
        UnprocessedKeys: Keys.length > 1 ? { ledger: { Keys: Keys.slice(1) } } : {},
      };
      return { output: output as never, response: {} };
    },
    { step: 'initialize' },
  );
  return documents;
}

test('keys that DynamoDB leaves over are asked for again after a pause that grows', async () => {
  const pauses: number[] = [];
  const found = await batchGet({ documents: slowDocuments(), tableName: 'ledger' }, keys, async (ms) => {
    pauses.push(ms);
  });
  expect(found).toEqual(keys);
  expect(pauses).toHaveLength(3);
  for (const [round, most] of [50, 100, 200].entries()) {
    expect(pauses[round]).toBeGreaterThanOrEqual(most / 2);
    expect(pauses[round]).toBeLessThanOrEqual(most);
  }
});
