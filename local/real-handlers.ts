import type { DynamoDBRecord } from 'aws-lambda';
import type { EmbeddedDynamoDB } from './dynamodb/embedded-dynamodb.ts';
import { type Gateway, gateway, type HttpLambda } from './gateway/gateway.ts';

/** Loads the real handlers, which read the environment as they load, and puts them behind the gateway and the table's stream. */
export async function realHandlers(embedded: EmbeddedDynamoDB | undefined): Promise<Gateway> {
  const [card, actions, pages, pdf, ledgerApi, eventFeed, relay, publisher] = await Promise.all([
    import('../functions/handlers/card.ts'),
    import('../functions/handlers/actions.ts'),
    import('../functions/handlers/pages.ts'),
    import('../functions/handlers/pdf.ts'),
    import('../functions/handlers/ledger-api.ts'),
    import('../functions/handlers/event-feed.ts'),
    import('../functions/handlers/relay.ts'),
    import('../functions/handlers/publisher.ts'),
  ]);
  embedded?.onStreamRecords(async (Records: DynamoDBRecord[]) => {
    const { batchItemFailures } = await relay.handler({ Records });
    if (batchItemFailures.length > 0) throw new Error('The relay asks for these records again.');
    await publisher.handler({ Records });
  });
  // middy's type allows a handler without a promise, which ours are not.
  const run =
    (handler: (...called: Parameters<HttpLambda>) => ReturnType<typeof card.handler>): HttpLambda =>
    async (event, context) =>
      handler(event, context);
  return gateway({
    card: run(card.handler),
    actions: run(actions.handler),
    pages: run(pages.handler),
    pdf: run(pdf.handler),
    'ledger-api': run(ledgerApi.handler),
    'event-feed': run(eventFeed.handler),
  });
}
