import type { CallFailure } from '../../../functions/hubspot/call-failure.ts';
import type {
  HubSpotApi,
  ListQuery,
  ObjectType,
  RecordPage,
} from '../../../functions/hubspot/hubspot-api.ts';
import { ToolFailure } from '../run-tool.ts';

export interface Patience {
  wait: (milliseconds: number) => Promise<unknown>;
  /** A failure as it is told to whoever runs the tool. */
  told: (failure: CallFailure) => string;
  /** Told why a call is made again. */
  onRetry: (why: string) => void;
}

const CALL_TIMEOUT_MS = 20_000;
const BUDGET_WAIT_MS = 60_000;
/** About five minutes in all. */
const MOST_TRIES = 12;
const LONGEST_WAIT_MS = 60_000;

/** A page of HubSpot's records; what passes is waited for. Throws a ToolFailure with HubSpot's reason. */
export const listPage = (
  hubspot: HubSpotApi,
  type: ObjectType,
  query: ListQuery,
  patience: Patience,
): Promise<RecordPage> => patiently(() => hubspot.listPage(type, query, OPTIONS), patience);

const OPTIONS = { timeoutMs: CALL_TIMEOUT_MS, budgetWaitMs: BUDGET_WAIT_MS };

/** Makes a call that only reads until it is answered. */
export async function patiently<Answer extends { kind: string }>(
  call: () => Promise<Answer | CallFailure>,
  { wait, told, onRetry }: Patience,
): Promise<Exclude<Answer, CallFailure>> {
  for (let tries = 1; ; tries++) {
    const answer = await call();
    if (!('reasonCode' in answer)) return answer as Exclude<Answer, CallFailure>;
    const waitMs = waitAfter(answer, tries);
    if (waitMs === undefined || tries === MOST_TRIES) throw new ToolFailure(told(answer));
    onRetry(told(answer));
    await wait(waitMs);
  }
}

/** How long to wait before the next try; undefined where it would be answered the same way. */
function waitAfter(failure: CallFailure, tries: number): number | undefined {
  const backoff = Math.min(LONGEST_WAIT_MS, 1_000 * 2 ** (tries - 1));
  switch (failure.kind) {
    case 'throttled':
      return failure.policy === 'DAILY' ? undefined : Math.max(backoff, failure.retryAfterMs ?? 10_000);
    case 'locked':
    case 'transient':
      return Math.max(backoff, Math.min(failure.retryAfterMs ?? 0, LONGEST_WAIT_MS));
    case 'timeout':
    case 'budget-exhausted':
      return backoff;
    case 'parked':
    case 'unauthorized':
    case 'forbidden':
    case 'refused':
    case 'conflict':
    case 'not-found':
      return undefined;
  }
}
