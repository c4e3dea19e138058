import { signClaims } from '../rep/signed-claims.ts';
import type { Ticket } from '../rep/ticket.ts';
import { verifyClaims } from '../rep/verify-claims.ts';

/** How long a rendered form may be submitted; the page's script renews it while somebody is writing. */
export const FORM_LIFETIME_MS = 15 * 60_000;

const AUDIENCE = 'ledgerbridge-form';

/** The command key of a rendered form, and whether its time is over. */
export interface FormKey {
  key: string;
  isLate: boolean;
}

/** Signs a form's command key, for this user and page only. `now` is epoch milliseconds. */
export const mintFormToken = (signingKey: string, ticket: Ticket, key: string, now: number): string =>
  signClaims(signingKey, {
    aud: AUDIENCE,
    exp: Math.floor((now + FORM_LIFETIME_MS) / 1000),
    key,
    form: formOf(ticket),
  });

/**
 * Reads the token that a form brings along; undefined where it was not rendered for this user and page. A late one is read as well: its key
 * may have been used in time, and then its first answer is still the answer.
 */
export async function readFormToken(
  keys: readonly string[],
  token: string,
  ticket: Ticket,
  now: number,
): Promise<FormKey | undefined> {
  const verdict = await verifyClaims(keys, token, AUDIENCE, LONG_AGO);
  if (!verdict.ok) return undefined;
  const { key, form, exp } = verdict.claims;
  if (typeof key !== 'string' || form !== formOf(ticket) || exp === undefined) return undefined;
  return { key, isLate: exp * 1000 <= now };
}

/** A moment at which no token has ended yet, in epoch milliseconds. */
export const LONG_AGO = 0;

const formOf = ({ rep, subject }: Ticket): string =>
  [rep.portalId, rep.userId, subject.page, subject.dealId, subject.invoiceId ?? ''].join('/');
