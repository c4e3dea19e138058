import type { DynamoDBRecord } from 'aws-lambda';
import { type Gateway, gateway, type HttpLambda } from './gateway/gateway.ts';

export interface RealHandlers {
  api: Gateway;
  /** What the ledger table's stream brings goes to the relay and the publisher; a rejection asks for it again. */
  onStreamRecords: (records: DynamoDBRecord[]) => Promise<void>;
}

/** Loads the real handlers, which read the environment as they load, and puts them behind the gateway and the table's stream. */
export async function realHandlers(): Promise<RealHandlers> {
  const [card, ledgerApi, eventFeed, relay, publisher] = await Promise.all([
    import('../functions/handlers/card.ts'),
    import('../functions/handlers/ledger-api.ts'),
    import('../functions/handlers/event-feed.ts'),
    import('../functions/handlers/relay.ts'),
    import('../functions/handlers/publisher.ts'),
  ]);
  // middy's type allows a handler without a promise, which ours are not.
  const run =
    (handler: typeof card.handler): HttpLambda =>
    async (event, context) =>
      handler(event, context);
  return {
    api: gateway({
      card: run(card.handler),
      'ledger-api': run(ledgerApi.handler),
      'event-feed': run(eventFeed.handler),
    }),
    onStreamRecords: async (Records) => {
      const { batchItemFailures } = await relay.handler({ Records });
      if (batchItemFailures.length > 0) throw new Error('The relay asks for these records again.');
      await publisher.handler({ Records });
    },
  };
}
