import type { PortalId } from './identifiers.ts';
import type { LedgerItem } from './ledger-items.ts';
import { outcomeKey } from './ledger-keys.ts';

/** What a command with a key came to: a repeat gets the same answer, another request with the key is refused. */
export interface CommandOutcome {
  key: string;
  /** SHA-256 of what was asked for. */
  requestHash: string;
  /** As JSON. */
  answer: string;
}

const KEPT_SECONDS = 7 * 86_400;

/** The outcome as it is stored, for seven days from `now` (epoch milliseconds). */
export const outcomeItem = (portalId: PortalId, outcome: CommandOutcome, now: number): LedgerItem => ({
  ...outcomeKey(portalId, outcome.key),
  requestHash: outcome.requestHash,
  answer: outcome.answer,
  expiresAt: Math.floor(now / 1000) + KEPT_SECONDS,
});

/** An outcome may be written where there is none, or one whose time is over and which DynamoDB has yet to remove. */
export const onNoOutcome = (now: number) => ({
  ConditionExpression: 'attribute_not_exists(pk) OR expiresAt <= :now',
  ExpressionAttributeValues: { ':now': Math.floor(now / 1000) },
});
