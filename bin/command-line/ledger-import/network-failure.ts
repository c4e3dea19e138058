import { ToolFailure } from '../run-tool.ts';
import { isLoopback } from '../service-access.ts';

/**
 * Why a request got no answer, as a sentence, for one that may well get it a little later. Throws a ToolFailure where nothing listens at an address
 * of this machine that has not answered yet: nobody is about to start it.
 */
export function networkReason(error: unknown, url: string, timeoutMs: number, hasAnswered: boolean): string {
  if (error instanceof Error && error.name === 'TimeoutError') {
    return `${url} did not answer within ${timeoutMs / 1000} seconds.`;
  }
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  if (code === 'ECONNREFUSED' && isLoopback(url) && !hasAnswered) {
    throw new ToolFailure(
      `Nothing listens at ${url}. Is \`npm start\` running? LEDGER_URL names another address.`,
    );
  }
  return `${url} can't be reached (${code}).`;
}
