import { Logger } from '@aws-lambda-powertools/logger';
import { describe, expect, test } from '@jest/globals';
import { htmlHandler } from '../../functions/http/html-handler.ts';
import { httpHandler } from '../../functions/http/http-handler.ts';
import { gatewayEvent, lambdaContext } from '../../local/gateway/gateway-event.ts';
import { matchRoute } from '../../local/gateway/match-route.ts';

/** A logger that keeps what it is told instead of printing it. */
class KeptLog extends Logger {
  readonly lines: unknown[] = [];
  override info(...line: Parameters<Logger['info']>): void {
    this.lines.push(line);
  }
  override error(...line: Parameters<Logger['error']>): void {
    this.lines.push(line);
  }
}

const ROUTE = 'GET /pages/health';

/** Answers the first request after the second, and fails where the query says so. */
function overtaken() {
  let letGo: () => void = () => {};
  const first = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  return async (request: { query: URLSearchParams }) => {
    if (request.query.has('first')) await first;
    else letGo();
    if (request.query.has('fails')) throw new Error('Not expected.');
    return { status: 200, body: 'done' };
  };
}

const handlers = {
  pages: (logger: Logger) =>
    htmlHandler({
      logger,
      frameAncestors: [],
      problemPage: () => 'sorry',
      operations: { [ROUTE]: overtaken() },
    }),
  JSON: (logger: Logger) =>
    httpHandler({ logger, authenticate: async () => undefined, operations: { [ROUTE]: overtaken() } }),
};

describe.each(['pages', 'JSON'] as const)('The log of what answers %s', (kind) => {
  test.each([
    ['an answer', 'first', ['Request answered', { route: ROUTE, status: 200 }]],
    ['a failure', 'first&fails', ['Request failed', { error: { message: 'Not expected.' } }]],
  ])(
    'names %s by its own correlation id, also where another request came meanwhile',
    async (_what, query, [words, told]) => {
      const logger = new KeptLog();
      const handler = handlers[kind](logger);
      const call = (search: string) => {
        const request = { method: 'GET', target: `/pages/health?${search}`, headers: {}, body: Buffer.of() };
        const match = matchRoute('GET', '/pages/health');
        if (!match) throw new Error('There is no such route.');
        const event = gatewayEvent(request, '/pages/health', match, 0);
        return handler(event, lambdaContext('test', 30_000, Date.now));
      };
      const [first, second] = await Promise.all([call(query), call('second')]);
      expect(second.statusCode).toBe(200);
      expect(logger.lines).toHaveLength(2);
      const correlationId = first.headers?.['x-correlation-id'];
      expect(logger.lines.at(-1)).toMatchObject([words, { ...Object(told), correlation_id: correlationId }]);
      expect(second.headers?.['x-correlation-id']).not.toBe(correlationId);
    },
  );
});
