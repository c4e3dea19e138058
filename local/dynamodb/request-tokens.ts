import type { BatchOperation, Level } from 'dynalite/db/index.js';
import { REQUEST_TOKENS } from './key-layout.ts';
import { keysWithPrefix, writeAtomically } from './level-database.ts';
import { dynamoDBError } from './service-error.ts';

/** How long DynamoDB recognises a repeated transaction: 10 minutes. */
const VALID_MILLISECONDS = 10 * 60 * 1000;

interface UsedToken {
  digest: string;
  /** Epoch milliseconds. */
  until: number;
}

export interface TokenEntry extends UsedToken {
  token: string;
}

/**
 * The client request tokens of committed transactions. A token is stored in its transaction's own batch, so a repeat
 * is recognised after a crash too.
 */
export class RequestTokens {
  readonly #level: Level;
  readonly #clock: () => number;
  readonly #used: Map<string, UsedToken>;

  private constructor(level: Level, clock: () => number, used: Map<string, UsedToken>) {
    this.#level = level;
    this.#clock = clock;
    this.#used = used;
  }

  static async load(level: Level, clock: () => number): Promise<RequestTokens> {
    const stored = await level.iterator(keysWithPrefix(REQUEST_TOKENS)).all();
    const used = stored.map(
      ([key, value]) => [key.slice(REQUEST_TOKENS.length), value as UsedToken] as const,
    );
    return new RequestTokens(level, clock, new Map(used.sort(([, a], [, b]) => a.until - b.until)));
  }

  /**
   * Whether this transaction has been committed before. Throws IdempotentParameterMismatchException
   * if the token came with another request.
   */
  has(token: string | undefined, digest: string): boolean {
    const used = token === undefined ? undefined : this.#used.get(token);
    if (used === undefined || used.until <= this.#clock()) return false;
    if (used.digest !== digest)
      throw dynamoDBError(
        'IdempotentParameterMismatchException',
        'The client request token was used with a different request within the last 10 minutes',
      );
    return true;
  }

  /** How to store that a transaction with this token is committed; commit it with the transaction, then `add` it. */
  entry(token: string, digest: string): TokenEntry {
    return { token, digest, until: this.#clock() + VALID_MILLISECONDS };
  }

  /** Remembers a token whose transaction has been committed. */
  add({ token, ...used }: TokenEntry): void {
    this.#used.delete(token);
    this.#used.set(token, used);
  }

  /** Forgets the tokens whose time is over. */
  async removeExpired(): Promise<void> {
    const expired: string[] = [];
    for (const [token, { until }] of this.#used) {
      if (until > this.#clock()) break;
      expired.push(token);
      this.#used.delete(token);
    }
    await writeAtomically(
      this.#level,
      expired.map((token) => ({ type: 'del', key: REQUEST_TOKENS + token })),
    );
  }
}

/** The write that stores a token. */
export function tokenOperation({ token, ...used }: TokenEntry): BatchOperation {
  return { type: 'put', key: REQUEST_TOKENS + token, value: used };
}
