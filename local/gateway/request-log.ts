import type { GatewayAnswer } from './gateway.ts';
import type { ArrivedRequest } from './gateway-event.ts';

export type Log = (line: string) => void;

/** Logs one line a request. Paths only: a query may hold a ticket or an e-mail address. `startedAt` is of `performance.now()`. */
export function logRequest(
  log: Log,
  { method, target }: Pick<ArrivedRequest, 'method' | 'target'>,
  { status }: Pick<GatewayAnswer, 'status'>,
  startedAt: number,
): void {
  const path = target.replace(/[?#].*$/s, '');
  // A page asks for its own state every second, and a monitor for the health.
  if (path === '/health' || path.startsWith('/_page/')) return;
  log(`${method} ${path} ${status} ${Math.round(performance.now() - startedAt)} ms`);
}

/** A way to the handlers that logs each request like those that come over HTTP. */
export const logged =
  (log: Log, send: (request: ArrivedRequest) => Promise<GatewayAnswer>) =>
  async (request: ArrivedRequest): Promise<GatewayAnswer> => {
    const startedAt = performance.now();
    const answer = await send(request);
    logRequest(log, request, answer, startedAt);
    return answer;
  };
