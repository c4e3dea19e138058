import type { DynamoDBRecord } from 'aws-lambda';
import { type Gateway, gateway, type HttpLambda } from './gateway/gateway.ts';
import type { SyncHandlers } from './run-sync.ts';

export interface RealHandlers {
  api: Gateway;
  /** What the ledger table's stream brings goes to the relay and the publisher; a rejection asks for it again. */
  onStreamRecords: (records: DynamoDBRecord[]) => Promise<void>;
  sync: SyncHandlers;
}

/** Loads the real handlers, which read the environment as they load, and puts them behind the gateway and the table's stream. */
export async function realHandlers(): Promise<RealHandlers> {
  const [
    card,
    actions,
    pages,
    pdf,
    ledgerApi,
    eventFeed,
    relay,
    publisher,
    syncIntake,
    syncWorker,
    syncSweeper,
    syncReconcile,
  ] = await Promise.all([
    import('../functions/handlers/card.ts'),
    import('../functions/handlers/actions.ts'),
    import('../functions/handlers/pages.ts'),
    import('../functions/handlers/pdf.ts'),
    import('../functions/handlers/ledger-api.ts'),
    import('../functions/handlers/event-feed.ts'),
    import('../functions/handlers/relay.ts'),
    import('../functions/handlers/publisher.ts'),
    import('../functions/handlers/sync-intake.ts'),
    import('../functions/handlers/sync-worker.ts'),
    import('../functions/handlers/sync-sweeper.ts'),
    import('../functions/handlers/sync-reconcile.ts'),
  ]);
  // middy's type allows a handler without a promise, which ours are not.
  const run =
    (handler: (...called: Parameters<HttpLambda>) => ReturnType<typeof card.handler>): HttpLambda =>
    async (event, context) =>
      handler(event, context);
  return {
    api: gateway({
      card: run(card.handler),
      actions: run(actions.handler),
      pages: run(pages.handler),
      pdf: run(pdf.handler),
      'ledger-api': run(ledgerApi.handler),
      'event-feed': run(eventFeed.handler),
      'sync-intake': run(syncIntake.handler),
    }),
    sync: { worker: syncWorker.handler, sweeper: syncSweeper.handler, reconcile: syncReconcile.handler },
    onStreamRecords: async (Records) => {
      for (const { handler } of [relay, publisher]) {
        const { batchItemFailures } = await handler({ Records });
        if (batchItemFailures.length > 0)
          throw new Error('A reader of the stream asks for its records again.');
      }
    },
  };
}
