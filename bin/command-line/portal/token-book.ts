import { createHash } from 'node:crypto';
import { parseLedgerTokens } from '../../../functions/http/bearer-token.ts';
import type { PortalId } from '../../../functions/invoices/identifiers.ts';
import { ToolFailure } from '../run-tool.ts';

/** Which tokens let which portal's accounting system in: the SHA-256 (hex) of each, as Secrets Manager keeps them. */
export type TokenBook = ReadonlyMap<string, PortalId>;

/** Reads the secret. Throws a ToolFailure where it is not as expected: it is never overwritten then. */
export function readTokenBook(secret: string): TokenBook {
  try {
    return new Map(parseLedgerTokens(secret).map(({ hash, portalId }) => [hash.toString('hex'), portalId]));
  } catch {
    throw new ToolFailure(
      'The secret of the ledger tokens is not as expected (a JSON object of SHA-256 to portal id), and was left alone.',
    );
  }
}

/** The secret's text. */
export const writeTokenBook = (book: TokenBook): string => JSON.stringify(Object.fromEntries(book));

/** The book with the portal's new token in it; `replace` takes its older ones away. */
export function withToken(book: TokenBook, portalId: PortalId, token: string, replace: boolean): TokenBook {
  const kept = [...book].filter(([, owner]) => !(replace && owner === portalId));
  return new Map([...kept, [hashOf(token), portalId]]);
}

/** The hash under which the book has a token. */
export const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/** As much of a hash as is shown, and asked for: too little to be of use to anybody else. */
export const SHOWN_DIGITS = 12;
const FEWEST_DIGITS = 8;

/** The book without the one token of the portal whose hash begins so. Throws a ToolFailure where that isn't exactly one. */
export function withoutToken(book: TokenBook, portalId: PortalId, hashPrefix: string): TokenBook {
  const matching = [...book].filter(([hash, owner]) => owner === portalId && hash.startsWith(hashPrefix));
  if (matching.length !== 1) {
    const found = matching.length === 0 ? 'no token' : `${matching.length} tokens`;
    throw new ToolFailure(
      `Portal ${portalId} has ${found} whose hash begins with ${hashPrefix}. "tokens" lists them.`,
    );
  }
  return new Map([...book].filter(([hash]) => hash !== matching[0]?.[0]));
}

/** Whether this is enough of a hash to name a token by. */
export const isHashPrefix = (text: string): boolean =>
  new RegExp(`^[0-9a-f]{${FEWEST_DIGITS},64}$`).test(text);

/** Portals with their tokens' hash prefixes, one line a portal. */
export function describeTokens(book: TokenBook): string[] {
  const byPortal = Map.groupBy(book, ([, portalId]) => portalId);
  return [...byPortal]
    .sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
    .map(([portalId, tokens]) => {
      const hashes = tokens.map(([hash]) => hash.slice(0, SHOWN_DIGITS));
      return `Portal ${portalId}: ${hashes.length} ${hashes.length === 1 ? 'token' : 'tokens'}, ${hashes.join(', ')}`;
    });
}
