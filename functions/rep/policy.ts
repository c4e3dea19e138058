import * as z from 'zod/mini';
import { type CurrencyCode, currencyDecimals, isCurrencyCode } from '../invoices/currency.ts';
import { decimalProblem } from '../invoices/decimal.ts';
import { type MinorUnits, magnitude, parseMoney } from '../invoices/money.ts';

/** What a policy can allow or refuse. Viewing is always allowed: HubSpot itself decides who sees the deal. */
export const REP_ACTIONS = ['create', 'edit', 'issue', 'payment', 'void', 'delete'] as const;
export type RepAction = (typeof REP_ACTIONS)[number];

const PERSON_EXPECTED = 'an e-mail address, or a domain such as "@example.com"';
const UP_TO_EXPECTED = 'amounts by currency, such as {"EUR": "5000.00"}';

const rule = z.strictObject(
  {
    who: z._default(
      z.union(
        [
          z.literal('everyone'),
          z.array(z.string(PERSON_EXPECTED).check(z.regex(/^[^\s@]*@[^\s@]+$/, PERSON_EXPECTED))),
        ],
        `"everyone", or a list of ${PERSON_EXPECTED}`,
      ),
      'everyone',
    ),
    /** The largest invoice, by its total. A currency that isn't listed is not allowed: there is no rate to compare it by. */
    upTo: z.optional(
      z
        .record(z.string(), z.string(UP_TO_EXPECTED), UP_TO_EXPECTED)
        .check(z.refine((amounts) => Object.entries(amounts).every(isAmount), UP_TO_EXPECTED)),
    ),
  },
  'an object with who and upTo',
);

function isAmount([currency, amount]: [string, string]): boolean {
  return isCurrencyCode(currency) && decimalProblem(amount, currencyDecimals(currency)) === undefined;
}

/**
 * A portal's policy as it is configured: a rule for each action, and `default` for those without one. An action without any rule is
 * everyone's, for any amount.
 */
export const policyInput = z.strictObject({
  default: z.optional(rule),
  create: z.optional(rule),
  edit: z.optional(rule),
  issue: z.optional(rule),
  payment: z.optional(rule),
  void: z.optional(rule),
  delete: z.optional(rule),
});

export type Policy = z.infer<typeof policyInput>;
type Rule = z.infer<typeof rule>;

const EVERYONE: Rule = { who: 'everyone' };
const NOBODY: Policy = { default: { who: [] } };

/** Reads the policy of a portal's settings. What can't be read allows nobody anything: a slip of the pen must not open the books. */
export function readPolicy(stored: unknown): Policy {
  if (stored === undefined) return {};
  const parsed = policyInput.safeParse(stored);
  return parsed.success ? parsed.data : NOBODY;
}

/** The total of the invoice that is acted on, in minor units. */
export interface Amount {
  total: MinorUnits;
  currency: CurrencyCode;
}

/**
 * The one place that says who may do what. Without an amount it answers whether the action could be allowed at all, as for a form that
 * is still empty.
 */
export function mayDo(
  policy: Policy,
  email: string | undefined,
  action: RepAction,
  amount?: Amount,
): boolean {
  const { who, upTo } = policy[action] ?? policy.default ?? EVERYONE;
  if (who !== 'everyone' && !isListed(who, email)) return false;
  if (!amount || !upTo) return true;
  const limit = upTo[amount.currency];
  return limit !== undefined && magnitude(amount.total) <= parseMoney(limit, amount.currency);
}

function isListed(who: readonly string[], email: string | undefined): boolean {
  if (email === undefined) return false;
  const address = email.toLowerCase();
  return who.some((entry) => {
    const listed = entry.toLowerCase();
    return listed.startsWith('@') ? address.endsWith(listed) : address === listed;
  });
}
