import {
  AGAIN,
  type Attempt,
  type CheckContext,
  DONE,
  untilQuiet,
} from '../../../functions/invoices/ledger-check/check-context.ts';
import type { LedgerProblem } from '../../../functions/invoices/ledger-check/problem.ts';
import { sequenceKey } from '../../../functions/invoices/ledger-keys.ts';
import type { FeedOfPortal } from './feed-of-portal.ts';

/** Holds the portal's counter to the numbers that are given: behind them, it would give one twice, which no relay can write. */
export async function checkCounter(
  context: CheckContext,
  { portalId, highest }: FeedOfPortal,
): Promise<void> {
  const { store, repair, report } = context;
  await untilQuiet(context, async (): Promise<Attempt<undefined>> => {
    const counter = await store.get(sequenceKey(portalId));
    const sequence = Number(counter?.sequence ?? 0);
    if (sequence >= highest) return DONE;
    const problem: LedgerProblem = { kind: 'sequence-behind', portalId, sequence, highest };
    if (repair) {
      const written = await store.write([
        {
          Update: {
            TableName: store.tableName,
            Key: { ...sequenceKey(portalId) },
            UpdateExpression: 'SET #sequence = :highest',
            ConditionExpression: 'attribute_not_exists(#sequence) OR #sequence < :highest',
            ExpressionAttributeNames: { '#sequence': 'sequence' },
            ExpressionAttributeValues: { ':highest': highest },
          },
        },
      ]);
      if (!written) return AGAIN;
    }
    report(problem, { kind: repair ? 'repaired' : 'found' });
    return DONE;
  });
}
